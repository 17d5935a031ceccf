import { pause } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import type { OutboxStore } from './outbox-store.ts'
import type { Settlement } from './touchpoint.ts'

/** One transaction. A full one goes at once. */
const GROUP = 1000
/** A commit costs as much as settling hundreds, so the others wait so long for more; a crash sends those few again. */
const GATHER_MS = 10
/** So many may pile up before whoever pushes has to wait for the store. */
const AHEAD = 5000

interface SettlerDeps extends Pick<Deps, 'clock'> {
  readonly settle: OutboxStore['settle']
  /** Whether the lease under which it was claimed is still ours. */
  readonly isOurs: () => Promise<boolean>
}

export interface GroupSettler {
  add(settlements: readonly Settlement[]): Promise<void>
  /** Settles what is left. Throws what the store threw, now or before: those that were not settled are still waiting there. */
  end(): Promise<void>
}

/**
 * Settles in groups: while one is written, the next gathers. What is left when the lease has run out is not settled: whoever has it
 * now pushes it again, and if a later version were settled here meanwhile, an earlier one would have the last word in the CRM.
 */
export function groupSettler({ settle, clock, isOurs }: SettlerDeps, connectionId: string): GroupSettler {
  const gathered: Settlement[] = []
  let flushing: Promise<void> | null = null
  let failed: Promise<never> | null = null
  let hurry: () => void = () => undefined

  async function flush(): Promise<void> {
    while (gathered.length > 0) {
      if (gathered.length < GROUP) await Promise.race([pause(GATHER_MS), new Promise<void>((resolve) => (hurry = resolve))])
      const group = gathered.splice(0, GROUP)
      if (await isOurs()) await settle(connectionId, group, clock.now())
    }
    flushing = null // at once: whoever adds next begins anew
  }

  function start(): Promise<void> {
    if (failed) return failed
    flushing ??= flush().catch((cause: unknown) => {
      failed = Promise.reject(cause)
      failed.catch(() => undefined)
      return failed
    })
    return flushing
  }

  return {
    async add(settlements) {
      gathered.push(...settlements)
      const flushed = start()
      if (gathered.length >= GROUP) hurry()
      if (gathered.length > AHEAD) await flushed
      else flushed.catch(() => undefined) // `end` tells
    },
    async end() {
      const flushed = start()
      hurry()
      await flushed
    },
  }
}
