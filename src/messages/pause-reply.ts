import type { Paused } from '../domain/connections/pause-connection.ts'
import { RESUME_ACTION } from './action-ids.ts'
import { button, type Rendered, section, sectionWith } from './blocks.ts'
import { accountLine, accountText, statusLine, statusWords } from './connection-words.ts'
import type { Look } from './look.ts'
import { date, escapeMrkdwn, personOr } from './mrkdwn.ts'
import { refused } from './refused.ts'
import { plural } from './words.ts'

/** What became of `pause` or `resume`. */
export function pauseReply(paused: Paused, what: 'pause' | 'resume', look: Look): Rendered {
  switch (paused.kind) {
    case 'gone':
      return said('This connection does not exist any more.')
    case 'not_allowed':
      return refused(paused.reason)
    case 'busy':
      return said(`${accountLine(paused.connection)} changed at the same moment. Please try again.`)
    case 'already':
      return said(already(paused.connection, what))
    case 'paused':
      return pausedNow(paused)
    case 'resumed':
      return said(resumed(paused, look))
    default:
      return paused satisfies never
  }
}

function already(connection: Extract<Paused, { kind: 'already' }>['connection'], what: 'pause' | 'resume'): string {
  if (what === 'resume') return `${accountLine(connection)} is not paused: ${statusWords(connection)}.`
  const who = personOr(connection.pausedBy, 'somebody')
  return `${accountLine(connection)} is paused already, by ${who} ${date(connection.health.since)}.`
}

function pausedNow({ connection, waiting }: Extract<Paused, { kind: 'paused' }>): Rendered {
  const held =
    waiting === 0 ? 'What comes in is kept' : `What comes in is kept, beside ${plural(waiting, 'touchpoint')} that wait`
  const means =
    connection.kind === 'crm'
      ? `Nothing is pushed and no alarm is raised. ${held}, and is pushed after *Resume*.`
      : 'No costs are downloaded, no ads are tagged and no alarm is raised. The missed days are downloaded after *Resume*.'
  return {
    text: `Paused: ${accountText(connection)}. ${means.replaceAll('*', '')}`,
    blocks: [
      sectionWith(
        button('Resume', RESUME_ACTION, { value: connection.id }),
        `:double_vertical_bar: *Paused:* ${accountLine(connection)}`,
        means,
      ),
    ],
  }
}

function resumed({ connection, checked }: Extract<Paused, { kind: 'resumed' }>, look: Look): string {
  const account = accountLine(connection)
  const next = connection.kind === 'crm' ? 'What waits is pushed now.' : 'What was missed is downloaded now.'
  if (connection.health.status === 'connected' && checked.observed === 'works')
    return `:arrow_forward: *Resumed:* ${account}. I have just checked it: it works. ${next}`
  const why = typeof checked.observed === 'string' ? '' : ` ${escapeMrkdwn(checked.observed.explanation, 200)}`
  if (connection.health.status === 'connected')
    return `:arrow_forward: *Resumed:* ${account}. It did not answer as it should just now; I check again in a minute.${why}`
  return `:arrow_forward: *Resumed:* ${account}. ${statusLine(connection, look)}.${why}`
}

function said(text: string): Rendered {
  return { text, blocks: [section(text)] }
}
