import type { Leaver } from '../domain/warnings/warning.ts'
import { DETAILS_ACTION, REAUTHORIZE_ACTION, writeReauthorizeValue } from './action-ids.ts'
import { actions, button, context, header, type Rendered, section } from './blocks.ts'
import type { Look } from './look.ts'
import { code, escapeMrkdwn, plain } from './mrkdwn.ts'
import { named } from './named.ts'
import { list, plural } from './words.ts'

const LINES = 8
const LONGEST_NAME = 60

/** Somebody on whom connections depend is deactivated in Slack: yellow, since everything still works. Mentions nobody. */
export function leaverCard(leaver: Leaver, look: Look): Rendered {
  return leaver.ended === null ? openCard(leaver, look) : endedCard(leaver)
}

function openCard(leaver: Leaver, look: Look): Rendered {
  const { connections, others } = leaver
  const who = escapeMrkdwn(leaver.person, LONGEST_NAME)
  const count = connections.length + others
  const depends = count === 1 ? 'depends' : 'depend'
  const what = `${plural(count, 'connection')} ${depends} on ${who}, who is deactivated in Slack`
  const shown = connections.slice(0, LINES)
  const more = count - shown.length
  const ofLogins = connections.filter(({ loggedIn }) => loggedIn)
  const effect = effectOf(leaver)
  const steps = stepsOf(leaver, look)
  const [login] = ofLogins
  return {
    text: [
      `🟡 ${what}: ${list([...shown.map(({ name }) => escapeMrkdwn(name, 30)), ...(more > 0 ? [`${more} more`] : [])])}.`,
      effect,
      ...steps,
    ]
      .filter(Boolean)
      .join(' ')
      .replaceAll('*', '')
      .replaceAll('`', ''),
    blocks: [
      header(`🟡 ${plural(count, 'connection')} ${depends} on somebody who left`),
      section(`:large_yellow_circle: *${who}* is deactivated in Slack.`),
      section(
        ...shown.map((one) => `• ${escapeMrkdwn(one.provider)}: ${named(one)}: ${needOf(one)}`),
        more > 0 ? `… and ${more} more` : '',
      ),
      section('*What may happen*', effect),
      section('*What to do*', ...steps.map((step) => `• ${step}`)),
      ...(login === undefined
        ? []
        : [
            actions(
              button('Log in as somebody else', REAUTHORIZE_ACTION, {
                value: writeReauthorizeValue({ outageId: null, connectionName: login.name }),
                accessibility_label: plain(`Log in to ${login.name} as somebody else`, 75),
              }),
              button('Details', DETAILS_ACTION, { value: login.id }),
            ),
          ]),
      context('This card changes by itself when nothing depends on them any more.'),
    ],
  }
}

function needOf({ isOwner, isDeputy, loggedIn }: Leaver['connections'][number]): string {
  const theirs = [...(isOwner ? ['they own it'] : []), ...(isDeputy ? ['they are its deputy'] : [])]
  return list([...theirs, ...(loggedIn ? ['it uses their login'] : [])])
}

function effectOf({ connections }: Leaver): string {
  const ofLogins = connections.filter(({ loggedIn }) => loggedIn)
  const providers = [...new Set(ofLogins.map(({ provider }) => escapeMrkdwn(provider)))]
  const ask = connections.some(({ isOwner, isDeputy }) => isOwner || isDeputy) ? 'Cards that ask them reach nobody.' : ''
  if (providers.length === 0) return ask
  const when = `When they lose their ${providers.length === 1 ? 'user' : 'users'} at ${list(providers)} as well`
  const what = ofLogins.length === 1 ? 'the login dies and the connection stops' : 'their logins die and the connections stop'
  return [`${when}, ${what}.`, ask].filter(Boolean).join(' ')
}

function stepsOf({ connections }: Leaver, { command }: Look): string[] {
  const login = connections.find(({ loggedIn }) => loggedIn)
  const owned = connections.find(({ isOwner, isDeputy }) => isOwner || isDeputy)
  return [
    ...(login === undefined
      ? []
      : [
          `Somebody else logs in: ${code(`${command} reauthorize ${login.name}`)}. An integration user is best, which stays when people leave.`,
        ]),
    ...(owned === undefined ? [] : [`Name another owner or deputy: ${code(`${command} settings ${owned.name}`)}.`]),
  ]
}

function endedCard({ person, ended }: Leaver): Rendered {
  const who = escapeMrkdwn(person, LONGEST_NAME)
  const [headline, says] =
    ended === 'back'
      ? ['Somebody who had left is back', `*${who}* is active in Slack again. Nothing has to be done.`]
      : ['Nothing depends on somebody who left any more', `Others own what depended on *${who}*, and have logged in.`]
  return { text: `✅ ${headline}: ${says.replaceAll('*', '')}`, blocks: [header(`✅ ${headline}`), section(says)] }
}
