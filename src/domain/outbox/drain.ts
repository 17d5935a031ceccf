import { later, SECOND_MS } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { observe } from '../connections/observe.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import { isCrm, type Verdict } from '../provider.ts'
import { backoffMs } from './backoff.ts'
import { drainConnection } from './drain-connection.ts'
import { createPace, type Pace } from './pace.ts'

type DrainDeps = Pick<Deps, 'store' | 'providers' | 'grants' | 'clock' | 'random' | 'newId' | 'log' | 'settings' | 'stopping'>

export interface Drainer {
  /**
   * Pushes what waits at every connection that may be pushed to; ends when all of them have nothing due or had to stop, also those
   * that an earlier round is still at.
   */
  run(): Promise<void>
}

interface Pause {
  readonly attempt: number
  readonly until: Date
  /** Of the connection: a pause ends when the connection changes, by a new login for instance. */
  readonly version: number
}

/** Remembers which connections are being drained here, and which wait after trouble. */
export function createDrainer(deps: DrainDeps): Drainer {
  const running = new Map<string, Promise<void>>()
  const pauses = new Map<string, Pause>()
  const paces = new Map<string, Pace>()

  function paceOf(connectionId: string): Pace {
    const pace = paces.get(connectionId) ?? createPace(deps.settings.pushConcurrency)
    paces.set(connectionId, pace)
    return pace
  }

  function drainOne(connection: Connection): Promise<void> {
    const under = running.get(connection.id)
    if (under) return under
    const drain = drainUnlessPaused(connection).finally(() => running.delete(connection.id))
    running.set(connection.id, drain)
    return drain
  }

  async function drainUnlessPaused(connection: Connection): Promise<void> {
    const known = pauses.get(connection.id)
    const pause = known?.version === connection.version ? known : undefined
    if (pause && pause.until > deps.clock.now()) return
    try {
      const stop = await drainUnderLease(deps, connection, paceOf(connection.id))
      if (stop) pauses.set(connection.id, nextPause(deps, connection, pause, stop))
      else pauses.delete(connection.id)
    } catch (cause) {
      deps.log.error('drain.failed', { connectionId: connection.id }, cause)
      pauses.set(connection.id, nextPause(deps, connection, pause, null))
    }
  }

  return {
    async run() {
      await Promise.all((await deps.store.outbox.drainable()).map(drainOne))
    },
  }
}

async function drainUnderLease(deps: DrainDeps, connection: Connection, pace: Pace): Promise<Verdict | null> {
  const { store, providers, clock, settings, log } = deps
  const provider = providers.get(connection.provider)
  if (!provider || !isCrm(provider)) return null
  const lease = `drain:${connection.id}`
  const now = clock.now()
  if (!(await store.leases.take(lease, settings.machine, now, leaseUntil(now)))) return null
  try {
    const mapping = (await store.connections.mapping(connection.id)) ?? provider.defaultMapping
    const { pushed, stop } = await drainConnection(deps, connection, provider, mapping, pace, holder(deps, lease, now))
    if (pushed > 0) log.info('drain.pushed', { connectionId: connection.id, pushed })
    await recordWhatItShowed(deps, connection, pushed, stop)
    return stop
  } finally {
    await store.leases.release(lease, settings.machine)
  }
}

/** A lease that has so little left is renewed before the next request. */
const RENEW_MS = 5 * SECOND_MS

/** Whether the lease that was taken at `since` is still ours, without a gap in which another process may have had it. */
function holder({ store, clock, settings }: DrainDeps, lease: string, since: Date): () => Promise<boolean> {
  let until = leaseUntil(since)
  return async () => {
    const now = clock.now()
    if (now >= until) return false
    if (later(now, RENEW_MS) < until) return true
    if (!(await store.leases.take(lease, settings.machine, now, leaseUntil(now)))) return false
    until = leaseUntil(now)
    return true
  }
}

/** A push is a real call: its refusal counts like a check's, and its success outranks a doubt. */
async function recordWhatItShowed(deps: DrainDeps, connection: Connection, pushed: number, stop: Verdict | null): Promise<void> {
  const { suspectSince, unreachableSince } = connection.health
  if (stop) {
    deps.log.warn('drain.stopped', { connectionId: connection.id, verdict: stop.kind, code: stop.code })
    await observe(deps, connection, stop)
  } else if (pushed > 0 && (suspectSince || unreachableSince)) {
    await observe(deps, connection, { kind: 'proof' })
  }
}

function nextPause(
  { clock, random }: DrainDeps,
  { version }: Connection,
  before: Pause | undefined,
  stop: Verdict | null,
): Pause {
  const attempt = (before?.attempt ?? 0) + 1
  const retryAfterMs = stop && 'retryAfterMs' in stop ? stop.retryAfterMs : null
  return { attempt, until: later(clock.now(), backoffMs(attempt, random(), retryAfterMs)), version }
}
