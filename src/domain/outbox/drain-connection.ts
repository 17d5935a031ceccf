import type { Connection } from '../connections/connection.ts'
import type { Crm, Mapping } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { Verdict } from '../provider.ts'
import { groupSettler } from './group-settler.ts'
import { recordMaker } from './mapping.ts'
import type { OutboxStore } from './outbox-store.ts'
import type { Pace } from './pace.ts'
import { pushBatch, type Ready } from './push-batch.ts'
import type { Settlement, WaitingTouchpoint } from './touchpoint.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

export interface Drained {
  readonly pushed: number
  /** Why it stopped before everything was sent; null when nothing is left that is due. */
  readonly stop: Verdict | null
}

type DrainDeps = Pick<Deps, 'store' | 'grants' | 'clock' | 'random' | 'settings' | 'stopping'> & {
  readonly settle: OutboxStore['settle']
}

/** Payload text that is held ready, and of it in one request, in UTF-8; a record that is larger goes alone. */
const HELD_BYTES = 8_000_000
const BATCH_BYTES = 5_000_000

/**
 * Pushes what waits, in order, several requests at once. The caller holds the lease of this drain, so an id is in flight once
 * over all machines; a version that came while its id is in flight is left for the next round. `isOurs` is asked before each request:
 * what was claimed under a lease that has run out may be outdated by now. Makes at most `most` requests.
 */
export async function drainConnection(
  deps: DrainDeps,
  connection: Connection,
  crm: Crm,
  mapping: Mapping,
  pace: Pace,
  isOurs: () => Promise<boolean>,
  most = Number.POSITIVE_INFINITY,
): Promise<Drained> {
  const source = readySource(deps, connection, crm, mapping)
  const settler = groupSettler({ ...deps, isOurs }, connection.id)
  const lanes = new Set<Promise<void>>()
  let stop: Verdict | null = null
  let dry = false
  let pushed = 0
  let begun = 0

  async function pushNext(): Promise<void> {
    const batch = await source.take()
    if (batch.length === 0 || !(await isOurs())) {
      dry = true
      return
    }
    const done = await pushBatch(deps, connection, batch)
    stop ??= done.stop
    pushed += done.settlements.filter((settlement) => settlement.kind === 'pushed').length
    if (done.stop || wentHard(done.settlements)) pace.pressed()
    else pace.wentWell()
    await settler.add(done.settlements)
    source.release(batch, done.settlements)
  }

  try {
    for (;;) {
      while (!dry && !stop && !deps.stopping.aborted && lanes.size < pace.allowed() && begun < most) {
        begun++
        const lane: Promise<void> = pushNext().finally(() => lanes.delete(lane))
        lanes.add(lane)
      }
      if (lanes.size === 0) return { pushed, stop }
      await Promise.race(lanes)
    }
  } finally {
    await Promise.allSettled(lanes)
    await settler.end()
  }
}

/** Locks and overloads; or mostly refused: then few more should be on their way before somebody has looked at it. */
function wentHard(settlements: readonly Settlement[]): boolean {
  const refused = settlements.filter(({ kind }) => kind === 'rejected').length
  return refused > settlements.length / 2 || settlements.some(({ kind }) => kind === 'retry')
}

interface Held extends Ready {
  /** CRMs may compare external ids without case; two such ids never go in one request. */
  readonly externalId: string
  readonly bytes: number
}

/** Hands out batches of one target each, an id in flight once. Reads ahead while what it has handed out is pushed. */
function readySource({ store, clock, settings }: DrainDeps, connection: Connection, crm: Crm, mapping: Mapping) {
  const toRecord = recordMaker(mapping)
  const limit = crm.batchSize * Math.max(2, settings.pushConcurrency / 2)
  const inFlight = new Set<string>()
  /** Read, and not looked at yet: records are made when they are about to leave, since they are larger. */
  let rows: WaitingTouchpoint[] = []
  /** Looked at, and left for another batch. */
  let left: Held[] = []
  let heldText = 0
  let afterKey = 0
  let exhausted = false
  let reading: Promise<void> | null = null

  function read(): Promise<void> {
    reading ??= readMore().finally(() => {
      reading = null
    })
    return reading
  }

  async function readMore(): Promise<void> {
    const room = HELD_BYTES - heldText
    const found = await store.outbox.waiting(connection.id, afterKey, clock.now(), limit, room)
    afterKey = found.at(-1)?.key ?? afterKey
    heldText += found.reduce((sum, { payload }) => sum + payload.length, 0)
    exhausted = found.length === 0
    rows = rows.concat(found)
  }

  function hasEnough(count: number): boolean {
    return exhausted || rows.length + left.length >= count || heldText >= HELD_BYTES
  }

  function hold(row: WaitingTouchpoint): Held {
    const mapped = toRecord(JSON.parse(row.payload) as Touchpoint)
    return { row, mapped, externalId: row.id.toLowerCase(), bytes: Buffer.byteLength(row.payload) }
  }

  function pick(): Held[] {
    const batch: Held[] = []
    const passed: Held[] = []
    let bytes = 0
    const consider = (ready: Held) => {
      const target = batch[0]?.mapped.target ?? ready.mapped.target
      const isNext = ready.mapped.target === target && !inFlight.has(ready.externalId)
      if (isNext) bytes += ready.bytes // also of one that is too much: none after it goes before it
      const fits = isNext && (bytes <= BATCH_BYTES || batch.length === 0)
      if (!fits) return passed.push(ready)
      inFlight.add(ready.externalId)
      heldText -= ready.row.payload.length
      return batch.push(ready)
    }
    let seen = 0
    for (; seen < left.length && batch.length < crm.batchSize; seen++) consider(left[seen] as Held)
    const others = left.slice(seen)
    let taken = 0
    for (; taken < rows.length && batch.length < crm.batchSize && bytes <= BATCH_BYTES; taken++) {
      consider(hold(rows[taken] as WaitingTouchpoint))
    }
    left = [...passed, ...others]
    rows = rows.slice(taken)
    return batch
  }

  return {
    async take(): Promise<Held[]> {
      while (!hasEnough(crm.batchSize)) await read()
      const batch = pick()
      if (!hasEnough(limit / 2)) read().catch(() => undefined) // whoever needs the rows asks again, and is told
      return batch
    },
    /** What is to be tried again keeps its id: no later version of it goes before that. */
    release(batch: readonly Held[], settlements: readonly Settlement[]): void {
      const done = new Set(settlements.flatMap(({ kind, key }) => (kind === 'retry' ? [] : key)))
      for (const { row, externalId } of batch) if (done.has(row.key)) inFlight.delete(externalId)
    },
  }
}
