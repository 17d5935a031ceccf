import { later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { observe } from '../connections/observe.ts'
import { isCrm } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { Verdict } from '../provider.ts'
import { backoffMs } from './backoff.ts'
import { drainInBulk, isForBulk } from './bulk-drain.ts'
import { drainConnection } from './drain-connection.ts'
import { LAPSED, takeDrainLease } from './drain-lease.ts'
import { holdForBudget, meteredGrants, whyNoRoom } from './keep-budget.ts'
import type { OutboxStore } from './outbox-store.ts'
import { createPace, type Pace } from './pace.ts'
import { stopIfRefused } from './watch-rejects.ts'

type DrainDeps = Pick<
  Deps,
  'store' | 'providers' | 'grants' | 'clock' | 'random' | 'newId' | 'log' | 'settings' | 'stopping' | 'meters'
>

/** Of one drain of one connection: `stopping` also when it must halt alone, `ending` only with the process. */
type RoundDeps = DrainDeps & { readonly settle: OutboxStore['settle']; readonly ending: AbortSignal }

export interface Drainer {
  /**
   * Pushes what waits at every connection that may be pushed to, and stops at those that may not be any more; ends when all of them
   * have nothing due or had to stop, also those that an earlier round is still at.
   */
  run(): Promise<void>
}

interface Running {
  readonly ended: Promise<void>
  readonly halt: AbortController
}

interface Pause {
  readonly attempt: number
  readonly until: Date
  /** Of the connection: a pause ends when the connection changes, by a new login for instance. */
  readonly version: number
}

/** Remembers which connections are being drained here, and which wait after trouble. */
export function createDrainer(deps: DrainDeps): Drainer {
  const running = new Map<string, Running>()
  const pauses = new Map<string, Pause>()
  const paces = new Map<string, Pace>()
  deps.stopping.addEventListener('abort', () => haltAllBut([]))

  function paceOf(connectionId: string): Pace {
    const pace = paces.get(connectionId) ?? createPace(deps.settings.pushConcurrency)
    paces.set(connectionId, pace)
    return pace
  }

  function drainOne(connection: Connection): Promise<void> {
    const under = running.get(connection.id)
    if (under) return giveWayToBulk(connection, under).then(() => under.ended)
    const halt = new AbortController()
    if (deps.stopping.aborted) halt.abort()
    const stopping = halt.signal
    const round = { ...deps, stopping, ending: deps.stopping, settle: watchedSettle(deps, halt) }
    const ended = drainUnlessPaused(round, connection).finally(() => running.delete(connection.id))
    running.set(connection.id, { ended, halt })
    return ended
  }

  /** They begin no further request; what is under way is settled. */
  function haltAllBut(drainable: readonly Connection[]): void {
    const ids = new Set(drainable.map(({ id }) => id))
    for (const [id, { halt }] of running) if (!ids.has(id)) halt.abort()
  }

  /** Ordinary pushes end when the backlog has grown, under their hands, to one that goes in bulk: with the next round. */
  async function giveWayToBulk({ id, provider }: Connection, { halt }: Running): Promise<void> {
    const crm = deps.providers.get(provider)
    if (!crm || !isCrm(crm) || halt.signal.aborted) return
    const last = await deps.store.bulkJobs.find(id)
    const isUnderWay = last !== undefined && last.phase !== 'done'
    if (!isUnderWay && (await isForBulk(deps, crm, id, last))) halt.abort()
  }

  async function drainUnlessPaused(deps: RoundDeps, connection: Connection): Promise<void> {
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
      const drainable = await deps.store.outbox.drainable(deps.clock.now())
      haltAllBut(drainable)
      await Promise.all([...drainable.map(drainOne), ...[...running.values()].map(({ ended }) => ended)])
    },
  }
}

/** Settles, and begins nothing more if the CRM turns out to refuse nearly everything. */
function watchedSettle(deps: DrainDeps, halt: AbortController): OutboxStore['settle'] {
  return async (...settlement) => {
    const settled = await deps.store.outbox.settle(...settlement)
    if (settled.rejects && (await stopIfRefused(deps, settled.rejects))) halt.abort()
    return settled
  }
}

async function drainUnderLease(deps: RoundDeps, connection: Connection, pace: Pace): Promise<Verdict | null> {
  const { store, providers, log } = deps
  const provider = providers.get(connection.provider)
  if (!provider || !isCrm(provider)) return null
  const lease = await takeDrainLease(deps, connection.id)
  if (!lease) return null
  try {
    const mapping = (await store.connections.mapping(connection.id)) ?? provider.defaultMapping
    const metered = { ...deps, grants: meteredGrants(deps.grants, deps.meters.of(connection), lease.isOurs) }
    const noRoom = await whyNoRoom(deps, connection)
    const byRequests = (most?: number) => drainConnection(metered, connection, provider, mapping, pace, lease.isOurs, most)
    const { pushed, stop: why } = noRoom
      ? { pushed: 0, stop: noRoom }
      : ((await drainInBulk(metered, connection, provider, mapping, () => byRequests(1))) ?? (await byRequests()))
    const stop = why === LAPSED ? null : why
    if (pushed > 0) log.info('drain.pushed', { connectionId: connection.id, pushed })
    const isHeld = stop !== null && (await holdForBudget(deps, connection, stop))
    await recordWhatItShowed(deps, connection, pushed, isHeld ? null : stop)
    return isHeld ? null : stop
  } finally {
    await lease.release()
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
