import type { RecordOutcome } from '../../../domain/crm.ts'
import type { Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer, NoAnswer } from '../http.ts'
import { type Meaning, passes, plainText, rejected, verdictOf, wait } from '../meaning.ts'
import { silenceOf } from '../refusals.ts'
import { API_REFUSALS, CHALLENGES, SESSION_ENDED } from './api-refusals.ts'
import { readBatch } from './batch.ts'
import { type DataverseError, readErrors } from './error-body.ts'
import { NO_PRIVILEGE, RECORD_REFUSALS } from './record-refusals.ts'
import { WORDED_REFUSALS } from './worded-refusals.ts'

type Answered = Pick<HttpAnswer, 'status' | 'headers' | 'text' | 'json' | 'retryAfterMs'>

/** What was refused: a request, a record of a push, or one while others of the same push were written. */
type Of = 'request' | 'record' | 'record_beside_written'

/** What the Web API means by anything but a success. */
export function readApiRefusal(answer: Answered, of: Of = 'request'): Verdict {
  const [first] = readErrors(answer).map((error) => readError(answer, error, of))
  return first ?? verdictOf(withoutError(answer), `http_${answer.status}`, answer.retryAfterMs)
}

/** As `readApiRefusal`, of an answer that may also be a success (`null`): 2xx with JSON, a batch or nothing in it, and no error. */
export function readApiAnswer(answer: HttpAnswer): Verdict | null {
  const isBatch = readBatch(answer.text) !== null
  const isForm = answer.json !== undefined || answer.text.trim() === '' || isBatch
  const isSuccess = answer.status >= 200 && answer.status < 300 && isForm
  return isSuccess && readErrors(answer).length === 0 ? null : readApiRefusal(answer)
}

/** What became of a record that was not written; `besideWritten`: others of the same answer were. */
export function readRecordRefusal(answer: Answered, besideWritten: boolean): RecordOutcome {
  const verdict = readApiRefusal(answer, besideWritten ? 'record_beside_written' : 'record')
  const words = readErrors(answer)[0]?.message ?? ''
  const message = plainText(words) || verdict.explanation
  if (verdict.kind === 'permission') return { kind: 'held', verdict }
  if (verdict.kind === 'rejected') return { kind: 'rejected', code: verdict.code, message, field: columnIn(words) }
  return { kind: 'retry', code: verdict.code, message }
}

export const readSilence = (answer: NoAnswer): Verdict => silenceOf('Dynamics 365', answer)

const REFUSALS = [...API_REFUSALS, ...RECORD_REFUSALS, ...WORDED_REFUSALS]
const UNKNOWN_ANSWER = passes('Dynamics 365 gave an answer that Redkey does not know.')

function readError(answer: Answered, error: DataverseError, of: Of): Verdict {
  const means = meaningOf(error, of) ?? challengeIn(answer) ?? withError(answer)
  const told = { ...means, explanation: means.explanation.replace('{names}', () => namesIn(error.message)) }
  return verdictOf(told, error.code || error.said || `http_${answer.status}`, answer.retryAfterMs)
}

function meaningOf({ code, message }: DataverseError, of: Of): Meaning | null {
  const row = REFUSALS.find(
    ({ codes, says, besideWritten, ofRecords }) =>
      (codes?.includes(code) ?? true) &&
      (says?.test(message) ?? true) &&
      (!besideWritten || of === 'record_beside_written') &&
      (!ofRecords || of !== 'request'),
  )
  return row?.means ?? null
}

/**
 * For an error of Dataverse's own form that no row knows: its list of codes has thousands, and the status says which kind it is.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#identify-status-codes (2026-11)
 */
function withError(answer: Answered): Meaning {
  const { status } = answer
  if (status === 401) return SESSION_ENDED
  if (status === 403) return NO_PRIVILEGE
  if (status === 429) return wait('Dynamics 365 takes no more requests of this user for now.')
  if ([400, 404, 405, 409, 412, 413, 414, 415, 422, 431, 501].includes(status))
    return rejected('Dynamics 365 does not accept the request.')
  return status >= 500 ? passes('Dynamics 365 is not available at the moment.') : UNKNOWN_ANSWER
}

/** For pages of proxies and empty bodies: nothing but the session, the pace and the size of a request can be told from a status. */
function withoutError(answer: Answered): Meaning {
  const { status } = answer
  if (status === 401) return challengeIn(answer) ?? SESSION_ENDED
  if (status === 429) return wait('Dynamics 365 takes no more requests of this user for now.')
  if (status === 413) return rejected('The request is too large for Dynamics 365.')
  return status >= 500 ? passes('Dynamics 365 is not available at the moment.') : UNKNOWN_ANSWER
}

function challengeIn({ status, headers }: Answered): Meaning | null {
  const challenge = status === 401 ? (headers['www-authenticate'] ?? '') : ''
  return CHALLENGES.find(({ says }) => says.test(challenge))?.means ?? null
}

/** Privileges, columns and tables that a message is about. */
function namesIn(message: string): string {
  const privileges = [...message.matchAll(/\bprv[A-Za-z]\w*/g)].map(([name]) => privilegeName(name))
  const quoted = [
    ...message.matchAll(
      /(?:property|attribute|column|field|entity|table|type|segment)(?: named| with name)? ?['"]([\w.]+)['"]/gi,
    ),
  ]
  const names = quoted.map((match) => (match[1] ?? '').replace(/^Microsoft\.Dynamics\.CRM\./, '')).filter((name) => name !== '')
  const all = new Set(privileges.length > 0 ? privileges : names)
  return all.size === 0 ? 'a right on a table or a column' : plainText([...all].join(', '))
}

/** `prvCreatecontact` is the privilege Create on the table contact; others, like `prvActOnBehalfOfAnotherUser`, are of no table. */
function privilegeName(name: string): string {
  const found = /^prv(Create|Read|Write|Delete|AppendTo|Append|Assign|Share)([a-z]\w*)$/.exec(name)
  return found === null ? `the privilege ${name}` : `the privilege ${found[1]} on ${found[2]}`
}

/** The column that a message of a refused record quotes. */
function columnIn(message: string): string | null {
  const found =
    /['"](\w+)['"] (?:attribute|column|field|property)/i.exec(message) ??
    /(?:attribute|column|field|property)(?: named| with name)?:? ?['"](\w+)['"]/i.exec(message)
  return found?.[1] ?? null
}
