import type { CrmRecord, PushAnswer, PushTarget, RecordOutcome } from '../../../domain/crm.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asList, asRecord } from '../json.ts'
import { type Api, JsonText, readUsage } from './api.ts'
import { isWritten, readRecordErrors } from './verdicts.ts'

/** Most records of one sObject Collections call, which counts as one API request (PROVIDERS.md 2.e, read 2026-11-23). */
export const BATCH_SIZE = 200

/**
 * sObject Collections upsert. Answers 200 even when every record failed, in the order of the input.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_upsert.htm (2026-11)
 */
export async function push(
  api: Api,
  tokens: Tokens,
  target: PushTarget,
  records: readonly CrmRecord[],
): Promise<Asked<PushAnswer>> {
  if (records.length === 0) return { kind: 'ok', value: { outcomes: [], usage: null } }
  const path = `/composite/sobjects/${encodeURIComponent(target.object)}/${encodeURIComponent(target.externalIdField)}`
  const asked = await api.call(tokens, 'PATCH', path, bodyOf(target, records))
  if (asked.kind === 'rejected') return readSpoiled(asked, target)
  if (asked.kind !== 'ok') return asked
  return { kind: 'ok', value: { outcomes: readOutcomes(asked.value.json, records.length), usage: readUsage(asked.value) } }
}

/**
 * `{"allOrNone":false,"records":[{"attributes":{"type":"…"},…},…]}`, without a copy of each record to put `attributes` in. No record is
 * empty: each has its external id.
 */
function bodyOf({ object }: PushTarget, records: readonly CrmRecord[]): JsonText {
  const attributes = `{"attributes":${JSON.stringify({ type: object })}`
  const texts = records.map((record) => `${attributes},${JSON.stringify(record).slice(1)}`)
  return new JsonText(`{"allOrNone":false,"records":[${texts.join(',')}]}`)
}

/** A request that one record spoils for all: a text where a date belongs is a JSON_PARSER_ERROR of the whole call. */
const SPOILED_BY_A_RECORD = ['JSON_PARSER_ERROR', 'REQUEST_TOO_LARGE', 'OPERATION_TOO_LARGE', 'http_413']

/** `rejected` makes the caller look for the record that is to blame, so it is said only where there may be one. */
function readSpoiled(refusal: Extract<Verdict, { kind: 'rejected' }>, { object, externalIdField }: PushTarget): Verdict {
  const { code } = refusal
  if (SPOILED_BY_A_RECORD.includes(code)) return refusal
  if (code !== 'NOT_FOUND') return { kind: 'transient', retryAfterMs: null, code, explanation: refusal.explanation }
  const explanation = `The Salesforce user does not see ${object} with the external id ${externalIdField}. A Salesforce admin installs the package or grants its permission set.`
  return { kind: 'permission', cause: 'role_missing', code, explanation }
}

/** With another number of results than records nobody knows whose they are; a repeated upsert changes nothing, so all go again. */
function readOutcomes(json: unknown, expected: number): readonly RecordOutcome[] {
  const results = asList(json)
  if (results.length !== expected)
    return Array.from({ length: expected }, () => unreadable('Salesforce did not answer for every record.'))
  const someWritten = results.some(isWritten)
  return results.map((result) => readOutcome(result, someWritten))
}

function readOutcome(result: unknown, someWritten: boolean): RecordOutcome {
  const { success, created, errors } = asRecord(result)
  if (isWritten(result)) return { kind: 'pushed', created: created === true }
  if (success !== false || asList(errors).length === 0)
    return unreadable('Salesforce answered for this record in an unknown form.')
  return readRecordErrors(asList(errors), someWritten)
}

function unreadable(message: string): RecordOutcome {
  return { kind: 'retry', code: 'unreadable_answer', message }
}
