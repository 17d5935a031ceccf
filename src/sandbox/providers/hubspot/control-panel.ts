import { button, type LiveControl, type LiveGroup, type ProviderPanel, providerPanel, toggle, withPrefix } from '../panel.ts'
import type { App } from './app.ts'
import type { FakePortal } from './portal.ts'

/** What the side panel offers, in the words of people who do marketing. */
export function hubspotPanel(app: App, rotateSecret: (secret?: string) => string): ProviderPanel {
  const groups = [
    ...app.portals.flatMap((portal, place) => withPrefix(`account${place + 1}`, portalGroups(portal))),
    { title: 'The Redkey app', note: 'These hit every account at once.', controls: appControls(app, rotateSecret) },
  ]
  return providerPanel('HubSpot', groups)
}

function portalGroups(portal: FakePortal): readonly LiveGroup[] {
  const { domain, switches } = portal
  type Switch = Exclude<
    keyof typeof switches,
    'errorsUnder200' | 'strayErrors' | 'tellsDailyLimit' | 'hidesDetails' | 'mayNotDefine' | 'objectsUsedUp'
  >

  function flip(name: Switch, label: string, tone: 'danger' | 'normal', on: string, off: string): LiveControl {
    return toggle(
      name,
      label,
      tone,
      () => switches[name],
      () => {
        switches[name] = !switches[name]
        return `${domain}: ${switches[name] ? on : off}.`
      },
    )
  }

  let isRejecting = false
  const login = [
    button('uninstall', 'Uninstall the app', 'danger', () => {
      const whose = portal.uninstall()
      if (whose.length === 0) return `${domain}: nobody had connected Redkey, so nothing was uninstalled.`
      return `${domain}: an admin uninstalled Redkey, which ${whose.join(' and ')} had connected.`
    }),
    button('expire', 'End the short access', 'normal', () => {
      const ended = portal.expireAccessTokens()
      return ended === 0
        ? `${domain}: there was no open access.`
        : `${domain}: the access ended; Redkey gets a new one by itself.`
    }),
    flip(
      'userMayNot',
      'Take the right from the user',
      'danger',
      'the user who connected Redkey lost the right to it',
      'the user has the right again',
    ),
  ]
  const service = [
    flip('down', 'Take the CRM down', 'danger', 'HubSpot is down', 'HubSpot is up again'),
    flip('serverError', 'Answer with server errors', 'normal', 'every call fails', 'calls are answered again'),
    flip(
      'firewall',
      'Answer with a firewall page',
      'normal',
      'a firewall answers every call',
      'the firewall lets calls pass again',
    ),
    flip('tooManyCalls', 'Too many calls', 'normal', 'HubSpot asks to slow down', 'HubSpot takes calls again'),
    flip('dayUsedUp', 'Use up the calls of the day', 'normal', 'no calls are left for today', 'calls are left again'),
    flip('migrating', 'Move the account', 'normal', 'the account moves to another data center', 'the account has moved'),
  ]
  const records = [
    toggle(
      'reject',
      'Reject some touchpoints',
      'normal',
      () => isRejecting,
      () => {
        isRejecting = !isRejecting
        portal.setRecordFault('rejected', isRejecting ? (id) => /[05]$/.test(id) : null)
        return `${domain}: ${isRejecting ? 'touchpoints whose id ends in 0 or 5 are rejected' : 'no touchpoints are rejected any more'}.`
      },
    ),
    flip('locked', 'Lock the records', 'normal', 'records are locked', 'records can be written again'),
    flip(
      'noCustomObjects',
      'Downgrade the plan',
      'danger',
      'the plan has no custom objects any more',
      'the plan has custom objects again',
    ),
    toggle(
      'object',
      'Delete the touchpoint object',
      'danger',
      () => portal.find('p_redkey_touchpoint') === null,
      () => {
        const isThere = portal.find('p_redkey_touchpoint') !== null
        if (isThere) portal.removeObject('redkey_touchpoint')
        else portal.restoreObjects()
        return `${domain}: the touchpoint object was ${isThere ? 'deleted' : 'restored'}.`
      },
    ),
    toggle(
      'property',
      'Archive the property "medium"',
      'normal',
      () => portal.find('p_redkey_touchpoint')?.properties.every(({ name }) => name !== 'medium') ?? false,
      () => {
        const isThere = portal.find('p_redkey_touchpoint')?.properties.some(({ name }) => name === 'medium') ?? false
        if (isThere) portal.archiveProperty('medium')
        else portal.restoreProperties()
        return `${domain}: the property "medium" was ${isThere ? 'archived' : 'restored'}.`
      },
    ),
  ]
  const kind = portal.accountType === 'STANDARD' ? 'the production account' : 'a sandbox account for tests'
  return [
    { title: `${domain}: login`, note: `Ends or refuses the login to ${kind}.`, controls: login },
    { title: `${domain}: service`, note: 'Outages and limits: no login mends them.', controls: service },
    { title: `${domain}: touchpoints`, note: 'What happens to those that Redkey pushes.', controls: records },
  ]
}

function appControls(app: App, rotateSecret: (secret?: string) => string): LiveControl[] {
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
        rotateSecret(isChanged ? undefined : original)
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
        return `HubSpot ${switches.tooManyLogins ? 'takes no more logins for now' : 'takes logins again'}.`
      },
    ),
  ]
}
