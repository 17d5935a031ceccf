import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { BulkCrm, BulkResult, BulkState } from '../../../../src/domain/crm.ts'
import { readBulkError } from '../../../../src/outbound/providers/salesforce/bulk-results.ts'
import { ACCOUNT } from '../../../support/builders.ts'
import type { SeenRequest } from '../a-server.ts'
import { type Answers, aSalesforce, json } from './a-salesforce.ts'

const TARGET = { object: 'Touch__c', externalIdField: 'Key__c', fields: { medium: 'Medium__c' }, custom: [] }
const JOBS = '/services/data/v67.0/jobs/ingest'
const JOB = `${JOBS}/750A`
const ENDED: BulkState = { kind: 'ended', said: 'JobComplete', complete: true, written: 1 }

async function aBulk(answers: Answers) {
  const salesforce = await aSalesforce(answers)
  const { bulk } = salesforce.crm
  if (!bulk) throw new Error('there is no bulk interface')
  return { ...salesforce, bulk }
}

async function* data(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield text
}

function text(body: string) {
  return (_request: SeenRequest, response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': 'text/csv' }).end(body)
}

async function readAll(results: ReturnType<BulkCrm['results']>) {
  const read: (BulkResult | string)[] = []
  for await (const page of results) read.push(...(page.kind === 'ok' ? page.value : [page.kind]))
  return read
}

describe('a job', () => {
  test('is made as an upsert by the external id', async () => {
    const { bulk, tokens, asked } = await aBulk({ [JOBS]: json(200, { id: '750A', state: 'Open' }) })
    expect(await bulk.create(tokens, TARGET)).toEqual({ kind: 'ok', value: '750A' })
    const [request] = asked(JOBS)
    expect(request).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer 00D!access' } })
    expect(JSON.parse(request?.body ?? '')).toEqual({
      object: 'Touch__c',
      operation: 'upsert',
      externalIdFieldName: 'Key__c',
      contentType: 'CSV',
      columnDelimiter: 'COMMA',
      lineEnding: 'LF',
    })
  })

  test('is asked for once when the connection breaks', async () => {
    const { bulk, tokens, asked, crm } = await aBulk({
      [JOBS]: (_request, response) => response.socket?.destroy(),
      '/services/data/v67.0/limits': json(200, {}),
    })
    await crm.probe(tokens, ACCOUNT) // leaves a kept connection
    expect(await bulk.create(tokens, TARGET)).toMatchObject({ kind: 'transient', code: 'no_answer_reset' })
    expect(asked(JOBS)).toHaveLength(1)
  })

  test('gets its data under the names of the fields', async () => {
    const { bulk, tokens, asked } = await aBulk({ [`${JOB}/batches`]: (_request, response) => response.writeHead(201).end() })
    const lines = [
      { Key__c: 'a', Medium__c: 'cpc' },
      { Key__c: 'b', Medium__c: null },
    ].map((record) => bulk.encode(TARGET, record) ?? '')
    expect(await bulk.upload(tokens, '750A', TARGET, data(...lines))).toEqual({ kind: 'ok', value: null })
    expect(asked(`${JOB}/batches`)).toMatchObject([
      {
        method: 'PUT',
        body: 'Key__c,Medium__c\na,cpc\nb,#N/A\n',
        headers: { 'content-type': 'text/csv; charset=UTF-8', authorization: 'Bearer 00D!access' },
      },
    ])
  })

  test('is closed and aborted by its state', async () => {
    const { bulk, tokens, asked } = await aBulk({ [JOB]: json(200, { id: '750A' }) })
    expect(await bulk.close(tokens, '750A')).toEqual({ kind: 'ok', value: null })
    expect(await bulk.abort(tokens, '750A')).toEqual({ kind: 'ok', value: null })
    expect(asked(JOB).map(({ method, body }) => [method, JSON.parse(body)])).toEqual([
      ['PATCH', { state: 'UploadComplete' }],
      ['PATCH', { state: 'Aborted' }],
    ])
  })

  test.each([
    [{ state: 'Open' }, { kind: 'open', said: 'Open', complete: false, written: 0 }],
    [{ state: 'UploadComplete' }, { kind: 'working', complete: false }],
    [
      { state: 'InProgress', numberRecordsProcessed: 30, numberRecordsFailed: 10 },
      { kind: 'working', written: 20 },
    ],
    [
      { state: 'JobComplete', numberRecordsProcessed: 30, numberRecordsFailed: 30 },
      { kind: 'ended', complete: true, written: 0 },
    ],
    [{ state: 'Aborted' }, { kind: 'ended', complete: false }],
    [
      { state: 'Failed', errorMessage: 'InvalidBatch : Field name not found : X__c' },
      { kind: 'ended', complete: false, said: 'Failed: InvalidBatch' },
    ],
  ])('%j is understood', async (job, state) => {
    const { bulk, tokens } = await aBulk({ [JOB]: json(200, job) })
    expect(await bulk.state(tokens, '750A')).toMatchObject({ kind: 'ok', value: state })
  })

  test.each([
    ['no such job', 404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }], 'rejected'],
    ['another state', 400, [{ errorCode: 'INVALIDJOBSTATE', message: 'x' }], 'rejected'],
    ['an old session', 401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }], 'refresh'],
    ['no Bulk API', 400, [{ errorCode: 'FEATURENOTENABLED', message: 'x' }], 'permission'],
    ["the day's jobs used up", 400, [{ errorCode: 'EXCEEDEDQUOTA', message: 'x' }], 'rejected'],
    ["the day's calls used up", 403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'x' }], 'rate_limited'],
    ['too many', 429, 'slow down', 'rate_limited'],
    ['a page of HTML', 503, '<html>', 'transient'],
    ['a state nobody knows', 200, { state: 'Dreaming' }, 'transient'],
  ])('%s is refused as elsewhere', async (_what, status, body, verdict) => {
    const { bulk, tokens } = await aBulk({
      [JOB]: json(status, body),
      [`${JOB}/batches`]: json(status, body),
      [JOBS]: json(status, body),
    })
    const isQuota = JSON.stringify(body).includes('EXCEEDEDQUOTA') // says nothing of a job that is there
    expect((await bulk.state(tokens, '750A')).kind).toBe(isQuota ? 'rate_limited' : verdict)
    if (status === 200) return
    expect((await bulk.create(tokens, TARGET)).kind).toBe(verdict)
    expect((await bulk.close(tokens, '750A')).kind).toBe(verdict)
    expect((await bulk.upload(tokens, '750A', TARGET, data('x'))).kind).toBe(verdict)
    expect(await readAll(bulk.results(tokens, '750A', TARGET, ENDED))).toHaveLength(1)
  })

  test('sends its data and reads its results at no address that is not Salesforce’s', async () => {
    const { bulk, tokens, requests } = await aBulk({})
    const elsewhere = { ...tokens, apiOrigin: 'https://evil.example' }
    expect((await bulk.upload(elsewhere, '750A', TARGET, data('x'))).kind).toBe('misconfigured')
    expect(await readAll(bulk.results(elsewhere, '750A', TARGET, ENDED))).toEqual(['misconfigured'])
    expect(requests).toEqual([])
  })
})

describe('jobs that nobody knows of', () => {
  const since = new Date('2026-11-23T12:00:00Z')
  const mine = {
    id: '750X',
    state: 'Open',
    operation: 'upsert',
    object: 'Touch__c',
    externalIdFieldName: 'Key__c',
    createdById: '0055g00000yyyyyAAA',
    createdDate: '2026-11-23T12:00:03.000+0000',
  }

  test.each([
    ['in another state', { state: 'InProgress' }],
    ['another operation', { operation: 'insert' }],
    ['another object', { object: 'Lead' }],
    ['another external id', { externalIdFieldName: 'Other__c' }],
    ['of another user', { createdById: '0055g00000zzzzzAAA' }],
    ['older', { createdDate: '2026-11-23T11:58:00.000+0000' }],
    ['without a time', { createdDate: null }],
  ])('%s are left alone', async (_what, over) => {
    const { bulk, tokens, asked } = await aBulk({ [JOBS]: json(200, { done: true, records: [{ ...mine, ...over }] }) })
    expect(await bulk.abortForgotten(tokens, TARGET, since)).toEqual({ kind: 'ok', value: 0 })
    expect(asked(`${JOBS}/750X`)).toEqual([])
  })

  test('are aborted, on every page of the list', async () => {
    const { bulk, tokens, asked } = await aBulk({
      [JOBS]: (request, response) => {
        const isFirst = !request.url.includes('queryLocator')
        const next = isFirst ? `${JOBS}?queryLocator=1` : null
        json(200, { done: !isFirst, records: [{ ...mine, id: isFirst ? '750X' : '750Y' }], nextRecordsUrl: next })(
          request,
          response,
        )
      },
      [`${JOBS}/750X`]: json(200, {}),
      [`${JOBS}/750Y`]: json(400, [{ errorCode: 'INVALIDJOBSTATE', message: 'x' }]), // it was aborted meanwhile
    })
    expect(await bulk.abortForgotten(tokens, TARGET, since)).toEqual({ kind: 'ok', value: 2 })
    expect(asked(JOBS)[0]?.url).toContain('jobType=V2Ingest')
    expect(JSON.parse(asked(`${JOBS}/750X`)[0]?.body ?? '')).toEqual({ state: 'Aborted' })
  })

  test('are left alone when it is not known who we are', async () => {
    const { bulk, tokens } = await aBulk({ [JOBS]: json(200, { done: true, records: [mine] }) })
    expect(await bulk.abortForgotten({ ...tokens, identityUrl: null }, TARGET, since)).toEqual({ kind: 'ok', value: 0 })
  })
})

describe('results', () => {
  const SUCCESS = '"sf__Id","sf__Created","Key__c","Medium__c"\n"a0B1","true","a","x, ""y""\nz"\n"a0B2","false","b",""\n'
  const FAILED = '"sf__Id","sf__Error","key__c"\n"","REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --","c"\n'

  test('tell what became of each record', async () => {
    const { bulk, tokens } = await aBulk({
      [`${JOB}/successfulResults/`]: text(SUCCESS),
      [`${JOB}/failedResults/`]: text(FAILED),
    })
    expect(await readAll(bulk.results(tokens, '750A', TARGET, ENDED))).toEqual([
      { externalId: 'a', outcome: { kind: 'pushed', created: true } },
      { externalId: 'b', outcome: { kind: 'pushed', created: false } },
      {
        externalId: 'c',
        outcome: {
          kind: 'rejected',
          code: 'REQUIRED_FIELD_MISSING',
          message: 'Required fields are missing: [Name]',
          field: 'Name',
        },
      },
    ])
  })

  test('come in pages, and none may be none at all', async () => {
    const many = Array.from({ length: 2500 }, (_, place) => `"a","true","id${place}"\n`).join('')
    const { bulk, tokens } = await aBulk({
      [`${JOB}/successfulResults/`]: text(`"sf__Id","sf__Created","Key__c"\n${many}`),
      [`${JOB}/failedResults/`]: (_request, response) => response.writeHead(204).end(),
    })
    const pages: number[] = []
    for await (const page of bulk.results(tokens, '750A', TARGET, ENDED)) pages.push(page.kind === 'ok' ? page.value.length : -1)
    expect(pages).toEqual([1000, 1000, 500])
  })

  test('of which nobody knows whose they are say nothing', async () => {
    const { bulk, tokens } = await aBulk({
      [`${JOB}/successfulResults/`]: text(
        '"sf__Id","sf__Created","Key__c"\n"a","true",""\n"a","true"\n"a"b,"true","c"\n"a","true","d"\n',
      ),
      [`${JOB}/failedResults/`]: text('"sf__Id","sf__Error"\n"","X:y:--"\n'),
    })
    expect(await readAll(bulk.results(tokens, '750A', TARGET, ENDED))).toEqual([
      { externalId: 'd', outcome: { kind: 'pushed', created: true } },
    ])
  })

  test('that break off end in a verdict that passes', async () => {
    const { bulk, tokens } = await aBulk({
      [`${JOB}/successfulResults/`]: (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write(SUCCESS, () => response.destroy())
      },
    })
    const read = await readAll(bulk.results(tokens, '750A', TARGET, ENDED))
    expect(read.at(-1)).toBe('transient')
  })
})

describe('an error of a record', () => {
  test.each([
    ['UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--', { kind: 'retry', code: 'UNABLE_TO_LOCK_ROW' }],
    [
      'DUPLICATE_VALUE:duplicate value found: K__c duplicates value on record with id: 006Ov000004iYzq:--',
      {
        kind: 'rejected',
        code: 'DUPLICATE_VALUE',
        message: 'duplicate value found: K__c duplicates value on record with id: 006Ov000004iYzq',
      },
    ],
    ['STRING_TOO_LONG:Name: data value too large: a:b (max length=1):Name --', { kind: 'rejected', field: 'Name' }],
    [
      'FIELD_CUSTOM_VALIDATION_EXCEPTION:Pick one: a, b:A__c, B__c --',
      { kind: 'rejected', field: 'A__c', message: 'Pick one: a, b' },
    ],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION:no end', { kind: 'rejected', field: null, message: 'no end' }],
    ['INVALID_FIELD_FOR_INSERT_UPDATE:Unable to create/update fields: X__c:X__c --', { kind: 'held' }],
    ['INSUFFICIENT_ACCESS_OR_READONLY:insufficient access rights on object id:--', { kind: 'held' }],
    // Of the job, not of the record
    ['InvalidBatch : Field name not found : X__c', { kind: 'retry', code: 'InvalidBatch' }],
    ['DUPLICATE_VALUE:Duplicate external id specified: a:Key__c --', { kind: 'retry' }],
    ['', { kind: 'retry', code: 'unreadable_answer' }],
  ])('%s', (said, outcome) => {
    expect(readBulkError(said, false)).toMatchObject(outcome)
  })

  test('that is a lost right or one locked record is left to a smaller push when others were written', () => {
    const said = 'INSUFFICIENT_ACCESS_OR_READONLY:insufficient access rights on object id:--'
    expect(readBulkError(said, true)).toMatchObject({ kind: 'retry', code: 'INSUFFICIENT_ACCESS_OR_READONLY' })
  })
})
