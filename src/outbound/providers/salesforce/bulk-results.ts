import type { BulkResult, BulkState, PushTarget, RecordOutcome } from '../../../domain/crm.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { csvRecords } from '../csv-records.ts'
import { passes, plainText, verdictOf } from '../meaning.ts'
import type { Api } from './api.ts'
import { readRecordErrors } from './verdicts.ts'

const PAGE = 1000

/**
 * What became of a job's records, as a CSV each. The fields that were sent come back beside what Salesforce says; records that have
 * neither were not processed. https://developer.salesforce.com/docs/platform/api-asynch/guide/get-job-successful-results.html and
 * get-job-failed-results.html (2026-11): no parameters, no order.
 */
export async function* results(
  api: Api,
  tokens: Tokens,
  path: string,
  { externalIdField }: PushTarget,
  { written }: BulkState,
): AsyncGenerator<Asked<readonly BulkResult[]>> {
  const readers = {
    successfulResults: (said: Said): RecordOutcome => ({ kind: 'pushed', created: said('sf__Created') === 'true' }),
    failedResults: (said: Said) => readBulkError(said('sf__Error'), written > 0),
  }
  for (const [name, outcomeOf] of Object.entries(readers)) {
    const asked = await api.download(tokens, `${path}/${name}/`)
    if (asked.kind !== 'ok') return yield asked
    const read = pages(asked.value.text, externalIdField, outcomeOf)
    for (;;) {
      const page = await read.next().catch(() => null) // the connection broke: what came before stays read
      if (page === null) return yield brokenOff()
      if (page.done) break
      yield { kind: 'ok', value: page.value }
    }
  }
}

/** Reads one column of a record; empty where there is none. */
type Said = (column: string) => string

async function* pages(
  text: AsyncIterable<string>,
  externalIdField: string,
  outcomeOf: (said: Said) => RecordOutcome,
): AsyncGenerator<readonly BulkResult[]> {
  let columns: Map<string, number> | null = null
  let page: BulkResult[] = []
  for await (const cells of csvRecords(text)) {
    if (columns === null) {
      columns = new Map(cells.map((name, place) => [name.toLowerCase(), place]))
      continue
    }
    const places = columns
    const said: Said = (column) => cells[places.get(column.toLowerCase()) ?? -1] ?? ''
    const externalId = said(externalIdField)
    if (externalId === '' || cells.length !== columns.size) continue // nobody knows whose it is: it goes on waiting
    page.push({ externalId, outcome: outcomeOf(said) })
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/**
 * `CODE:message:Field__c,Other__c --`, or `CODE:message:--`: the same codes as in other answers (simple-salesforce's and salesforcer's
 * examples, read 2026-11-23). A code of the job, such as `InvalidBatch`, says nothing of the record; neither does an id that is
 * there twice. Whether a right is missing or one record is locked shows only among few records. Then an ordinary push decides.
 */
export function readBulkError(said: string, besideWritten: boolean): RecordOutcome {
  const [, code = '', rest = ''] = /^\s*(\w+)\s*:([\s\S]*)$/.exec(said) ?? []
  const { message, fields } = messageAndFields(rest)
  const ofTheJob = !/^[A-Z0-9_]+$/.test(code)
  if (ofTheJob || (code === 'DUPLICATE_VALUE' && /duplicate external id/i.test(message)))
    return { kind: 'retry', code: code || 'unreadable_answer', message: plainText(message) }
  const errors = [{ statusCode: code, message, fields }]
  const outcome = readRecordErrors(errors)
  const isAmbiguous = besideWritten && outcome.kind !== readRecordErrors(errors, true).kind
  return isAmbiguous ? { kind: 'retry', code, message: plainText(message) } : outcome
}

function messageAndFields(text: string): { readonly message: string; readonly fields: readonly string[] } {
  const ended = /^([\s\S]*):\s*([\w.]*(?:\s*,\s*[\w.]+)*)\s*--\s*$/.exec(text)
  if (ended === null) return { message: text.trim(), fields: [] }
  const [, message = '', fields = ''] = ended
  return {
    message: message.trim(),
    fields: fields
      .split(',')
      .map((field) => field.trim())
      .filter(Boolean),
  }
}

function brokenOff(): Asked<never> {
  return verdictOf(passes('Salesforce broke off in the middle of its answer.'), 'results_broken_off', null)
}
