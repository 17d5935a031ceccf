import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../../src/outbound/store/store.ts'
import { aConnection, aGrant, aMapping, aMessage, anOutage, at } from '../../support/builders.ts'
import { contract, dialects, newDatabase } from '../../support/dialects.ts'

contract('the schema', (world) => {
  test('gives back every kind of column exactly as it was written', async () => {
    const { queries, tables } = world().dialect
    const grant = aGrant({ scopes: ['api', 'größe “x”'], authorizedBy: null, refreshExpiresAt: at(1) })
    await queries.insert(tables.grants).values(grant)
    expect(await queries.select().from(tables.grants)).toEqual([grant])
    const { health, ...connection } = aConnection({ grantId: grant.id, accountName: '😀 Åcme\n‮' })
    await queries.insert(tables.connections).values({ ...connection, ...health })
    expect(await queries.select().from(tables.connections)).toEqual([{ ...connection, ...health }])
    const outage = anOutage({ connectionId: connection.id, superseded: 2 ** 53 - 1, closedAt: at(999) })
    await queries.insert(tables.outages).values(outage)
    expect(await queries.select().from(tables.outages)).toEqual([outage])
    const notice = { kind: 'scope_missing' as const, missing: ['api'], username: 'ops' }
    const { detour: _, ...plain } = aMessage({ connectionId: connection.id, broadcast: true, notice })
    const message = { ...plain, detourFrom: null, detourReason: null, detourAt: at(7), dueAt: null, leasedBy: null }
    const queued = {
      leasedUntil: at(-1),
      shownAt: null,
      claimedWaiting: 0,
      claimedSettled: 2 ** 40,
      trouble: null,
      gaveUp: false,
    }
    await queries.insert(tables.messages).values({ ...message, ...queued })
    expect(await queries.select().from(tables.messages)).toEqual([{ ...message, ...queued }])
    await queries.insert(tables.mappings).values({ connectionId: connection.id, mapping: aMapping() })
    expect(await queries.select().from(tables.mappings)).toEqual([{ connectionId: connection.id, mapping: aMapping() }])
    const version = { key: 2 ** 53 - 1, connectionNo: 2 ** 19 - 1, id: 'tp', acceptedAt: at(5) }
    const known = { ...version, segment: 2 ** 53 - 2, hash: 'h', superseded: 3 }
    await queries.insert(tables.touchpointIds).values(known)
    expect(await queries.select().from(tables.touchpointIds)).toEqual([known])
    const none = { dueAt: null, code: null, message: null, field: null, settledAt: null, payload: null }
    const stray = { ...version, ...none, attempts: 1, state: 'waiting' as const }
    await queries.insert(tables.strays).values(stray)
    expect(await queries.select().from(tables.strays)).toEqual([stray])
  })

  test('takes text that contains U+0000', async () => {
    const { queries, tables } = world().dialect
    const grant = aGrant({ username: 'a\0b', scopes: ['c\0d'] })
    await queries.insert(tables.grants).values(grant)
    const [stored] = await queries.select().from(tables.grants).where(eq(tables.grants.id, grant.id))
    expect(stored?.username).toMatch(/^a.b$/s)
    expect(stored?.scopes[0]).toMatch(/^c.d$/s)
  })

  test('answers a ping', async () => {
    await expect(world().store.ping()).resolves.toBeUndefined()
  })
})

describe('opening a database', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'redkey-open-'))
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  test('makes the folder and the file for their owner only', async () => {
    const store = await openStore(`file:${dir}/deep/data/redkey.db`, { stamp: 'live' })
    await store.close()
    expect(statSync(`${dir}/deep/data`).mode & 0o777).toBe(0o700)
    expect(statSync(`${dir}/deep/data/redkey.db`).mode & 0o777).toBe(0o600)
  })

  test('takes an absolute file URL', async () => {
    await (await openStore(`file://${dir}/absolute.db`, { stamp: 'live' })).close()
    expect(statSync(`${dir}/absolute.db`).isFile()).toBe(true)
  })

  test('finds what was stored when it is opened again', async () => {
    const first = await openStore(`file:${dir}/again.db`, { stamp: 'live' })
    await first.tickets.useOnce('t', at(0), at(1))
    await first.close()
    const second = await openStore(`file:${dir}/again.db`, { stamp: 'live', createIfMissing: false })
    expect(await second.tickets.useOnce('t', at(0), at(1))).toBe(false)
    await second.close()
  })

  test('is made once when several processes start at the same moment', async () => {
    const store = new URL('../../../src/outbound/store/store.ts', import.meta.url).href
    const open = `const { openStore } = await import('${store}'); await (await openStore('file:${dir}/race.db', { stamp: 'live' })).close()`
    const starts = Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', open]))
    await Promise.all(starts)
    await (await openStore(`file:${dir}/race.db`, { stamp: 'live', createIfMissing: false })).close()
  }, 30_000)

  test('refuses a sandbox database to a live process, and a live one to the sandbox', async () => {
    await (await openStore(`file:${dir}/sandbox.db`, { stamp: 'sandbox' })).close()
    await (await openStore(`file:${dir}/live.db`, { stamp: 'live' })).close()
    const wrong = { code: 'DATABASE_WRONG_KIND', next: expect.any(String) }
    await expect(openStore(`file:${dir}/sandbox.db`, { stamp: 'live' })).rejects.toMatchObject(wrong)
    await expect(openStore(`file:${dir}/live.db`, { stamp: 'sandbox' })).rejects.toMatchObject(wrong)
  })

  test.each(['live', 'sandbox'] as const)('leaves a file of another program exactly as it is (%s)', async (stamp) => {
    const path = `${dir}/foreign-${stamp}.db`
    const foreign = new Database(path)
    foreign.exec('create table meta (key text); create table albums (id integer primary key)')
    foreign.close()
    chmodSync(path, 0o644)
    const before = readFileSync(path)
    const opening = openStore(`file:${path}`, { stamp })
    await expect(opening).rejects.toMatchObject({ code: 'DATABASE_WRONG_KIND', next: expect.any(String) })
    expect(readFileSync(path)).toEqual(before)
    expect(statSync(path).mode & 0o777).toBe(0o644)
  })

  test('takes a file that is still empty', async () => {
    writeFileSync(`${dir}/empty.db`, '')
    await (await openStore(`file:${dir}/empty.db`, { stamp: 'live' })).close()
    await (await openStore(`file:${dir}/empty.db`, { stamp: 'live', createIfMissing: false })).close()
  })

  test('says what is wrong with a file that is missing or is no database', async () => {
    writeFileSync(`${dir}/text.db`, 'this is not a database, but long enough to be looked at as one'.repeat(20))
    const missing = openStore(`file:${dir}/none.db`, { stamp: 'live', createIfMissing: false })
    await expect(missing).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', next: expect.stringContaining('path') })
    const text = openStore(`file:${dir}/text.db`, { stamp: 'live' })
    await expect(text).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', next: expect.stringContaining('not a SQLite') })
  })

  test('says what is wrong with an address, without its password', async () => {
    await expect(openStore('mysql://x', { stamp: 'live' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    const closed = openStore('postgres://me:hush@127.0.0.1:1/db', { stamp: 'live' })
    await expect(closed).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.not.stringContaining('hush'),
      next: expect.stringContaining('Start PostgreSQL'),
    })
  })
})

describe.skipIf(dialects.some(({ name, missing }) => name === 'postgres' && missing !== null))('opening PostgreSQL', () => {
  test('migrates once when many processes start at the same moment', async () => {
    const url = await newDatabase()
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url, { stamp: 'live' })))
    for (const store of stores) await store.ping()
    await Promise.all(stores.map((store) => store.close()))
  })

  test('keeps the stamp of whoever came first', async () => {
    const url = await newDatabase()
    const opened = await Promise.allSettled([openStore(url, { stamp: 'live' }), openStore(url, { stamp: 'sandbox' })])
    expect(opened.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close()
  })

  test('names a database that does not exist', async () => {
    const nowhere = Object.assign(new URL(await newDatabase()), { pathname: '/nowhere' }).href
    await expect(openStore(nowhere, { stamp: 'live' })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('nowhere'),
      next: expect.stringContaining('Create the database'),
    })
  })
})
