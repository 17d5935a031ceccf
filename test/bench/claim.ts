import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../src/domain/store.ts'
import { openStore } from '../../src/outbound/store/store.ts'
import { addConnection } from '../support/builders.ts'
import { atExit } from './at-exit.ts'
import { type Line, line, median, type Run } from './line.ts'

const SMALL = 50_000
const LARGE = 5_000_000
const A_CLAIM = 200

/** Claiming and settling 200 while much or little waits. At the store, with payloads of 100 bytes: what is read is the same. */
export async function claim(runs: number): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-bench-'))
  const forgetFolder = atExit(() => rmSync(folder, { recursive: true, force: true }))
  try {
    const small = await aBacklog(join(folder, 'small.db'), SMALL)
    const large = await aBacklog(join(folder, 'large.db'), LARGE)
    // The first turn, when nothing is compiled yet, is not counted.
    const claims = Math.floor(SMALL / A_CLAIM / (runs + 1))
    await claimMs(small, claims)
    await claimMs(large, claims)
    const done: Run[] = []
    for (let run = 0; run < runs; run++)
      done.push({ limit: await claimMs(small, claims), measured: await claimMs(large, claims) })
    await small.store.close()
    await large.store.close()
    return [
      line(`claim and settle ${A_CLAIM} of ${LARGE.toLocaleString('en')} that wait`, done, {
        unit: 'ms',
        goal: { atMost: 1.2 },
        against: `of ${SMALL.toLocaleString('en')}`,
      }),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
    forgetFolder()
  }
}

interface Waiting {
  readonly store: Store
  readonly connectionId: string
  afterKey: number
}

async function aBacklog(path: string, count: number): Promise<Waiting> {
  const store = await openStore(`file:${path}`, { stamp: 'live' })
  const { id } = await addConnection(store)
  const at = new Date()
  for (let first = 0; first < count; first += 1000) {
    const records = Array.from({ length: 1000 }, (_, index) => {
      const name = `tp_${first + index}`
      return { id: name, hash: name.padEnd(22, '0'), payload: `{"id":"${name}","source":"${'x'.repeat(70)}"}` }
    })
    await store.outbox.accept(id, records, at)
  }
  return { store, connectionId: id, afterKey: 0 }
}

/** The median of some in a row, as a drain does them. */
async function claimMs(waiting: Waiting, claims: number): Promise<number> {
  const { store, connectionId } = waiting
  const tookMs: number[] = []
  for (let turn = 0; turn < claims; turn++) {
    const start = performance.now()
    const rows = await store.outbox.waiting(connectionId, waiting.afterKey, new Date(), A_CLAIM)
    if (rows.length !== A_CLAIM) throw new Error(`claimed ${rows.length}`)
    const pushed = rows.map(({ key }) => ({ kind: 'pushed' as const, key }))
    await store.outbox.settle(connectionId, pushed, new Date())
    tookMs.push(performance.now() - start)
    waiting.afterKey = rows.at(-1)?.key ?? waiting.afterKey
  }
  return median(tookMs)
}
