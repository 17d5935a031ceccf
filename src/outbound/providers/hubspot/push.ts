import type { CrmRecord, PushAnswer, PushTarget, RecordOutcome } from '../../../domain/crm.ts'
import type { ApiUsage, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer } from '../http.ts'
import { asList, asRecord, asText } from '../json.ts'
import { API_VERSION, type Api, readUsage } from './api.ts'
import { type HubSpotError, readErrors } from './error-body.ts'
import { readPushRefusal, readRecordError } from './verdicts.ts'

/** https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines (2026-11): most records of one batch. */
export const BATCH_SIZE = 100

interface Push {
  readonly api: Api
  readonly tokens: Tokens
  readonly target: PushTarget
}

/** `null`: the answer does not tell what became of the record. */
type Outcomes = (RecordOutcome | null)[]

interface Sent {
  readonly outcomes: Outcomes
  /** Some error is about one of the records without an outcome. */
  readonly hasStray: boolean
  readonly usage: ApiUsage | null
}

/**
 * Batch upsert by a property with unique values. Each record has an `objectWriteTraceId`, which makes HubSpot write the good ones and
 * name the bad ones, under 207 and under 200. https://developers.hubspot.com/docs/api-reference/error-handling, "Multi-status errors";
 * https://developers.hubspot.com/docs/api-reference/latest/crm/objects/custom-objects/batch/upsert-custom-objects (2026-11)
 */
export async function push(
  api: Api,
  tokens: Tokens,
  target: PushTarget,
  records: readonly CrmRecord[],
): Promise<Asked<PushAnswer>> {
  if (records.length === 0) return { kind: 'ok', value: { outcomes: [], usage: null } }
  const sent = await send({ api, tokens, target }, records)
  if (sent.kind !== 'ok') return sent
  await sendAgain({ api, tokens, target }, records, sent.value)
  const { outcomes, usage } = sent.value
  return { kind: 'ok', value: { outcomes: outcomes.map((outcome) => outcome ?? NOT_ACCOUNTED), usage } }
}

/**
 * Where an error does not tell which record it is about, those without an outcome go again in halves, until it stands alone. A
 * repeated upsert changes nothing. What is refused meanwhile as a whole is left to the next round.
 */
async function sendAgain(push: Push, records: readonly CrmRecord[], { outcomes, hasStray }: Sent): Promise<void> {
  const open = [...outcomes.keys()].filter((place) => outcomes[place] === null)
  if (!hasStray || open.length === 0 || records.length === 1) return
  const middle = open.length === records.length ? Math.ceil(open.length / 2) : open.length
  for (const places of [open.slice(0, middle), open.slice(middle)]) {
    if (places.length === 0) continue
    const some = places.map((place) => records[place] as CrmRecord)
    const answer = await send(push, some)
    if (answer.kind !== 'ok' && answer.kind !== 'rejected') return
    const sent = answer.kind === 'ok' ? answer.value : { outcomes: some.map(() => null), hasStray: true, usage: null }
    await sendAgain(push, some, sent)
    for (const [index, place] of places.entries()) outcomes[place] = sent.outcomes[index] ?? null
  }
}

async function send({ api, tokens, target }: Push, records: readonly CrmRecord[]): Promise<Asked<Sent>> {
  const path = `/crm/objects/${API_VERSION}/${encodeURIComponent(target.object)}/batch/upsert`
  const answer = await api.post(tokens, path, { inputs: records.map((record, place) => inputOf(target, record, place)) })
  if (answer.kind !== 'answer') return answer
  const isBatch = answer.status >= 200 && answer.status < 300 && Array.isArray(asRecord(answer.json).results)
  if (isBatch) return { kind: 'ok', value: readBatch(answer, target, records) }
  const refusal = readPushRefusal(answer)
  if (refusal.kind !== 'rejected') return refusal
  if (!SPOILED_BY_A_RECORD.includes(answer.status)) return notTheRecords(refusal)
  const [error] = readErrors(answer.json)
  if (records.length > 1 || error === undefined) return refusal
  return { kind: 'ok', value: { outcomes: [readRecordError(error)], hasStray: false, usage: readUsage(answer) } }
}

/** `rejected` makes the caller look for the record that is to blame, so it is said only where there may be one. */
const SPOILED_BY_A_RECORD = [400, 409, 413, 422]

function notTheRecords({ code, explanation }: Extract<Verdict, { kind: 'rejected' }>): Verdict {
  return { kind: 'transient', retryAfterMs: null, code, explanation }
}

/** Values are texts, and an empty one clears a property. The trace id is the place: an id of ours may have any characters. */
function inputOf({ externalIdField }: PushTarget, record: CrmRecord, place: number): object {
  const properties = Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, value === null ? '' : String(value)]),
  )
  return { id: externalIdOf(record, externalIdField), idProperty: externalIdField, objectWriteTraceId: `r${place}`, properties }
}

function externalIdOf(record: CrmRecord, field: string): string {
  return String(record[field] ?? '')
}

function readBatch(answer: HttpAnswer, { externalIdField }: PushTarget, records: readonly CrmRecord[]): Sent {
  const body = asRecord(answer.json)
  const ids = records.map((record, place) => [externalIdOf(record, externalIdField).toLowerCase(), place] as const)
  const places = new Map([...ids, ...ids.map(([, place]) => [`r${place}`, place] as const)])
  const outcomes: Outcomes = records.map(() => null)
  for (const result of asList(body.results).map(asRecord)) {
    const id = asText(result.objectWriteTraceId) ?? asText(asRecord(result.properties)[externalIdField])
    const place = id === null ? undefined : places.get(id.toLowerCase())
    if (place !== undefined) outcomes[place] = { kind: 'pushed', created: result.new === true }
  }
  const errors = readErrors(answer.json)
  for (const error of errors) {
    for (const place of records.length === 1 ? [0] : placesOf(error, places)) outcomes[place] = readRecordError(error)
  }
  const usage = readUsage(answer)
  const told = outcomes.map((one): RecordOutcome => one ?? { kind: 'pushed', created: false })
  if (allWritten(body, records.length, errors)) return { outcomes: told, hasStray: false, usage }
  const hasStray = errors.some((error) => placesOf(error, places).length === 0) || Number(body.numErrors ?? 0) > errors.length
  return { outcomes, hasStray, usage }
}

function placesOf({ records }: HubSpotError, places: ReadonlyMap<string, number>): readonly number[] {
  return records.map((id) => places.get(id.toLowerCase())).filter((place) => place !== undefined)
}

/** As many results as records and no error: then it does not matter whose is whose. */
function allWritten(
  { results, numErrors, status }: ReturnType<typeof asRecord>,
  expected: number,
  errors: readonly unknown[],
): boolean {
  const isComplete = status === undefined || status === 'COMPLETE'
  return isComplete && asList(results).length === expected && errors.length === 0 && (numErrors ?? 0) === 0
}

const NOT_ACCOUNTED: RecordOutcome = {
  kind: 'retry',
  code: 'unreadable_answer',
  message: 'HubSpot did not say what became of this record.',
}
