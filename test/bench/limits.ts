import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { startLeanCrm } from './crm.ts'
import { sendAll } from './send.ts'

/** What `src/app.ts` keeps under way to one CRM at most, times the records of one request. */
export const IN_FLIGHT = 16
export const A_PUSH = 200

/** Rows a second that better-sqlite3 stores and syncs without anything of ours: no index, no check, `aTransaction` rows at once. */
export function bareSqlite(payloads: readonly string[], aTransaction: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-bench-'))
  const database = new Database(join(folder, 'bare.db'))
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.exec('create table rows (id integer primary key, payload text not null)')
    const insert = database.prepare('insert into rows (payload) values (?)')
    const insertAll = database.transaction((some: readonly string[]) => {
      for (const payload of some) insert.run(payload)
    })
    const start = performance.now()
    for (let from = 0; from < payloads.length; from += aTransaction) insertAll(payloads.slice(from, from + aTransaction))
    return perSecond(payloads.length, performance.now() - start)
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Records a second that the generator brings to a server which reads them and throws them away. */
export async function networkIn(bodies: readonly Buffer[], aRequest: number, inFlight: number): Promise<number> {
  await using crm = await startLeanCrm()
  const target = { url: `${crm.url}/sink`, method: 'POST', headers: {}, expected: 202 } as const
  const start = performance.now()
  await sendAll(target, bodies, inFlight)
  return perSecond(bodies.length * aRequest, performance.now() - start)
}

/** Records a second that the lean CRM takes from a client that has nothing to do but to send. */
export async function networkOut(latencyMs: number, records: number): Promise<number> {
  await using crm = await startLeanCrm()
  await crm.begin(latencyMs, null)
  const record = { attributes: { type: 'Object__c' }, text: 'x'.repeat(700) }
  const body = Buffer.from(JSON.stringify({ allOrNone: false, records: Array(A_PUSH).fill(record) }))
  const headers = { 'content-type': 'application/json' }
  const target = { url: `${crm.url}/composite`, method: 'PATCH', headers, expected: 200 } as const
  await sendAll(target, Array(Math.ceil(records / A_PUSH)).fill(body), IN_FLIGHT)
  const { records: received, firstAt, lastAt } = await crm.report()
  return perSecond(received, lastAt - firstAt)
}

export function perSecond(count: number, ms: number): number {
  return (count / ms) * 1000
}
