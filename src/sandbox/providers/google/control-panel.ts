import { adControls } from '../ads/ad-controls.ts'
import { button, type LiveControl, type LiveGroup, type ProviderPanel, providerPanel, toggle } from '../panel.ts'
import { cm360AccountGroups } from './cm360-panel.ts'
import type { GoogleControls } from './controls.ts'
import { ADS_FAULTS, CM_FAULTS, type Fault, LOGIN_FAULTS } from './faults.ts'
import type { GoogleWorld } from './world.ts'

/** Google accounts and Google Ads. */
export function adsPanel(world: GoogleWorld, controls: GoogleControls, tell: Tell): ProviderPanel {
  return panel([
    ...world.people.map(({ name, email, company }, place) => ({
      title: `${name}: login`,
      note: `Ends the login of ${email}, ${company}, also to Campaign Manager 360.`,
      controls: personControls(controls, tell, email, name, `person${place + 1}`),
    })),
    ...campaignGroups(world),
    { title: 'Who gets in', note: 'Takes an ads account away.', controls: accountControls(world, controls) },
    {
      title: 'Answers of the API',
      note: 'What Google Ads says instead of data, one thing at a time.',
      controls: [
        ...choices('ads', ADS_FAULTS, 'Google Ads', {
          get: () => world.switches.adsFault,
          set: (answer) => {
            world.switches.adsFault = answer
          },
        }),
        toggle(
          'ads-quota',
          'Use up the operations of the day',
          'normal',
          () => world.switches.dailyOperations === 0,
          () => {
            const isUsedUp = world.switches.dailyOperations > 0
            world.switches.dailyOperations = isUsedUp ? 0 : DAILY_OPERATIONS
            return isUsedUp ? 'Google Ads takes no more calls today.' : 'Google Ads takes calls again.'
          },
        ),
      ],
    },
    { title: 'The Redkey app', note: 'These hit every Google login at once.', controls: appControls(world, controls) },
  ])
}

/** One group for each account that has ads. */
function campaignGroups({ customers, adsAccounts }: GoogleWorld): LiveGroup[] {
  return customers.flatMap(({ id, name, isManager }) => {
    const account = adsAccounts.get(id)
    if (isManager || !account) return []
    return [
      {
        title: `${name}: ads and costs`,
        note: 'What people do there while Redkey watches.',
        controls: adControls(account.library, name, `account-${id}`),
      },
    ]
  })
}

export function cm360Panel(world: GoogleWorld): ProviderPanel {
  return panel([
    ...cm360AccountGroups(world),
    {
      title: 'Answers of the API',
      note: 'What Campaign Manager 360 says instead of data, one thing at a time.',
      controls: choices('cm', CM_FAULTS, 'Campaign Manager 360', {
        get: () => world.switches.cm360Fault,
        set: (answer) => {
          world.switches.cm360Fault = answer
        },
      }),
    },
  ])
}

/** Explorer access: developers.google.com/google-ads/api/docs/api-policy/developer-token (2026-11). */
export const DAILY_OPERATIONS = 2_880

function panel(groups: readonly LiveGroup[]): ProviderPanel {
  return providerPanel('Google', groups)
}

type Tell = (email: string, event: 'tokens-revoked') => Promise<unknown>

function personControls(controls: GoogleControls, tell: Tell, email: string, name: string, prefix: string): LiveControl[] {
  return [
    button(`${prefix}-revoke`, 'Take the access of Redkey back', 'danger', () => {
      const count = controls.revoke(email)
      return count === 0 ? `${name} had given Redkey no access.` : `${name} took the access of Redkey back.`
    }),
    button(`${prefix}-tell`, 'Have Google tell Redkey that the access ended', 'normal', () => {
      tell(email, 'tokens-revoked').catch(() => undefined) // an app that is down hears nothing, as in life
      return `Google told Redkey that ${name} took the access back.`
    }),
    button(`${prefix}-expire`, 'End the short access', 'normal', () => {
      controls.expireAccessTokens(email)
      return `The short access of ${name} ended; a refresh gets a new one.`
    }),
    toggle(
      `${prefix}-deleted`,
      'Delete the Google account',
      'danger',
      () => !controls.person(email).isActive,
      () => {
        const isActive = !controls.person(email).isActive
        controls.setActive(email, isActive)
        return `The Google account of ${name} was ${isActive ? 'restored' : 'deleted'}.`
      },
    ),
  ]
}

function appControls(world: GoogleWorld, controls: GoogleControls): LiveControl[] {
  const { switches } = world
  const original = world.clientSecret
  const flag = (id: string, label: string, key: 'loginDown' | 'isTesting' | 'isInternal' | 'apisDown', on: string, off: string) =>
    toggle(
      `app-${id}`,
      label,
      'normal',
      () => switches[key],
      () => {
        switches[key] = !switches[key]
        return switches[key] ? on : off
      },
    )
  return [
    ...choices('login', LOGIN_FAULTS, 'Google', {
      get: () => switches.tokenFault,
      set: (answer) => {
        switches.tokenFault = answer
      },
    }),
    toggle(
      'app-secret',
      "Change the app's secret",
      'danger',
      () => world.clientSecret !== original,
      () => {
        const isChanged = world.clientSecret === original
        controls.rotateClientSecret(isChanged ? undefined : original)
        return isChanged
          ? 'The secret of the app was changed; Redkey still has the old one.'
          : 'The app has its old secret again.'
      },
    ),
    flag(
      'testing',
      'Publish the app as "Testing"',
      'isTesting',
      'Logins end after seven days now.',
      'Logins have no known end again.',
    ),
    flag(
      'internal',
      'Let in people of another company only',
      'isInternal',
      'Nobody here may log in.',
      'Everybody may log in again.',
    ),
    flag('login-down', 'Take the login server down', 'loginDown', 'The login server is down.', 'The login server is up again.'),
    flag('apis-down', 'Take the APIs down', 'apisDown', 'The APIs are down.', 'The APIs are up again.'),
  ]
}

function accountControls(world: GoogleWorld, controls: GoogleControls): LiveControl[] {
  return world.customers
    .filter(({ isManager }) => !isManager)
    .flatMap(({ id, name }) => [
      toggle(
        `account-${id}-cancelled`,
        `Cancel ${name}`,
        'danger',
        () => controls.customer(id).status === 'CANCELED',
        () => {
          const isCancelled = controls.customer(id).status !== 'CANCELED'
          controls.customer(id).status = isCancelled ? 'CANCELED' : 'ENABLED'
          return `${name} was ${isCancelled ? 'cancelled' : 'reactivated'}.`
        },
      ),
      button(`account-${id}-access`, `Take everybody's access to ${name}`, 'danger', () => {
        controls.takeAccess(id)
        return `Nobody has access to ${name} any more, and no manager account manages it.`
      }),
    ])
}

interface Slot<T> {
  get(): T | null
  set(answer: T | null): void
}

/** Toggles of which one at most is on. */
function choices<T>(prefix: string, faults: readonly Fault<T>[], whose: string, slot: Slot<T>): LiveControl[] {
  return faults.map(({ id, label, answer }) =>
    toggle(
      `${prefix}-${id}`,
      label,
      'normal',
      () => slot.get() === answer,
      () => {
        slot.set(slot.get() === answer ? null : answer)
        return slot.get() === null ? `${whose} answers as usual again.` : `${whose} now does this: ${label.toLowerCase()}.`
      },
    ),
  )
}
