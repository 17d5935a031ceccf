import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../../src/domain/store.ts'
import { type ImportDeps, importFile } from '../../../src/inbound/cli/import/import-file.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { createProviders } from '../../../src/outbound/providers/registry.ts'
import { openStore } from '../../../src/outbound/store/store.ts'
import { addConnection, aMapping, anAuditEntry, at, aWorkspace } from '../../support/builders.ts'
import { handClock } from '../../support/hand-clock.ts'

const WHEN = '2026-11-20T10:00:00Z'
const clock = handClock()
const salesforce = { clientId: 'c', clientSecret: 's', loginUrl: 'https://login.salesforce.com' }

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redkey-import-'))
  store = await openStore(`file:${folder}/redkey.db`, { stamp: 'live' })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

async function aCrm(name = 'salesforce'): Promise<string> {
  await store.workspaces.save(aWorkspace({ teamId: 'T1' }), at(0))
  return (await addConnection(store, { name })).id
}

function aFile(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function rows(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => `${JSON.stringify({ id: `tp_${from + index}`, occurredAt: WHEN })}\n`).join(
    '',
  )
}

async function run(path: string, over: Partial<ImportDeps> & { connection?: string; isTTY?: boolean } = {}) {
  const written = { output: '', errors: '' }
  const { connection = null, isTTY = false, ...deps } = over
  const code = await importFile(
    {
      store,
      clock,
      providers: createProviders({ salesforce }, { http: createHttp(clock), clock }),
      stopping: new AbortController().signal,
      wait: async () => undefined,
      command: '/connections',
      ...deps,
    },
    { path, connection },
    {
      output: { write: (text) => (written.output += text) },
      errors: { write: (text) => (written.errors += text), isTTY },
    },
  )
  return { code, ...written }
}

const refusedOf = (path: string) =>
  readFileSync(`${path}.rejected.ndjson`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { line: number; id: string | null; code: string; message: string })

const sidecar = (path: string) => `${path}.redkey-progress`

test('takes CSV as spreadsheets write it, and says of each refused line which and why', async () => {
  const id = await aCrm()
  await store.connections.setMapping(id, aMapping(), anAuditEntry({ connectionId: id }))
  const lines = [
    '\uFEFFid,occurredAt,person.email,custom.Region__c,campaignName',
    `a,${WHEN},a@b.example,007,"He said ""buy"",\r\ntwice"`,
    '',
    ',,,,',
    `b,yesterday,,,`,
    `c,${WHEN},,,"open" end`,
    `d,${WHEN},too,few`,
    `e,${WHEN},,,`,
    '',
  ]
  const path = aFile('spread.CSV', lines.join('\r\n'))
  const { code, output } = await run(path)
  expect(code).toBe(2)
  expect(output).toBe(`5 rows: 2 taken, 3 refused.\nWhich lines and why: ${path}.rejected.ndjson\n`)
  expect(refusedOf(path)).toEqual([
    { line: 6, id: 'b', code: 'invalid_touchpoint', message: expect.stringContaining('occurredAt') },
    { line: 7, id: null, code: 'malformed_record', message: expect.stringContaining('quote') },
    { line: 8, id: null, code: 'malformed_record', message: 'The row has 4 cells, the header has 5.' },
  ])
  const waiting = await store.outbox.waiting(id, 0, at(0), 10)
  expect(waiting.map(({ payload }) => JSON.parse(payload))).toEqual([
    {
      id: 'a',
      occurredAt: WHEN,
      person: { email: 'a@b.example' },
      custom: { Region__c: '007' },
      campaignName: 'He said "buy",\r\ntwice',
    },
    { id: 'e', occurredAt: WHEN },
  ])
  expect(existsSync(sidecar(path))).toBe(false)
  expect(statSync(`${path}.rejected.ndjson`).mode & 0o777).toBe(0o600)
})

test('takes NDJSON as the API does', async () => {
  const id = await aCrm()
  const path = aFile(
    'lines.ndjson',
    Buffer.concat([Buffer.from(`${rows(0, 2)}\n{"id":\n`), Buffer.from([0xff, 0x0a]), Buffer.from(`[]\n${rows(1, 2)}`)]),
  )
  expect(await run(path)).toMatchObject({
    code: 2,
    output: expect.stringContaining('7 rows: 3 taken, 1 known already, 3 refused.'),
  })
  expect(refusedOf(path).map(({ line, code }) => [line, code])).toEqual([
    [4, 'malformed_record'],
    [5, 'malformed_record'],
    [6, 'invalid_touchpoint'],
  ])
  expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 3 })
  writeFileSync(path, rows(10, 1))
  expect(await run(path)).toMatchObject({ code: 0, output: '1 row: 1 taken, 0 refused.\n' })
  expect(existsSync(`${path}.rejected.ndjson`)).toBe(false)
})

test('goes on after the last rows that were taken, and counts every row once', async () => {
  const id = await aCrm()
  const content = `${rows(0, 2500)}nonsense\n${rows(2500, 1000)}`
  const path = aFile('big.jsonl', `nonsense\n${content}`)
  const stopping = new AbortController()
  const accept = store.outbox.accept
  let batches = 0
  store.outbox.accept = (...args: Parameters<typeof accept>) => {
    batches += 1
    if (batches === 3) stopping.abort()
    return accept(...args)
  }
  const stopped = await run(path, { stopping: stopping.signal })
  expect(stopped).toMatchObject({ code: 130, errors: expect.stringContaining('Stopped after 3,000 rows') })
  expect(existsSync(sidecar(path))).toBe(true)
  // A crash between the two files: what was written of rows that come again goes.
  appendFileSync(`${path}.rejected.ndjson`, '{"line":9999}\n')
  const again = await run(path)
  expect(again).toMatchObject({ code: 2, output: expect.stringContaining('3,502 rows: 3,500 taken, 2 refused.') })
  expect(again.errors).toContain('Going on after line 3,000')
  expect(refusedOf(path).map(({ line }) => line)).toEqual([1, 2502])
  expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 3500, superseded: 0 })
  expect(existsSync(sidecar(path))).toBe(false)
})

test('begins anew when the file, or where it goes, is another one', async () => {
  await aCrm()
  const path = aFile('changing.ndjson', rows(0, 1500))
  const stop = () => {
    const stopping = new AbortController()
    const accept = store.outbox.accept
    store.outbox.accept = (...args: Parameters<typeof accept>) => {
      stopping.abort()
      store.outbox.accept = accept
      return accept(...args)
    }
    return { stopping: stopping.signal }
  }
  expect((await run(path, stop())).code).toBe(130)
  expect(await run(path, { connection: 'salesforce', ...stop() })).toMatchObject({
    code: 130,
    errors: expect.stringMatching(/beginning anew[\s\S]*Stopped after 1,000/),
  })
  utimesSync(path, new Date(0), new Date(0))
  expect(await run(path, { connection: 'salesforce', ...stop() })).toMatchObject({
    errors: expect.stringContaining('beginning anew'),
  })
  writeFileSync(sidecar(path), '{"version":1,"err')
  expect(await run(path)).toMatchObject({ code: 0, output: '1,500 rows: 500 taken, 1,000 known already, 0 refused.\n' })
})

test('waits while the server holds the database, and gives up after a bounded number of tries', async () => {
  const id = await aCrm()
  const other = new Database(`${folder}/redkey.db`)
  const path = aFile('busy.ndjson', rows(0, 10))
  other.exec('begin immediate')
  let waits = 0
  const release = async () => {
    waits += 1
    if (waits === 2) other.exec('rollback')
  }
  expect(await run(path, { wait: release })).toMatchObject({ code: 0 })
  expect(waits).toBe(2)

  const full = () => Promise.reject(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))
  let tries = 0
  const { accept } = store.outbox
  store.outbox.accept = () => {
    tries += 1
    return full()
  }
  writeFileSync(path, rows(0, 12))
  await expect(run(path)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', next: expect.stringContaining('same command') })
  expect(tries).toBe(60)
  store.outbox.accept = accept
  expect(await run(path)).toMatchObject({ code: 0, output: '12 rows: 2 taken, 10 known already, 0 refused.\n' })
  expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 12 })
  other.close()
})

test('says what is missing before it reads a row', async () => {
  const path = aFile('some.csv', `id,occurredAt\na,${WHEN}\n`)
  expect(await run(path)).toMatchObject({ code: 1, errors: expect.stringContaining('not been connected to Slack yet') })
  await store.workspaces.save(aWorkspace({ teamId: 'T1' }), at(0))
  expect(await run(path)).toMatchObject({ code: 1, errors: expect.stringContaining('/connections add') })
  const id = await aCrm()
  const none = createProviders({ salesforce: undefined }, { http: createHttp(clock), clock })
  expect(await run(path, { providers: none })).toMatchObject({
    code: 1,
    errors: expect.stringContaining('client id for salesforce'),
  })
  expect(await run(path, { connection: 'salesfroce' })).toMatchObject({
    code: 1,
    errors: expect.stringContaining('Is salesforce meant?'),
  })
  expect(await run(join(folder, 'none.csv'))).toMatchObject({ code: 1, errors: expect.stringContaining('There is no file') })
  expect(await run(folder)).toMatchObject({ code: 1, errors: expect.stringContaining('There is no file') })
  expect(await run(aFile('a.xlsx', 'PK'))).toMatchObject({ code: 1, errors: expect.stringContaining('.csv, .ndjson or .jsonl') })
  expect(await run(aFile('wide.csv', Buffer.from('\uFEFFid', 'utf16le')))).toMatchObject({
    code: 1,
    errors: expect.stringContaining('UTF-16'),
  })
  expect(await run(aFile('empty.csv', ''))).toMatchObject({ code: 1, errors: expect.stringContaining('empty') })
  expect(await run(aFile('typo.csv', 'id,occurredAt,mediun\n'))).toMatchObject({
    code: 1,
    errors: expect.stringContaining('"medium"'),
  })
  await addConnection(store, { name: 'uat' })
  expect(await run(path)).toMatchObject({ code: 1, errors: expect.stringContaining('(salesforce, uat)') })
  expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 0 })
  expect(await run(path, { connection: 'uat' })).toMatchObject({ code: 0 })
  const named = aFile('named.csv', `id,occurredAt,connection\nb,${WHEN},salesforce\nc,${WHEN},\n`)
  expect(await run(named, { connection: 'uat' })).toMatchObject({ code: 0 })
  expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 1 })
})

test('a quote that is never closed swallows nothing unseen', async () => {
  const id = await aCrm()
  const path = aFile('open.csv', `id,occurredAt,medium\na,${WHEN},cpc\nb,${WHEN},"cpc\nc,${WHEN},cpc\n`)
  expect(await run(path)).toMatchObject({ code: 2, output: expect.stringContaining('2 rows: 1 taken, 1 refused') })
  expect(refusedOf(path)).toEqual([
    expect.objectContaining({ line: 3, message: expect.stringContaining('nothing below it was read') }),
  ])
  expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 1 })
})

test('draws a bar on a terminal, and tells a line now and then elsewhere', async () => {
  await aCrm()
  const path = aFile('shown.ndjson', rows(0, 3000))
  const ticking = handClock()
  const tick = {
    now: () => {
      ticking.turn(2_000)
      return ticking.now()
    },
  }
  const plain = await run(path, { clock: tick })
  expect(plain.errors).toMatch(/^\d+ % · [\d,]+ rows · [\d,]+\/s · \d+ s left\n/)
  expect(plain.errors).not.toContain('\r')
  const bar = await run(path, { clock: tick, isTTY: true })
  expect(bar.errors).toMatch(/^\r▓+░+ 32 % · 1,000 rows/)
  expect(bar.errors).toMatch(/▓{24} 100 % · 3,000 rows.*\n$/)
})
