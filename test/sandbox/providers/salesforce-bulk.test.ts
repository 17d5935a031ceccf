import { describe, expect, test } from 'vitest'
import { parseCsv } from '../../../src/sandbox/providers/salesforce/bulk-csv.ts'
import type { FakeOrg } from '../../../src/sandbox/providers/salesforce/org.ts'
import { aSalesforce, connect, TOUCHPOINTS, type TokenAnswer, UNIQUE_ID } from './salesforce-client.ts'

const JOB = { object: TOUCHPOINTS, operation: 'upsert', externalIdFieldName: UNIQUE_ID, contentType: 'CSV', lineEnding: 'LF' }
const MEDIUM = 'bizible2__Medium__c'
const CSV = `${UNIQUE_ID},${MEDIUM}\ntp_1,cpc\ntp_2,"a ""word"",\nand another"\n`

async function call(token: TokenAnswer, method: string, path: string, body?: string, type = 'application/json') {
  const response = await fetch(`${token.instance_url}/services/data/v67.0/jobs/ingest${path}`, {
    method,
    headers: { authorization: `Bearer ${token.access_token}`, 'content-type': type },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined }
}

const upload = (token: TokenAnswer, id: string, csv = CSV) => call(token, 'PUT', `/${id}/batches`, csv, 'text/csv')
const setState = (token: TokenAnswer, id: string, state: string) => call(token, 'PATCH', `/${id}`, JSON.stringify({ state }))
const stateOf = async (token: TokenAnswer, id: string) => (await call(token, 'GET', `/${id}`)).json

async function aJob(token: TokenAnswer, over: object = {}): Promise<string> {
  const { status, json } = await call(token, 'POST', '', JSON.stringify({ ...JOB, ...over }))
  expect([status, json.state]).toEqual([200, 'Open'])
  return json.id
}

async function aClosedJob(token: TokenAnswer, csv = CSV): Promise<string> {
  const id = await aJob(token)
  expect((await upload(token, id, csv)).status).toBe(201)
  expect((await setState(token, id, 'UploadComplete')).json.state).toBe('UploadComplete')
  return id
}

async function aFinishedJob(token: TokenAnswer, csv = CSV): Promise<string> {
  const id = await aClosedJob(token, csv)
  await stateOf(token, id)
  await stateOf(token, id)
  return id
}

async function anOrg(): Promise<{ token: TokenAnswer; org: FakeOrg } & AsyncDisposable> {
  const salesforce = await aSalesforce()
  const token = await connect(salesforce)
  return { token, org: salesforce.org('Acme Inc'), [Symbol.asyncDispose]: () => salesforce.close() }
}

describe('a bulk job', () => {
  test('goes on a step each time it is asked for, and its results tell of each record', async () => {
    await using world = await anOrg()
    const { token, org } = world
    org.rejectRecords({ matches: (id) => id === 'tp_2', code: 'REQUIRED_FIELD_MISSING', fields: ['Name'] })
    const id = await aClosedJob(token)
    expect(org.records(TOUCHPOINTS).size).toBe(0)
    expect((await stateOf(token, id)).state).toBe('UploadComplete')
    expect((await stateOf(token, id)).state).toBe('InProgress')
    expect(await stateOf(token, id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2, numberRecordsFailed: 1 })
    const record = org.records(TOUCHPOINTS).get('tp_1')
    expect(record?.fields).toMatchObject({ [MEDIUM]: 'cpc' })
    expect((await call(token, 'GET', `/${id}/successfulResults/`)).text).toBe(
      `"sf__Id","sf__Created","${UNIQUE_ID}","${MEDIUM}"\n"${record?.id}","true","tp_1","cpc"\n`,
    )
    expect((await call(token, 'GET', `/${id}/failedResults/`)).text).toBe(
      `"sf__Id","sf__Error","${UNIQUE_ID}","${MEDIUM}"\n"","REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --","tp_2","a ""word"",\nand another"\n`,
    )
    expect((await call(token, 'GET', `/${id}/unprocessedrecords/`)).text).toBe(`"${UNIQUE_ID}","${MEDIUM}"\n`)
  })

  test('that is worked on at once is done when somebody first asks for it', async () => {
    await using world = await anOrg()
    const { token, org } = world
    org.bulk.switches.atOnce = true
    const id = await aClosedJob(token)
    expect(org.records(TOUCHPOINTS).size).toBe(2)
    expect((await stateOf(token, id)).state).toBe('JobComplete')
  })

  test('never starts without being closed, and takes its data once', async () => {
    await using world = await anOrg()
    const { token, org } = world
    const id = await aJob(token)
    await upload(token, id)
    for (let asks = 0; asks < 4; asks++) expect((await stateOf(token, id)).state).toBe('Open')
    await upload(token, id)
    const closed = await setState(token, id, 'UploadComplete')
    expect([closed.status, closed.json[0].message]).toEqual([400, expect.stringContaining("only do 'PUT' once")])
    expect((await setState(token, id, 'Aborted')).json.state).toBe('Aborted')
    expect(org.records(TOUCHPOINTS).size).toBe(0)
  })

  test('takes nothing in a state in which it must not', async () => {
    await using world = await anOrg()
    const { token } = world
    const id = await aClosedJob(token)
    const refused = { status: 400, json: [{ errorCode: 'INVALIDJOBSTATE' }] }
    expect(await upload(token, id)).toMatchObject(refused)
    expect(await setState(token, id, 'UploadComplete')).toMatchObject(refused)
    expect((await setState(token, id, 'Aborted')).status).toBe(200)
    expect(await setState(token, id, 'Aborted')).toMatchObject(refused)
    const open = await aJob(token)
    expect(await call(token, 'DELETE', `/${open}`)).toMatchObject(refused)
    expect((await call(token, 'DELETE', `/${id}`)).status).toBe(204)
    expect((await call(token, 'GET', `/${id}`)).status).toBe(404)
    expect((await call(token, 'GET', `/${open}/other`)).status).toBe(404)
  })

  test('leaves fields with empty cells alone and empties those with #N/A', async () => {
    await using world = await anOrg()
    const { token, org } = world
    await aFinishedJob(token, `${UNIQUE_ID},${MEDIUM},bizible2__Keyword_Text__c\ntp_1,cpc,crm\n`)
    await aFinishedJob(token, `${UNIQUE_ID},${MEDIUM},bizible2__Keyword_Text__c\ntp_1,,#N/A\n`)
    const record = org.records(TOUCHPOINTS).get('tp_1')
    expect(record?.fields).toMatchObject({ [MEDIUM]: 'cpc', bizible2__Keyword_Text__c: null })
    expect([record?.created, record?.updated]).toEqual([1, 1])
  })

  test.each([
    ['an unknown field', `${UNIQUE_ID},Nope__c\ntp_1,x\n`, 'InvalidBatch : Field name not found : Nope__c'],
    ['line ends that are not LF', `${UNIQUE_ID}\r\ntp_1\r\n`, 'LineEnding is invalid on user data'],
    ['quotes that do not close', `${UNIQUE_ID}\n"tp_1\n`, 'InvalidBatch'],
  ])('with %s fails as a whole', async (_what, csv, message) => {
    await using world = await anOrg()
    const { token, org } = world
    const id = await aFinishedJob(token, csv)
    expect(await stateOf(token, id)).toMatchObject({ state: 'Failed', errorMessage: expect.stringContaining(message) })
    expect(org.records(TOUCHPOINTS).size).toBe(0)
  })

  test('that fails half way keeps what it wrote, and says what it did not come to', async () => {
    await using world = await anOrg()
    const { token, org } = world
    org.bulk.switches.failAfter = 1
    const id = await aFinishedJob(token)
    expect(await stateOf(token, id)).toMatchObject({ state: 'Failed', numberRecordsProcessed: 1 })
    expect(org.records(TOUCHPOINTS).size).toBe(1)
    expect((await call(token, 'GET', `/${id}/unprocessedrecords/`)).text).toContain('"tp_2"')
  })

  test.each([
    ['for an unknown object', { object: 'Nope__c' }, 'INVALIDENTITY'],
    ['by a field that is no external id', { externalIdFieldName: MEDIUM }, 'INVALIDJOB'],
  ])('%s is refused', async (_what, over, errorCode) => {
    await using world = await anOrg()
    const { token } = world
    expect(await call(token, 'POST', '', JSON.stringify({ ...JOB, ...over }))).toMatchObject({
      status: 400,
      json: [{ errorCode }],
    })
  })
})

test('jobs are listed page by page, with who made them', async () => {
  await using world = await anOrg()
  const { token, org } = world
  org.bulk.switches.pageSize = 2
  const ids = [await aJob(token), await aJob(token), await aJob(token)]
  const first = (await call(token, 'GET', '?jobType=V2Ingest')).json
  expect(first).toMatchObject({ done: false, records: [{ id: ids[0], state: 'Open', object: TOUCHPOINTS }, { id: ids[1] }] })
  expect(first.records[0].createdById).toBe(org.user('redkey@acme.example').id)
  const rest = (await call(token, 'GET', new URL(first.nextRecordsUrl, token.instance_url).search)).json
  expect(rest).toMatchObject({ done: true, nextRecordsUrl: null, records: [{ id: ids[2] }] })
})

describe('faults', () => {
  test('an answer is lost after the call was acted on, or before', async () => {
    await using world = await anOrg()
    const { token, org } = world
    const create = () => call(token, 'POST', '', JSON.stringify(JOB))
    org.bulk.loseAnswers('create')
    await expect(create()).rejects.toThrow()
    expect(org.bulk.jobs).toHaveLength(1)
    org.bulk.loseAnswers('create', 1, 'before')
    await expect(create()).rejects.toThrow()
    expect(org.bulk.jobs).toHaveLength(1)
    expect((await create()).status).toBe(200)
    expect(org.bulk.calls.get('create')).toBe(3)
  })

  test('a result breaks off once', async () => {
    await using world = await anOrg()
    const { token, org } = world
    const id = await aFinishedJob(token)
    org.bulk.cutResults('successfulResults', 30)
    await expect(call(token, 'GET', `/${id}/successfulResults/`)).rejects.toThrow()
    expect((await call(token, 'GET', `/${id}/successfulResults/`)).text).toContain('"tp_2"')
  })

  test('an upload that its sender breaks off is no upload', async () => {
    await using world = await anOrg()
    const { token, org } = world
    const id = await aJob(token)
    const stop = new AbortController()
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(CSV))
        setTimeout(() => stop.abort(), 50)
      },
    })
    const headers = { authorization: `Bearer ${token.access_token}`, 'content-type': 'text/csv' }
    const url = `${token.instance_url}/services/data/v67.0/jobs/ingest/${id}/batches`
    const init: RequestInit & { duplex: 'half' } = { method: 'PUT', headers, body, duplex: 'half', signal: stop.signal }
    await expect(fetch(url, init)).rejects.toThrow()
    await setState(token, id, 'UploadComplete')
    await stateOf(token, id)
    await stateOf(token, id)
    expect(org.records(TOUCHPOINTS).size).toBe(0)
  })

  test.each([
    ['off', 'FEATURENOTENABLED'],
    ['quotaUsed', 'EXCEEDEDQUOTA'],
  ] as const)('%s', async (name, errorCode) => {
    await using world = await anOrg()
    const { token, org } = world
    org.bulk.switches[name] = true
    expect((await call(token, 'POST', '', JSON.stringify(JOB))).json).toMatchObject([{ errorCode }])
  })
})

test.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\n"x,y","say ""hi""\nthere"\n',
    [
      ['a', 'b'],
      ['x,y', 'say "hi"\nthere'],
    ],
  ],
  [
    'a,b\n,\n',
    [
      ['a', 'b'],
      ['', ''],
    ],
  ],
  [
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a\n"x"y\n', null],
  ['a\nx"y\n', null],
])('a CSV is taken apart: %j', (text, records) => {
  expect(parseCsv(text)).toEqual(records)
})
