import { button, type LiveControl, type LiveGroup, type ProviderPanel, providerPanel, toggle } from '../panel.ts'
import type { MetaAccount, MetaPerson, MetaSwitches, World } from './world.ts'

/** What the side panel offers, in the words of people who do marketing. */
export function metaPanel(world: World): ProviderPanel {
  const groups: readonly LiveGroup[] = [
    ...world.people.map((person, place) => personGroup(world, person, `person${place + 1}`)),
    {
      title: 'Ad accounts',
      note: 'What happens to one ad account.',
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
    title: name,
    note: person.username,
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
    one('errorsUnder200', 'Hide errors in good answers', 'Errors come as if all were well.', 'Errors come as errors again.'),
  ]
}
