import type { CardFacts } from '../domain/cards/card.ts'
import type { AdsLate } from '../domain/warnings/warning.ts'
import { DETAILS_ACTION } from './action-ids.ts'
import { actions, button, context, header, type Rendered, section } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'

/** The login works, and costs or URL parameters don't all the same. Yellow: nobody needs to log in, but somebody should look. */
export function lateAdsNote({ connection, providerLabel: label }: CardFacts, late: AdsLate): Rendered {
  const since = date(new Date(late.since))
  const words = WORDS[late.kind]
  if (late.ended !== null) return endedNote(late.ended, words, label, accountText(connection), accountLine(connection), since)
  const what = words.what(since)
  return {
    text: `🟡 ${label}: ${words.headline}: ${accountText(connection)}. ${what} ${escapeMrkdwn(late.explanation, 200)}`,
    blocks: [
      header(`🟡 ${label}: ${words.headline}`),
      section(accountLine(connection), what),
      section(`*Why*\n${escapeMrkdwn(late.explanation, 300)}`),
      actions(button('Details', DETAILS_ACTION, { value: connection.id })),
      context(words.meanwhile),
    ],
  }
}

interface Words {
  readonly headline: string
  readonly works: string
  what(since: string): string
  again(since: string, label: string): string
  readonly meanwhile: string
}

const WORDS: Readonly<Record<AdsLate['kind'], Words>> = {
  costs_late: {
    headline: "costs can't be downloaded",
    works: 'costs are downloaded again',
    what: (since) => `Cost data has not been downloaded since ${since}, although the connection works.`,
    again: (since, label) => `Everything since ${since} that ${label} still tells has been downloaded.`,
    meanwhile: 'Redkey keeps trying, downloads every missed day when it can, and says here when it does.',
  },
  tags_late: {
    headline: 'new ads may lack UTM parameters',
    works: 'auto-tagging works again',
    what: (since) => `Auto-tagging has not worked since ${since}, although the connection works.`,
    again: (since) => `New ads carry their UTM parameters again. Clicks on ads that lacked them since ${since} stay without.`,
    meanwhile: "Redkey keeps trying, and says here when it works. UTM parameters can't be added to clicks afterwards.",
  },
}

function endedNote(
  ended: NonNullable<AdsLate['ended']>,
  words: Words,
  label: string,
  text: string,
  line: string,
  since: string,
): Rendered {
  const works = ended === 'works'
  const what = works ? words.again(since, label) : 'The connection itself needs somebody now: see its own card.'
  const headline = works ? `✅ ${label}: ${words.works}` : `🟡 ${label}: ${words.headline}`
  return { text: `${headline}: ${text}. ${what}`, blocks: [header(headline), section(line, what)] }
}
