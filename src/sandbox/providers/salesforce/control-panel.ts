import { button, type LiveControl, type LiveGroup, type ProviderPanel, providerPanel, toggle, withPrefix } from '../panel.ts'
import type { App } from './app.ts'
import { orgGroups } from './org-controls.ts'

type RotateSecret = (options: { secret?: string; revokesTokens?: boolean }) => string

/** What the side panel offers, in the words of people who do marketing. */
export function salesforcePanel(app: App, rotateSecret: RotateSecret): ProviderPanel {
  const groups: readonly LiveGroup[] = [
    ...app.orgs.flatMap((org, place) => withPrefix(`org${place + 1}`, orgGroups(org))),
    { title: 'The Redkey app', note: 'These hit every org at once.', controls: appControls(app, rotateSecret) },
  ]
  return providerPanel('Salesforce', groups)
}

function appControls(app: App, rotateSecret: RotateSecret): LiveControl[] {
  const { switches } = app
  const original = app.clientSecret
  return [
    toggle(
      'app-secret',
      "Change the app's secret",
      'danger',
      () => app.clientSecret !== original,
      () => {
        const isChanged = app.clientSecret === original
        rotateSecret({ revokesTokens: false, ...(!isChanged && { secret: original }) })
        app.oauth.endSessions(() => true)
        return isChanged
          ? 'The secret of the app was changed; Redkey still has the old one.'
          : 'The app has its old secret again.'
      },
    ),
    toggle(
      'app-login-down',
      'Take the login server down',
      'normal',
      () => switches.loginDown,
      () => {
        switches.loginDown = !switches.loginDown
        return `The login server is ${switches.loginDown ? 'down' : 'up again'}.`
      },
    ),
    toggle(
      'app-login-limit',
      'Too many logins',
      'normal',
      () => switches.tooManyLogins,
      () => {
        switches.tooManyLogins = !switches.tooManyLogins
        return `Salesforce ${switches.tooManyLogins ? 'takes no more logins for now' : 'takes logins again'}.`
      },
    ),
    toggle(
      'app-rotation',
      'New refresh token at each use',
      'normal',
      () => switches.rotateRefreshTokens,
      () => {
        switches.rotateRefreshTokens = !switches.rotateRefreshTokens
        return switches.rotateRefreshTokens
          ? 'Each refresh gives a new refresh token now.'
          : 'Refresh tokens stay the same again.'
      },
    ),
    button('app-race', 'Refuse the next refresh as a double', 'normal', () => {
      switches.concurrentRefreshes += 1
      for (const org of app.orgs) org.expireAccessTokens()
      return 'All sessions ended, and the next refresh is refused because another one seems to be under way.'
    }),
  ]
}
