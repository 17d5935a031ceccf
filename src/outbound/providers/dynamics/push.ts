import type { CrmRecord, PushAnswer, PushTarget, RecordOutcome } from '../../../domain/crm.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asList, asRecord, asText } from '../json.ts'
import { plainText } from '../meaning.ts'
import type { BatchOperation } from './batch.ts'
import { isOnly } from './describe.ts'
import type { Table, Tables } from './table.ts'
import { readApiRefusal, readRecordRefusal } from './verdicts.ts'
import { type PartAnswer, quoted, type WebApi } from './web-api.ts'

/**
 * Up to 1,000 operations fit into a batch, and they are worked on one after the other; Microsoft advises few of them and more requests
 * beside each other (PROVIDERS.md 3.e, read 2026-11-24). This many upserts with a plug-in of 200 ms stay well below our timeout of 20 s.
 */
export const BATCH_SIZE = 50

interface PushDeps {
  readonly api: WebApi
  readonly tables: Tables
}

/**
 * A `$batch` without change sets that goes on after errors: each record is an upsert of its own and has an answer of its own. The
 * alternative, `UpsertMultiple`, is faster for the server but all or nothing, and tells neither which record it stumbled over nor why of the others.
 */
export async function push(
  deps: PushDeps,
  tokens: Tokens,
  target: PushTarget,
  records: readonly CrmRecord[],
): Promise<Asked<PushAnswer>> {
  if (records.length === 0) return { kind: 'ok', value: { outcomes: [], usage: null } }
  const found = await findTable(deps.tables, tokens, target)
  if (found.kind !== 'ok') return found
  const table = found.value
  const sets = await entitySets(deps, tokens, table, records)
  if (sets.kind !== 'ok') return sets
  const ids = await idsOfSpecial(deps.api, tokens, table, target, records)
  if (ids.kind !== 'ok') return ids
  const written = records.map((record) => writeRecord({ table, target, sets: sets.value, ids: ids.value }, record))
  const operations = written.flatMap((one) => ('operation' in one ? [one.operation] : []))
  const asked = operations.length === 0 ? ({ kind: 'ok', value: [] } as const) : await deps.api.batch(tokens, operations)
  if (asked.kind !== 'ok') return spoiledByARecord(asked) ? asked : passing(asked)
  const settled = settle(deps, tokens, target, written, asked.value)
  return settled.kind === 'ok' ? { kind: 'ok', value: await nameWhatHolds(deps, tokens, target, settled.value) } : settled
}

/** When nothing was written and a right is missing: the table or key that was there at the last look, by its name. */
async function nameWhatHolds({ tables }: PushDeps, tokens: Tokens, target: PushTarget, answer: PushAnswer): Promise<PushAnswer> {
  const { outcomes } = answer
  if (!outcomes.some(({ kind }) => kind === 'held') || outcomes.some(({ kind }) => kind === 'pushed')) return answer
  const found = await findTable(tables, tokens, target)
  if (found.kind !== 'permission') return answer
  return { ...answer, outcomes: outcomes.map((one) => (one.kind === 'held' ? { kind: 'held', verdict: found } : one)) }
}

/** The table with an active key. One that is remembered without it is looked at anew: an admin may have added the key since. */
async function findTable(tables: Tables, tokens: Tokens, target: PushTarget): Promise<Asked<Table>> {
  const known = await tables.find(tokens, target.object)
  const isReady = known.kind === 'ok' && missingKey(known.value, target) === null
  const asked = known.kind === 'ok' && !isReady ? await tables.read(tokens, target.object) : known
  if (asked.kind === 'rejected') return noTable(target)
  if (asked.kind !== 'ok') return asked
  return missingKey(asked.value, target) ?? asked
}

type Written =
  | { readonly operation: BatchOperation }
  /** It can't be told in the form that the Web API wants. */
  | { readonly refused: RecordOutcome }

interface WriteContext {
  readonly table: Table
  readonly target: PushTarget
  /** Entity sets of the tables that lookups point to. */
  readonly sets: ReadonlyMap<string, string>
  /** Of records whose key can't stand in a URL: their primary ids; null for new ones. */
  readonly ids: ReadonlyMap<string, string | null>
}

/**
 * By its alternate key, which then stays out of the body: "don't include the alternate key data in the portion of the request that
 * represents the data to save" (https://learn.microsoft.com/en-us/power-apps/developer/data-platform/use-upsert-insert-update-record, 2026-11).
 * A key that can't stand in a URL goes by the primary id, or is created: the key's index refuses a second one, so a repeat changes nothing.
 */
function writeRecord({ table, target, sets, ids }: WriteContext, record: CrmRecord): Written {
  const { externalIdField } = target
  const key = String(record[externalIdField])
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(record)) {
    const lookup = table.lookups.get(name)
    if (name === externalIdField) continue
    if (lookup === undefined) body[name] = value
    else if (value === null || GUID.test(String(value)))
      body[`${lookup.property}@odata.bind`] = value === null ? null : `/${sets.get(lookup.target)}(${value})`
    else return { refused: notAnId(name) }
  }
  const id = ids.get(key)
  if (id === undefined)
    return { operation: { method: 'PATCH', path: `${table.entitySet}(${externalIdField}=${quoted(key)})`, body } }
  if (id === null)
    return { operation: { method: 'POST', path: table.entitySet, body: { ...withoutNulls(body), [externalIdField]: key } } }
  return { operation: { method: 'PATCH', path: `${table.entitySet}(${id})`, headers: { 'if-match': '*' }, body } }
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function withoutNulls(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}

function notAnId(field: string): RecordOutcome {
  const message = `${field} takes the id of a record in Dynamics 365, which is 32 hexadecimal digits in five groups.`
  return { kind: 'rejected', code: 'not_a_record_id', message, field }
}

/**
 * "If the data within a column that is used in an alternate key will contain one of the following characters / # < > * % & : \ ? + then GET
 * or PATCH actions will not work", encoded or not: https://learn.microsoft.com/en-us/powerapps/maker/data-platform/define-alternate-keys-portal
 * (2026-11), MicrosoftDocs/powerapps-docs#117 and #1895. In a filter they work.
 */
const SPECIAL = /[/#<>*%&:\\?+]|\p{Cc}/u

async function idsOfSpecial(
  api: WebApi,
  tokens: Tokens,
  table: Table,
  { externalIdField }: PushTarget,
  records: readonly CrmRecord[],
): Promise<Asked<ReadonlyMap<string, string | null>>> {
  const keys = records.map((record) => String(record[externalIdField])).filter((key) => SPECIAL.test(key))
  if (keys.length === 0) return { kind: 'ok', value: new Map() }
  const queries = keys.map((key): BatchOperation => {
    const query = `$select=${table.primaryId}&$filter=${encodeURIComponent(`${externalIdField} eq `)}${quoted(key)}&$top=1`
    return { method: 'GET', path: `${table.entitySet}?${query}` }
  })
  const asked = await api.batch(tokens, queries)
  if (asked.kind !== 'ok') return spoiledByARecord(asked) ? asked : passing(asked)
  const ids = new Map<string, string | null>()
  for (const [place, part] of asked.value.entries()) {
    if (!isDone(part)) return passing(readApiRefusal(part, 'record'))
    ids.set(keys[place] ?? '', asText(asRecord(asList(asRecord(part.json).value)[0])[table.primaryId]))
  }
  return { kind: 'ok', value: ids }
}

/** Of the tables that this push points to. */
async function entitySets(
  { tables }: PushDeps,
  tokens: Tokens,
  table: Table,
  records: readonly CrmRecord[],
): Promise<Asked<ReadonlyMap<string, string>>> {
  const used = new Set(records.flatMap((record) => Object.keys(record).filter((name) => record[name] !== null)))
  const targets = new Set([...used].flatMap((name) => table.lookups.get(name)?.target ?? []))
  const sets = new Map<string, string>()
  for (const target of targets) {
    const asked = await tables.entitySetOf(tokens, target)
    if (asked.kind !== 'ok') return passing(asked)
    sets.set(target, asked.value)
  }
  return { kind: 'ok', value: sets }
}

function isDone({ status }: PartAnswer): boolean {
  return status >= 200 && status < 300
}

/**
 * When every record was refused for what is true of the login or the environment, the whole push was. `created` is known only of
 * records that were made by a POST: an upsert answers 204 in either case, unless it is read back, which costs.
 */
function settle(
  { tables }: PushDeps,
  tokens: Tokens,
  target: PushTarget,
  written: readonly Written[],
  answers: readonly PartAnswer[],
): Asked<PushAnswer> {
  const someDone = answers.some(isDone)
  const refusals = answers.filter((answer) => !isDone(answer))
  const [first] = refusals.map((answer) => readApiRefusal(answer, 'record')).filter(isOfAll)
  if (first && !someDone && refusals.every((answer) => readApiRefusal(answer, 'record').kind === first.kind)) return first
  let place = 0
  const outcomes = written.map((one): RecordOutcome => {
    if ('refused' in one) return one.refused
    const answer = answers[place++]
    if (answer === undefined) return { kind: 'retry', code: 'unreadable_answer', message: 'Dynamics 365 did not answer.' }
    if (isDone(answer)) return { kind: 'pushed', created: one.operation.method === 'POST' }
    return hasGone(one.operation, answer) ?? readRecordRefusal(answer, someDone)
  })
  if (outcomes.some(({ kind }) => kind === 'held')) tables.forget(tokens, target.object)
  return { kind: 'ok', value: { outcomes, usage: null } }
}

/** A record that had been found was deleted meanwhile: the next push makes it anew. */
function hasGone({ headers }: BatchOperation, { status }: PartAnswer): RecordOutcome | null {
  const message = 'The record was deleted in Dynamics 365 while it was being written.'
  return status === 404 && headers !== undefined ? { kind: 'retry', code: 'http_404', message } : null
}

function isOfAll({ kind }: Verdict): boolean {
  return kind === 'refresh' || kind === 'authorization_required' || kind === 'misconfigured' || kind === 'rate_limited'
}

/** `rejected` makes the caller look for the record that is to blame, so it is said only where there may be one. */
function spoiledByARecord({ kind, code }: Verdict): boolean {
  return kind !== 'rejected' || code === 'http_413'
}

function passing(verdict: Verdict): Verdict {
  if (verdict.kind !== 'rejected') return verdict
  return { kind: 'transient', retryAfterMs: null, code: verdict.code, explanation: verdict.explanation }
}

function noTable({ object }: PushTarget): Verdict {
  const explanation = `Dynamics 365 has no table ${object}, or the user does not see it. A Dynamics 365 admin installs the Marketo Measure solution or adds the table.`
  return { kind: 'permission', cause: 'role_missing', code: 'table_missing', explanation }
}

function missingKey({ keys, label }: Table, { object, externalIdField }: PushTarget): Verdict | null {
  const own = keys.find(({ columns }) => isOnly(columns, externalIdField))
  if (own?.status === 'Active') return null
  const table = `the table ${plainText(label)} (${object})`
  const explanation =
    own === undefined
      ? `In Dynamics 365 ${table} has no alternate key on ${externalIdField}. Whoever runs Redkey makes it with: npm run redkey -- crm setup. Or a Dynamics 365 admin adds one in Power Apps, under Keys of the table, with that one column.`
      : own.status === 'Failed'
        ? `The alternate key of ${table} on ${externalIdField} could not be made in Dynamics 365, most often because two records have the same value. A Dynamics 365 admin clears that and activates the key again.`
        : `The alternate key of ${table} on ${externalIdField} is still being made in Dynamics 365. Nothing is pushed before it is active.`
  return { kind: 'permission', cause: 'role_missing', code: 'alternate_key_missing', explanation }
}
