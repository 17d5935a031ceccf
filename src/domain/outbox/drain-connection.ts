import { setImmediate } from 'node:timers/promises'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Crm, Mapping, Verdict } from '../provider.ts'
import { recordMaker } from './mapping.ts'
import type { Pace } from './pace.ts'
import { pushBatch, type Ready } from './push-batch.ts'
import type { Settlement, WaitingTouchpoint } from './touchpoint.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

export interface Drained {
  readonly pushed: number
  /** Why it stopped before everything was sent; null when nothing is left that is due. */
  readonly stop: Verdict | null
}

type DrainDeps = Pick<Deps, 'store' | 'grants' | 'clock' | 'random' | 'settings' | 'stopping'>

/** Unsettled settlements that may pile up before the lanes wait for the store. */
const SETTLE_AHEAD = 5000
/** Payload text that is held ready, and of it in one request; a record that is larger goes alone. In UTF-8. */
const HELD_BYTES = 8_000_000
const BATCH_BYTES = 5_000_000

/**
 * Pushes what waits, in order, several requests at once. The caller holds the lease of this drain, so an id is in flight once
 * over all machines; a version that came while its id is in flight is left for the next round. `holds` is asked before each request:
 * what was claimed under a lease that has run out may be outdated by now.
 */
export async function drainConnection(
  deps: DrainDeps,
  connection: Connection,
  crm: Crm,
  mapping: Mapping,
  pace: Pace,
  holds: () => Promise<boolean>,
): Promise<Drained> {
  const source = readySource(deps, connection, crm, mapping)
  const settler = groupSettler(deps, connection.id)
  const lanes = new Set<Promise<void>>()
  let stop: Verdict | null = null
  let dry = false
  let pushed = 0

  async function pushNext(): Promise<void> {
    const batch = await source.take()
    if (batch.length === 0 || !(await holds())) {
      dry = true
      return
    }
    const done = await pushBatch(deps, connection, batch)
    stop ??= done.stop
    pushed += done.settlements.filter((settlement) => settlement.kind === 'pushed').length
    if (done.stop || done.settlements.some((settlement) => settlement.kind === 'retry')) pace.pressed()
    else pace.wentWell()
    await settler.add(done.settlements)
    source.release(batch, done.settlements)
  }

  try {
    for (;;) {
      while (!dry && !stop && !deps.stopping.aborted && lanes.size < pace.allowed()) {
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

/** Hands out batches of one target each, an id in flight once. Takes are serialised. */
function readySource({ store, clock, settings }: DrainDeps, connection: Connection, crm: Crm, mapping: Mapping) {
  const toRecord = recordMaker(mapping)
  const inFlight = new Set<string>()
  let buffer: Ready[] = []
  let held = 0
  let afterKey = 0
  let exhausted = false
  let turn: Promise<unknown> = Promise.resolve()

  async function fill(): Promise<void> {
    if (exhausted || buffer.length >= crm.batchSize || held >= HELD_BYTES) return
    const limit = crm.batchSize * Math.max(2, settings.pushConcurrency)
    const rows = await store.outbox.waiting(connection.id, afterKey, clock.now(), limit, HELD_BYTES - held)
    afterKey = rows.at(-1)?.key ?? afterKey
    for (const row of rows) {
      held += bytesOf(row)
      buffer.push({ row, mapped: toRecord(JSON.parse(row.payload) as Touchpoint) })
    }
    exhausted = rows.length < limit && held < HELD_BYTES
  }

  function pick(): Ready[] {
    const batch: Ready[] = []
    const left: Ready[] = []
    let bytes = 0
    for (const ready of buffer) {
      const target = batch[0]?.mapped.target ?? ready.mapped.target
      const isNext = batch.length < crm.batchSize && ready.mapped.target === target && !inFlight.has(idOf(ready))
      if (isNext) bytes += bytesOf(ready.row) // also of one that is too much: none after it goes before it
      const fits = isNext && (bytes <= BATCH_BYTES || batch.length === 0)
      if (fits) {
        inFlight.add(idOf(ready))
        held -= bytesOf(ready.row)
      }
      ;(fits ? batch : left).push(ready)
    }
    buffer = left
    return batch
  }

  return {
    take(): Promise<Ready[]> {
      const taken = turn.then(fill).then(pick)
      turn = taken.catch(() => undefined)
      return taken
    },
    /** What is to be tried again keeps its id: no later version of it goes before that. */
    release(batch: readonly Ready[], settlements: readonly Settlement[]): void {
      const done = new Set(settlements.flatMap(({ kind, key }) => (kind === 'retry' ? [] : key)))
      for (const ready of batch) if (done.has(ready.row.key)) inFlight.delete(idOf(ready))
    },
  }
}

function bytesOf({ payload }: WaitingTouchpoint): number {
  return Buffer.byteLength(payload)
}

/** CRMs may compare external ids without case; two such ids never go in one request. */
function idOf(ready: Ready): string {
  return ready.row.id.toLowerCase()
}

/** Settles in groups: while one transaction runs, the next group gathers. */
function groupSettler({ store, clock }: DrainDeps, connectionId: string) {
  const gathered: Settlement[] = []
  let running: Promise<void> | null = null

  async function flush(): Promise<void> {
    while (gathered.length > 0) {
      await setImmediate() // answers that came together are settled together
      const group = gathered.splice(0, 1000)
      await store.outbox.settle(connectionId, group, clock.now())
    }
  }

  function start(): Promise<void> {
    running ??= flush().finally(() => {
      running = null
    })
    return running
  }

  return {
    async add(settlements: readonly Settlement[]): Promise<void> {
      gathered.push(...settlements)
      const flushed = start()
      if (gathered.length > SETTLE_AHEAD) await flushed
      else flushed.catch(() => undefined) // `end` meets the same failure
    },
    async end(): Promise<void> {
      await start()
    },
  }
}
