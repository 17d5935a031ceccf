import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { openPostgres } from '../../../src/outbound/store/postgres.ts'
import { createStore, stampDatabase } from '../../../src/outbound/store/store.ts'
import { soon } from '../../support/acts.ts'
import { addConnection, at, touchpoints } from '../../support/builders.ts'
import { dialects, newDatabase } from '../../support/dialects.ts'

/** What becomes of bytes on their way to the server. */
type Fate = 'arrive' | 'vanish' | 'cut the line'

async function aLine(url: string) {
  let fate: (bytes: Buffer) => Fate = () => 'arrive'
  const sockets = new Set<Socket>()
  const { hostname, port } = new URL(url)
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
    near.on('data', (bytes) => {
      const becomes = fate(bytes)
      if (becomes === 'arrive') far.write(bytes)
      if (becomes === 'cut the line') near.destroy()
    })
    far.pipe(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: Object.assign(new URL(url), { port: String((server.address() as AddressInfo).port) }).href,
    decide(next: typeof fate): void {
      fate = next
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

async function aStore(url: string, answerMs?: number) {
  const dialect = openPostgres(url, answerMs)
  await dialect.migrate()
  await stampDatabase(dialect, 'live')
  return { store: createStore(dialect), [Symbol.asyncDispose]: () => dialect.close() }
}

async function aClient(url: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  return { client, [Symbol.asyncDispose]: () => client.end() }
}

describe.skipIf(dialects.some(({ name, missing }) => name === 'postgres' && missing !== null))('PostgreSQL that is lost', () => {
  test('within a transaction fails that transaction and nothing else', async () => {
    const url = await newDatabase()
    await using opened = await aStore(url)
    await using holder = await aClient(url)
    const { store } = opened
    const { id } = await addConnection(store)
    await holder.client.query('begin')
    await holder.client.query('select * from backlogs for update')
    const accepting = store.outbox.accept(id, touchpoints(1), at(1)).catch((error: Error) => error)
    const ours = `from pg_stat_activity where application_name = 'redkey' and datname = current_database()`
    await soon('the accept waits for the lock', async () => {
      const { rowCount } = await holder.client.query(`select 1 ${ours} and wait_event_type = 'Lock'`)
      return rowCount === 1
    })
    await holder.client.query(`select pg_terminate_backend(pid) ${ours}`)
    expect(await accepting).toBeInstanceOf(Error)
    await holder.client.query('rollback')
    expect(await store.outbox.accept(id, touchpoints(1), at(2))).toEqual(['accepted'])
    expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 1 })
  })

  test('at the begin of transactions, however many, leaves a pool that works', async () => {
    const url = await newDatabase()
    await using line = await aLine(url)
    await using opened = await aStore(line.url)
    const { store } = opened
    line.decide((bytes) => (bytes.includes('begin') ? 'cut the line' : 'arrive'))
    for (let turn = 0; turn < 12; turn++) await expect(store.checks.claim(at(0), at(1), 'me', 1)).rejects.toThrow()
    line.decide(() => 'arrive')
    await expect(store.ping()).resolves.toBeUndefined()
    expect(await store.checks.claim(at(0), at(1), 'me', 1)).toEqual([])
  })

  test('without a word fails what was asked after a while, and is found again when it is back', async () => {
    const url = await newDatabase()
    await using line = await aLine(url)
    await using opened = await aStore(line.url, 500)
    const { store } = opened
    await Promise.all([store.ping(), store.ping()])
    line.decide(() => 'vanish')
    const asked = await Promise.allSettled([store.ping(), store.checks.claim(at(0), at(1), 'me', 1)])
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    line.decide(() => 'arrive')
    await expect(store.ping()).resolves.toBeUndefined()
    expect(await store.checks.claim(at(0), at(1), 'me', 1)).toEqual([])
  })

  test('ends a statement that takes too long in the server, too, but not a migration', async () => {
    const url = await newDatabase()
    await using holder = await aClient(url)
    await holder.client.query('begin')
    await holder.client.query('create schema drizzle') // the migration makes it first
    const opening = aStore(url, 200)
    await setTimeout(600)
    await holder.client.query('rollback')
    await using opened = await opening
    const { store } = opened
    const { id } = await addConnection(store)
    await holder.client.query('begin')
    await holder.client.query('select * from backlogs for update')
    await expect(store.outbox.accept(id, touchpoints(1), at(1))).rejects.toThrow()
    await soon('nobody waits for the lock', async () => {
      const { rowCount } = await holder.client.query(`select 1 from pg_stat_activity where wait_event_type = 'Lock'`)
      return rowCount === 0
    })
    await holder.client.query('rollback')
  })
})
