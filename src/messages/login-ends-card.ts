import type { CardFacts } from '../domain/cards/card.ts'
import { isLoud } from '../domain/warnings/steps.ts'
import type { LoginEnds } from '../domain/warnings/warning.ts'
import { DETAILS_ACTION, REAUTHORIZE_ACTION, writeReauthorizeValue } from './action-ids.ts'
import { actions, button, fields, header, type Rendered, section } from './blocks.ts'
import { date, escapeMrkdwn, mention, personOr } from './mrkdwn.ts'
import { names, plainNames } from './named.ts'
import { plural } from './words.ts'

/** A login ends on a known day: whoever renews it before saves an outage. A yellow key, since everything works. */
export function loginEndsCard(facts: CardFacts, ends: LoginEnds, closedAt: Date | null): Rendered {
  return closedAt === null ? openCard(facts, ends) : closedCard(facts, ends, closedAt)
}

function openCard(facts: CardFacts, ends: LoginEnds): Rendered {
  const { connection, providerLabel: label, reauthorizeUrl } = facts
  const at = new Date(ends.endsAt)
  const left = ends.daysLeft === 0 ? 'today' : `in ${plural(ends.daysLeft, 'day')}`
  const whom = isLoud(ends.step) ? mention(connection.ownerId) : ''
  const why = facts.endsBecause ?? `${label} says so.`
  return {
    text: `🟡 ${whom} The ${label} login of ${plainNames(ends.connections)} ends ${left}, ${date(at)}. Press Renew and log in again before, so that nothing stops.`.replace(
      /\s+/g,
      ' ',
    ),
    blocks: [
      header(`🟡🔑 ${label}: a login ends ${left}`),
      section(
        `:large_yellow_circle: :key: Everything works. The login ends ${left}: *${date(at)}*.`,
        whom === '' ? '' : `${whom}, please renew it before.`,
      ),
      fields([
        ['Logged in as', escapeMrkdwn(ends.username) || 'unknown'],
        [ends.connections.length === 1 ? 'Connection' : `${ends.connections.length} connections`, names(ends.connections)],
      ]),
      section(`*Why*\n${why}`),
      actions(
        button('Renew', REAUTHORIZE_ACTION, {
          style: 'primary',
          value: writeReauthorizeValue({ outageId: null, connectionName: ends.connections[0]?.name ?? connection.name }),
          accessibility_label: `Renew: opens the ${label} login`,
          ...(reauthorizeUrl === null ? {} : { url: reauthorizeUrl }),
        }),
        button('Details', DETAILS_ACTION, { value: connection.id }),
      ),
    ],
  }
}

function closedCard({ connection, providerLabel: label }: CardFacts, ends: LoginEnds, closedAt: Date): Rendered {
  const details = actions(button('Details', DETAILS_ACTION, { value: connection.id }))
  const { ended } = ends
  if (ended?.how === 'over') {
    const text = `The ${label} login of ${names(ends.connections)} has ended. If it is needed, a red card asks for a new one.`
    return {
      text: `⌛ ${text.replaceAll('*', '')}`,
      blocks: [header(`⌛ ${label}: the login has ended`), section(text), details],
    }
  }
  const by = ended?.by ? `${personOr(ended.by, '')} ` : ''
  const as = ended?.username ? ` as ${escapeMrkdwn(ended.username)}` : ''
  const text = `${names(ends.connections)}: renewed ${by && `by ${by}`}${date(closedAt)}${as}.`
  return {
    text: `✅ The ${label} login was renewed: ${text.replaceAll('*', '')}`,
    blocks: [header(`✅ ${label}: the login was renewed`), section(text), details],
  }
}
