// npm run bench: ingest and catch-up of the main job, each beside a limit measured in the same run.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { until } from '../../src/sandbox/until.ts'
import { aLiveRedkey } from '../support/live.ts'
import { TOUCHPOINT_OBJECT } from '../support/world.ts'

const RECORDS = 200_000
const A_REQUEST = 1000
const IN_FLIGHT = 4
const CRM_LATENCY_MS = 50
/** What `src/app.ts` keeps under way to one CRM, times records a request. */
const NETWORK_BOUND = ((16 * 200) / CRM_LATENCY_MS) * 1000

const body = (from: number) =>
  JSON.stringify(
    Array.from({ length: A_REQUEST }, (_, index) => ({
      id: `tp_${from + index}`,
      occurredAt: '2026-11-20T10:00:00Z',
      type: 'Web Visit',
      channel: 'Paid Search',
      channelPath: 'Paid Search.Brand',
      source: 'google',
      medium: 'cpc',
      campaignName: 'Brand',
      landingPage: `https://acme.example/${'x'.repeat(360)}`,
      referrerPage: `https://search.example/${'y'.repeat(120)}`,
    })),
  )

function bareInsert(payloads: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-bench-'))
  const database = new Database(join(folder, 'bare.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('create table rows (id integer primary key, payload text not null)')
  const insert = database.prepare('insert into rows (payload) values (?)')
  const start = performance.now()
  for (let from = 0; from < payloads.length; from += A_REQUEST) {
    database.transaction(() => {
      for (const payload of payloads.slice(from, from + A_REQUEST)) insert.run(payload)
    })()
  }
  const perSecond = (payloads.length / (performance.now() - start)) * 1000
  database.close()
  rmSync(folder, { recursive: true })
  return perSecond
}

function line(what: string, perSecond: number, limit: number, goal: number): void {
  const rate = Math.round(perSecond).toLocaleString('en')
  process.stdout.write(
    `${what.padEnd(46)} ${rate.padStart(9)}/s  ${(perSecond / limit).toFixed(2)} of ${Math.round(limit).toLocaleString('en')}/s (goal ${goal})\n`,
  )
}

const bodies = Array.from({ length: RECORDS / A_REQUEST }, (_, index) => body(index * A_REQUEST))
const payloads = bodies.flatMap((text) => (JSON.parse(text) as object[]).map((record) => JSON.stringify(record)))
const bare = bareInsert(payloads)

await using live = await aLiveRedkey({ LOG_LEVEL: 'error' })
await live.start()
await live.connect()
await until('the first check', () => live.slack.calls.length > 2, 10_000)
live.acme.revokeGrant()
await live.reauthorizeLink()

const headers = { authorization: `Bearer ${live.env['REDKEY_API_TOKENS']}`, 'content-type': 'application/json' }
const queue = [...bodies]
const ingestStart = performance.now()
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const answer = await fetch(`${live.url}/v1/touchpoints`, { method: 'POST', headers, body: next })
      if (answer.status !== 202) throw new Error(`ingest answered ${answer.status}`)
      await answer.arrayBuffer()
    }
  }),
)
line('ingest, 1000 a request, durable', (RECORDS / (performance.now() - ingestStart)) * 1000, bare, 0.5)

live.acme.switches.latencyMs = CRM_LATENCY_MS
await live.reauthorize()
await until('the first record at Acme', () => live.acme.records(TOUCHPOINT_OBJECT).size > 0, 10_000)
const catchUpStart = performance.now()
await until('all records at Acme', () => live.acme.records(TOUCHPOINT_OBJECT).size === RECORDS, 300_000)
line(
  `catch-up, CRM of ${CRM_LATENCY_MS} ms, 200 a request`,
  (RECORDS / (performance.now() - catchUpStart)) * 1000,
  NETWORK_BOUND,
  0.95,
)
