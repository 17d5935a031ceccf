import type { CardFacts } from '../domain/cards/card.ts'
import type { CostsLate } from '../domain/warnings/warning.ts'
import { DETAILS_ACTION } from './action-ids.ts'
import { actions, button, context, header, type Rendered, section } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'

/** The login works and the costs don't come. Yellow: nobody needs to log in, but somebody should look. */
export function lateCostsNote({ connection, providerLabel: label }: CardFacts, late: CostsLate): Rendered {
  const since = date(new Date(late.since))
  if (late.ended !== null) return endedNote(late.ended, label, accountText(connection), accountLine(connection), since)
  const what = `Cost data has not been downloaded since ${since}, although the connection works.`
  return {
    text: `🟡 ${label} costs are late: ${accountText(connection)}. ${what} ${escapeMrkdwn(late.explanation, 200)}`,
    blocks: [
      header(`🟡 ${label}: costs can't be downloaded`),
      section(accountLine(connection), what),
      section(`*What ${label} says*\n${escapeMrkdwn(late.explanation, 300)}`),
      actions(button('Details', DETAILS_ACTION, { value: connection.id })),
      context('Redkey keeps trying, downloads every missed day when it can, and says here when it does.'),
    ],
  }
}

function endedNote(ended: NonNullable<CostsLate['ended']>, label: string, text: string, line: string, since: string): Rendered {
  const works = ended === 'works'
  const what = works
    ? `Everything since ${since} that ${label} still tells has been downloaded.`
    : 'The connection itself needs somebody now: see its own card.'
  const headline = works ? `✅ ${label}: costs are downloaded again` : `🟡 ${label}: costs can't be downloaded`
  return { text: `${headline}: ${text}. ${what}`, blocks: [header(headline), section(line, what)] }
}
