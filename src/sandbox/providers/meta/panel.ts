import { adControls } from '../ads/ad-controls.ts'
import { button, type LiveControl, type LiveGroup, type ProviderPanel, providerPanel, toggle } from '../panel.ts'
import type { MetaAccount } from './ad-accounts.ts'
import type { MetaPerson, MetaSwitches, World } from './world.ts'

/** What the side panel offers, in the words of people who do marketing. */
export function metaPanel(world: World): ProviderPanel {
  const groups: readonly LiveGroup[] = [
    ...world.people.map((person, place) => personGroup(world, person, `person${place + 1}`)),
    ...world.accounts.map((account, place) => adsGroup(world, account, `ads${place + 1}`)),
    {
      title: 'Who gets in',
      note: 'Takes an ad account or a right to it away.',
      controls: world.accounts.flatMap((account, place) => accountControls(world, account, `account${place + 1}`)),
    },
    { title: 'Meta itself', note: 'These hit everybody at once.', controls: appControls(world) },
  ]
  return providerPanel('Meta', groups)
}

function personGroup(world: World, person: MetaPerson, prefix: string): LiveGroup {
  const name = person.displayName
  const checked = (check: NonNullable<MetaPerson['check']>, label: string, said: string) =>
    toggle(
      `${prefix}-${check}`,
      label,
      'danger',
      () => person.check === check,
      () => {
        person.check = person.check === check ? null : check
        return person.check ? `${name} ${said}.` : `Facebook lets ${name} in again.`
      },
    )
  return {
    title: `${name}: login`,
    note: `Ends the login of ${person.username}.`,
    controls: [
      button(`${prefix}-remove-app`, 'Remove the app', 'danger', () => {
        world.kill(person, 'appRemoved')
        return `${name} has removed the app in Facebook's settings.`
      }),
      button(`${prefix}-password`, 'Change the password', 'danger', () => {
        world.kill(person, 'passwordChanged')
        return `${name} has a new password, so all logins have ended.`
      }),
      button(`${prefix}-log-out`, 'Log out everywhere', 'danger', () => {
        world.kill(person, 'loggedOut')
        return `${name} has logged out everywhere.`
      }),
      button(`${prefix}-expire`, 'Let 60 days pass', 'danger', () => {
        world.expireTokens(person)
        return `The logins of ${name} have expired.`
      }),
      button(`${prefix}-data-access`, 'End the 90 days of data access', 'danger', () => {
        world.endDataAccess(person)
        return `The app may not read data of ${name} any more, though the login is still valid.`
      }),
      checked('checkpoint', 'Stop at a security check', 'has to pass a security check first'),
      checked('unconfirmed', 'Ask to confirm the account', 'has to confirm the account first'),
    ],
  }
}

function accountControls(world: World, account: MetaAccount, prefix: string): LiveControl[] {
  const roles = world.people.map((person, place) =>
    toggle(
      `${prefix}-role${place + 1}`,
      `${account.name}: take ${person.displayName}'s access`,
      'danger',
      () => !account.people.has(person.id),
      () => {
        const has = account.people.delete(person.id)
        if (!has) account.people.add(person.id)
        return `${person.displayName} has ${has ? 'no access' : 'access'} to ${account.name}${has ? ' any more' : ''}.`
      },
    ),
  )
  const status = (id: string, label: string, code: number, said: string) =>
    toggle(
      `${prefix}-${id}`,
      `${account.name}: ${label}`,
      'normal',
      () => account.status === code,
      () => {
        account.status = account.status === code ? 1 : code
        return `${account.name} is ${account.status === code ? said : 'active again'}.`
      },
    )
  return [...roles, status('disable', 'disable', 2, 'disabled by Meta'), status('unpaid', 'payment is due', 3, 'unpaid')]
}

/** At Meta only ads have URL parameters, so campaigns can't be given any. */
function adsGroup(world: World, account: MetaAccount, prefix: string): LiveGroup {
  const looks = world.people.map((person, place) =>
    toggle(
      `${prefix}-looks${place + 1}`,
      `Let ${person.displayName} only look`,
      'danger',
      () => account.viewers.has(person.id),
      () => {
        const looked = account.viewers.delete(person.id)
        if (!looked) account.viewers.add(person.id)
        return `${person.displayName} may ${looked ? 'change the ads of' : 'only look at'} ${account.name}.`
      },
    ),
  )
  const reviews = toggle(
    `${prefix}-review`,
    'Review new ads first',
    'normal',
    () => account.reviewsNewAds,
    () => {
      account.reviewsNewAds = !account.reviewsNewAds
      return account.reviewsNewAds ? 'New ads are reviewed for ten minutes.' : 'New ads are shown at once.'
    },
  )
  const creates = adControls(account.library, account.name, prefix).filter(({ isOn }) => isOn === undefined)
  return {
    title: `${account.name}: ads and costs`,
    note: 'What people do there while Redkey watches.',
    controls: [...creates, reviews, ...looks],
  }
}

function appControls({ switches }: World): LiveControl[] {
  const one = (key: keyof MetaSwitches, label: string, on: string, off: string) =>
    toggle(
      `app-${key}`,
      label,
      'normal',
      () => switches[key],
      () => {
        switches[key] = !switches[key]
        return switches[key] ? on : off
      },
    )
  return [
    one('down', 'Take Meta down', 'Meta answers with an error page.', 'Meta is up again.'),
    one('serviceDown', 'Answer with passing trouble', 'Meta says it has trouble.', 'Meta works again.'),
    one('tooManyCalls', 'Slow down', 'Meta takes no more calls for seven minutes.', 'Meta takes calls again.'),
    one('oldVersion', 'Retire the API version', 'Meta has retired the API version.', 'Meta takes the API version again.'),
    one('blocked', 'Block for its policies', 'Meta has blocked the app for now.', 'Meta has lifted the block.'),
    one('noCapability', 'Take the capability', 'The app has lost its access to ads.', 'The app has its access to ads again.'),
    one('deactivated', 'Switch off the API', 'Meta has switched off the API for the app.', 'The API is on again.'),
    one('reportsFail', 'Fail reports of costs', 'Reports of costs fail.', 'Reports of costs are made again.'),
    one('tooMuchData', 'Refuse large questions', 'Meta answers small questions only.', 'Meta answers large questions again.'),
    one('errorsUnder200', 'Hide errors in good answers', 'Errors come as if all were well.', 'Errors come as errors again.'),
  ]
}
