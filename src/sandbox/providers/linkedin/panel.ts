import { adControls } from '../ads/ad-controls.ts'
import { button, type LiveControl, type LiveGroup, type ProviderPanel, providerPanel, toggle } from '../panel.ts'
import type { LinkedInAccount, LinkedInPerson, World } from './world.ts'

/** What the side panel offers, in the words of people who do marketing. */
export function linkedInPanel(world: World): ProviderPanel {
  const groups: readonly LiveGroup[] = [
    ...world.people.map((person, place) => personGroup(world, person, `person${place + 1}`)),
    ...world.accounts.map(({ library, name }, place) => ({
      title: `${name}: ads and costs`,
      note: 'What people do there while Redkey watches.',
      controls: adControls(library, name, `account${place + 1}`),
    })),
    {
      title: 'Who gets in',
      note: 'Takes an ad account or a right to it away.',
      controls: world.accounts.flatMap((account, place) => accountControls(world, account, `account${place + 1}`)),
    },
    { title: 'LinkedIn itself', note: 'These hit everybody at once.', controls: appControls(world) },
  ]
  return providerPanel('LinkedIn', groups)
}

function personGroup(world: World, person: LinkedInPerson, prefix: string): LiveGroup {
  const name = person.displayName
  return {
    title: `${name}: login`,
    note: `Ends the login of ${person.username}.`,
    controls: [
      button(`${prefix}-revoke`, 'Take the access back', 'danger', () => {
        world.revoke(person)
        return `${name} has taken the access back in LinkedIn's settings.`
      }),
      button(`${prefix}-expire`, 'Let 60 days pass', 'normal', () => {
        world.expireAccessTokens(person)
        return `The access tokens of ${name} have expired; refresh tokens still work.`
      }),
    ],
  }
}

function accountControls(world: World, account: LinkedInAccount, prefix: string): LiveControl[] {
  const before = new Map(account.roles)
  const roles = world.people.map((person, place) =>
    toggle(
      `${prefix}-role${place + 1}`,
      `${account.name}: take ${person.displayName}'s role`,
      'danger',
      () => !account.roles.has(person.id),
      () => {
        const had = account.roles.delete(person.id)
        if (!had) account.roles.set(person.id, before.get(person.id) ?? 'VIEWER')
        return `${person.displayName} has ${had ? 'no role' : 'a role'} in ${account.name}${had ? ' any more' : ''}.`
      },
    ),
  )
  const close = toggle(
    `${prefix}-close`,
    `${account.name}: close`,
    'normal',
    () => account.status === 'CANCELED',
    () => {
      account.status = account.status === 'CANCELED' ? 'ACTIVE' : 'CANCELED'
      return `${account.name} is ${account.status === 'ACTIVE' ? 'open again' : 'closed'}.`
    },
  )
  return [...roles, close]
}

function appControls({ switches }: World): LiveControl[] {
  const one = (key: Exclude<keyof typeof switches, 'falseAlarms' | 'pageCap'>, label: string, on: string, off: string) =>
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
    one('down', 'Take LinkedIn down', 'LinkedIn answers with an error page.', 'LinkedIn is up again.'),
    one('serverError', 'Answer with server errors', 'LinkedIn has trouble of its own.', 'LinkedIn works again.'),
    one('dayLimit', "Use up the day's calls", 'The calls of the day are used up.', 'LinkedIn takes calls again.'),
    one('oldVersion', 'Retire the API version', 'LinkedIn has retired the version.', 'LinkedIn takes the version again.'),
    one(
      'noProduct',
      'Take the Advertising API',
      'The app has lost the Advertising API.',
      'The app has the Advertising API again.',
    ),
    one('noPosts', 'Hide the posts that ads show', 'The app can no longer read posts.', 'The app can read posts again.'),
    one('scopeRefused', 'Refuse what the app asks for', 'New logins are refused.', 'New logins are let in again.'),
    one('refreshTokens', 'Give refresh tokens', 'New logins last a year.', 'New logins last 60 days only.'),
    button('app-false-alarm', 'Call the next login revoked by mistake', 'normal', () => {
      switches.falseAlarms += 1
      return 'The next call is refused as if the login were revoked, which it is not.'
    }),
  ]
}
