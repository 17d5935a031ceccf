import { button, type LiveControl, toggle } from '../panel.ts'
import type { EntraRefusalName } from './answers.ts'
import type { EntraApp } from './directory.ts'
import type { FakeEntra } from './fake-entra.ts'

/** What may happen to one person's login, for the panel of whichever provider this app is of. */
export function loginControls(entra: FakeEntra, { clientId }: EntraApp, username: string): readonly LiveControl[] {
  const person = entra.person(username)
  const name = person.displayName
  const end = (id: string, label: string, because: EntraRefusalName, told: string) =>
    button(`${username}-${id}`, label, 'danger', () => {
      entra.endLogins(because, { username, clientId })
      return told
    })
  const block = (id: string, label: string, by: EntraRefusalName, [on, off]: readonly [string, string]) =>
    toggle(
      `${username}-${id}`,
      label,
      'danger',
      () => person.blockedBy === by,
      () => {
        person.blockedBy = person.blockedBy === by ? null : by
        entra.expireAccessTokens({ username })
        return person.blockedBy === by ? on : off
      },
    )
  return [
    end('revoke', `End all sessions of ${name}`, 'revoked', `An administrator has ended all sessions of ${name}.`),
    end('idle', `Let the login of ${name} expire`, 'inactive', `Nobody used the login of ${name} for 90 days, so it is over.`),
    end('mfa', `Ask ${name} for verification`, 'mfa', `The organization wants ${name} to log in again with verification.`),
    end(
      'frequency',
      `Let the sign-in frequency pass for ${name}`,
      'signInFrequency',
      `${name} has to log in again, as the organization wants it from time to time.`,
    ),
    end('password', `Let the password of ${name} expire`, 'passwordExpired', `The password of ${name} has expired.`),
    end('consent', `Take back what ${name} allowed`, 'consent', `${name} has taken back the permission of the app.`),
    block('disabled', `Disable ${name}`, 'disabled', [`${name} is disabled.`, `${name} is enabled again.`]),
    block('policy', `Block ${name} by policy`, 'conditionalAccess', [
      `A Conditional Access policy blocks ${name}.`,
      `No policy blocks ${name} any more.`,
    ]),
    block('unassigned', `Take the app away from ${name}`, 'notAssigned', [
      `${name} is not assigned to the app any more.`,
      `${name} is assigned to the app again.`,
    ]),
    button(`${username}-stale`, `End the access token of ${name}`, 'normal', () => {
      entra.expireAccessTokens({ username, clientId })
      return `The access token of ${name} has ended; refreshing gives a new one.`
    }),
  ]
}

/** What may be wrong with the app registration and with the login server. */
export function appControls(entra: FakeEntra, app: EntraApp): readonly LiveControl[] {
  const { switches } = entra
  const refuse = (id: string, label: string, by: EntraRefusalName, [on, off]: readonly [string, string]) =>
    toggle(
      id,
      label,
      'danger',
      () => app.refusedWith === by,
      () => {
        app.refusedWith = app.refusedWith === by ? null : by
        entra.expireAccessTokens({ clientId: app.clientId })
        return app.refusedWith === by ? on : off
      },
    )
  const flip = (id: string, label: string, which: keyof typeof switches, [on, off]: readonly [string, string]) =>
    toggle(
      id,
      label,
      'normal',
      () => switches[which],
      () => {
        switches[which] = !switches[which]
        if (switches[which]) entra.expireAccessTokens({ clientId: app.clientId })
        return switches[which] ? on : off
      },
    )
  return [
    refuse('app-secret', "Let the app's secret expire", 'secretExpired', [
      'The client secret has expired.',
      'The client secret is good again.',
    ]),
    refuse('app-removed', 'Remove the app from the organization', 'unknownApp', [
      'The organization does not know the app any more.',
      'The organization knows the app again.',
    ]),
    refuse('app-disabled', 'Switch the app off', 'appDisabled', [
      'An administrator has switched the app off.',
      'The app is on again.',
    ]),
    flip('login-down', 'Take the login server down', 'down', ['The login server is down.', 'The login server is up again.']),
    flip('login-trouble', 'Trouble at the login server', 'transient', [
      'The login server has trouble.',
      'The login server is fine again.',
    ]),
    flip('login-throttled', 'Too many logins', 'throttled', [
      'Microsoft takes no more logins for now.',
      'Microsoft takes logins again.',
    ]),
  ]
}
