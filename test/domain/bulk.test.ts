import { describe, expect, test } from 'vitest'
import type { BulkCrm } from '../../src/domain/crm.ts'
import { type BulkJob, pollAgainAt, targetOf } from '../../src/domain/outbox/bulk-job.ts'
import { nextTarget, pieceOf } from '../../src/domain/outbox/bulk-piece.ts'
import { createHttp } from '../../src/outbound/providers/http.ts'
import { createProviders } from '../../src/outbound/providers/registry.ts'
import { openStore } from '../../src/outbound/store/store.ts'
import { addConnection, aMapping, at } from '../support/builders.ts'

const MAPPING = aMapping()
const NOT_STOPPING = new AbortController().signal
const salesforce = { clientId: 'c', clientSecret: 's', loginUrl: 'https://login.salesforce.com' }
const clock = { now: () => at(0) }

function aBulk(over: Partial<BulkCrm> = {}): BulkCrm {
  const crm = createProviders({ salesforce }, { http: createHttp(clock), clock }).get('salesforce')
  if (!crm || !('bulk' in crm)) throw new Error('Salesforce has no bulk interface')
  return { ...(crm.bulk as BulkCrm), ...over }
}

/** A store with one connection and touchpoints of these ids; `custom` is what each says beside its id. */
async function aStore(ids: readonly string[], textOf: (id: string) => string = () => 'x') {
  const store = await openStore(':memory:', { stamp: 'sandbox' })
  const { id: connectionId } = await addConnection(store)
  const all = ids.map((id) => {
    const payload = JSON.stringify({ id, occurredAt: '2026-11-20T10:00:00Z', channel: textOf(id) })
    return { id, hash: payload, payload }
  })
  for (let from = 0; from < all.length; from += 1000) await store.outbox.accept(connectionId, all.slice(from, from + 1000), at(0))
  const job: BulkJob = {
    connectionId,
    phase: 'uploading',
    jobId: '750A',
    target: 'touchpoints',
    object: MAPPING.touchpoints.object,
    externalIdField: MAPPING.touchpoints.externalIdField,
    afterKey: 0,
    upToKey: 0,
    records: 0,
    polls: 0,
    dueAt: at(0),
    begunAt: at(0),
    version: 0,
  }
  return { store, job, [Symbol.asyncDispose]: () => store.close() }
}

async function sent(piece: { data: AsyncIterable<string> }): Promise<string[]> {
  let all = ''
  for await (const text of piece.data) all += text
  return all.split('\n').slice(0, -1)
}

describe('a piece of a backlog', () => {
  const ids = Array.from({ length: 2500 }, (_, place) => `tp_${place}`)

  test('is all of it when that fits, read in pages', async () => {
    await using world = await aStore(ids)
    const piece = pieceOf({ ...world, stopping: NOT_STOPPING }, aBulk(), world.job, MAPPING, MAPPING.touchpoints)
    expect(await sent(piece)).toEqual(ids.map((id) => `${id},x,`))
    expect(piece.records).toBe(2500)
    expect(await world.store.bulkJobs.fresh(world.job.connectionId, piece.upToKey, 1, 1)).toEqual([])
  })

  test.each<[string, Partial<BulkCrm>, number]>([
    ['records', { maxRecords: 1200 }, 1200],
    ['bytes', { maxBytes: 7 * 8 + 3 }, 7],
  ])('ends at the most %s, and the next begins right after it', async (_what, limits, count) => {
    await using world = await aStore(ids)
    const deps = { ...world, stopping: NOT_STOPPING }
    const first = pieceOf(deps, aBulk(limits), world.job, MAPPING, MAPPING.touchpoints)
    const lines = await sent(first)
    expect([lines.length, first.records]).toEqual([count, count])
    const next = { ...world.job, afterKey: first.upToKey }
    expect((await sent(pieceOf(deps, aBulk(limits), next, MAPPING, MAPPING.touchpoints)))[0]).toBe(`tp_${count},x,`)
  })

  test('ends before an id that differs from one in it by case only', async () => {
    await using world = await aStore(['a', 'b', 'A', 'c'])
    const piece = pieceOf({ ...world, stopping: NOT_STOPPING }, aBulk(), world.job, MAPPING, MAPPING.touchpoints)
    expect(await sent(piece)).toEqual(['a,x,', 'b,x,'])
    expect((await world.store.bulkJobs.keysIn({ ...world.job, upToKey: piece.upToKey }, ['a', 'b', 'A', 'c'])).length).toBe(2)
  })

  test('passes over what can not be told in it', async () => {
    await using world = await aStore(['a', 'b', 'c'], (id) => (id === 'b' ? '#N/A' : 'x'))
    const piece = pieceOf({ ...world, stopping: NOT_STOPPING }, aBulk(), world.job, MAPPING, MAPPING.touchpoints)
    expect(await sent(piece)).toEqual(['a,x,', 'c,x,'])
  })

  test('ends early when the process is to end', async () => {
    await using world = await aStore(ids)
    const stop = new AbortController()
    const piece = pieceOf({ ...world, stopping: stop.signal }, aBulk(), world.job, MAPPING, MAPPING.touchpoints)
    let pages = 0
    for await (const _ of piece.data) {
      pages += 1
      stop.abort()
    }
    expect([pages, piece.records]).toEqual([1, 1000])
  })
})

describe('the next job', () => {
  test('is for the target of the oldest that can be told in bulk', async () => {
    await using world = await aStore(['a', 'b'], (id) => (id === 'a' ? 'x\ry' : 'x'))
    const [first] = await world.store.bulkJobs.fresh(world.job.connectionId, 0, 2, 1_000_000)
    expect(await nextTarget(world, aBulk(), world.job.connectionId, MAPPING)).toEqual({
      target: 'touchpoints',
      object: 'bizible2__Bizible_Touchpoint__c',
      externalIdField: 'bizible2__UniqueId__c',
      afterKey: (first?.key ?? 0) - 1,
    })
  })

  test('leaves what is the same record to the CRM as an earlier one that it can not take', async () => {
    await using world = await aStore(['A', 'a', 'b', 'B', 'c'], (id) => (id === 'A' || id === 'B' ? 'x\ry' : 'x'))
    const piece = pieceOf({ ...world, stopping: NOT_STOPPING }, aBulk(), world.job, MAPPING, MAPPING.touchpoints)
    expect(await sent(piece)).toEqual(['b,x,', 'c,x,'])
    await using alone = await aStore(['A', 'a'], (id) => (id === 'A' ? 'x\ry' : 'x'))
    expect(await nextTarget(alone, aBulk(), alone.job.connectionId, MAPPING)).toBeUndefined()
  })

  test('is none when none can', async () => {
    await using world = await aStore(['a', 'b'], () => 'x\ry')
    expect(await nextTarget(world, aBulk(), world.job.connectionId, MAPPING)).toBeUndefined()
  })

  test('no longer serves a mapping that was changed', async () => {
    await using world = await aStore([])
    expect(targetOf(world.job, MAPPING)).toBe(MAPPING.touchpoints)
    expect(targetOf({ ...world.job, object: 'Other__c' }, MAPPING)).toBeUndefined()
    expect(targetOf({ ...world.job, externalIdField: 'Other__c' }, MAPPING)).toBeUndefined()
    expect(targetOf({ ...world.job, target: 'attribution' }, MAPPING)).toBeUndefined()
  })
})

test('a job is asked for after 2, 4, 8, 16 seconds, then every 30', () => {
  const waits = [0, 1, 2, 3, 4, 5, 100].map((polls) => pollAgainAt(polls, at(0)).getTime() - at(0).getTime())
  expect(waits).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
})
