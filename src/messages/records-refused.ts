import type { CardFacts, LooseFacts, RecordsRefused } from '../domain/cards/card.ts'
import type { RefusalCode, RefusalReason } from '../domain/outbox/refusal.ts'
import { type Rendered, section } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import { code, date, escapeMrkdwn } from './mrkdwn.ts'
import { count, plural } from './words.ts'

const SHOWN = 3
const EXAMPLES = 3
/** In characters, of foreign text. */
const ID_CAP = 40
const MESSAGE_CAP = 120

/** Programs send many records that can't be taken in: how many, why, and what to do. */
export function recordsRefused({ connection }: CardFacts | LooseFacts, refused: RecordsRefused): Rendered {
  const reasons = refused.reasons.toSorted((a, b) => b.count - a.count)
  const since = date(new Date(refused.since))
  const [most] = reasons
  return {
    text: [
      `⚠️ ${howMany(refused)} sent to ${connection ? accountText(connection) : 'Redkey'} since ${since} ${wereRefused(refused)} on arrival.`,
      ...(most ? [`${count(most.count)} × ${most.code}: ${escapeMrkdwn(most.message, MESSAGE_CAP)}`] : []),
    ].join(' '),
    blocks: [
      section(
        `:warning: *${howMany(refused)} ${wereRefused(refused)}* on arrival since ${since}`,
        connection ? `Sent to ${accountLine(connection)}` : 'Sent to no connection that there is',
      ),
      section('*Why*', ...reasons.slice(0, SHOWN).map(reasonLine), ...others(reasons.slice(SHOWN))),
      section('*What to do*', ...advice(reasons)),
    ],
  }
}

function howMany({ refused, sent }: RecordsRefused): string {
  return sent === null || sent <= refused ? plural(refused, 'record') : `${count(refused)} of ${plural(sent, 'record')}`
}

function wereRefused({ refused }: RecordsRefused): string {
  return refused === 1 ? 'was refused' : 'were refused'
}

function reasonLine({ code: name, count: n, message, sender, examples }: RefusalReason): string {
  const who = sender === null ? '' : ` (API token ${escapeMrkdwn(String(sender))})`
  const ids = examples.slice(0, EXAMPLES).map((id) => code(id, ID_CAP))
  const such = ids.length === 0 ? '' : ` · for example ${ids.join(', ')}`
  return `• ${count(n)} × ${code(name)}${who}: ${escapeMrkdwn(message, MESSAGE_CAP)}${such}`
}

function others(rest: readonly RefusalReason[]): string[] {
  const records = rest.reduce((sum, { count: n }) => sum + n, 0)
  return rest.length === 0 ? [] : [`• ${count(records)} more for ${plural(rest.length, 'other reason')}`]
}

const ADVICE: Readonly<Record<RefusalCode, string>> = {
  custom_field_not_mapped:
    'Add the fields to the mapping (`PUT /v1/connections/{name}/mapping`), or leave them out where the records come from.',
  invalid_touchpoint: 'Correct the records where they come from; `/openapi.json` says how they must look.',
  malformed_record: 'Every line must be one JSON object in UTF-8.',
  connection_required: 'There are several CRMs: each record must name one with `connection`.',
  unknown_connection: 'Name a CRM connection that there is with `connection`.',
}

function advice(reasons: readonly RefusalReason[]): string[] {
  const codes = [...new Set(reasons.map((reason) => reason.code))]
  return [...codes.map((one) => `• ${ADVICE[one]}`), '• Then send these records again: what is refused on arrival is not kept.']
}
