import { HOUR_MS, later } from '../../clock.ts'
import { type Refusal, whyNotChange } from '../access/rights.ts'
import type { Person } from '../slack.ts'
import { type Checked, checkAndLook } from './check.ts'
import type { Connection, Health } from './connection.ts'
import { STATUS_OF } from './decide.ts'
import type { ObserveDeps } from './observe.ts'
import type { Outage } from './outage.ts'
import type { ProbeDeps } from './probe-account.ts'

/** After a pause nobody is reminded for as long as after the beginning of an outage. */
const REMIND_AFTER_MS = HOUR_MS

type PauseDeps = ProbeDeps & ObserveDeps

export type Paused =
  | { readonly kind: 'paused'; readonly connection: Connection; readonly waiting: number }
  /** With what the provider said at once. */
  | { readonly kind: 'resumed'; readonly connection: Connection; readonly checked: Checked }
  | { readonly kind: 'already'; readonly connection: Connection }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal | 'not_owner' }
  /** It changed again and again meanwhile. */
  | { readonly kind: 'busy'; readonly connection: Connection }

/**
 * A paused connection is left alone: no check counts, nothing is pushed, downloaded or tagged, and what comes in is kept. An outage
 * that is open stays so, and goes on as what it was.
 */
export async function pauseConnection(deps: PauseDeps, teamId: string, person: Person, connectionId: string): Promise<Paused> {
  return change(deps, teamId, person, connectionId, true)
}

/** It is what it was, and asked for at once: what works begins to catch up, what does not turns red. */
export async function resumeConnection(deps: PauseDeps, teamId: string, person: Person, connectionId: string): Promise<Paused> {
  return change(deps, teamId, person, connectionId, false)
}

async function change(
  deps: PauseDeps,
  teamId: string,
  person: Person,
  connectionId: string,
  isPausing: boolean,
): Promise<Paused> {
  const { store, clock, newId, settings, log } = deps
  for (let attempt = 0; ; attempt++) {
    const overview = await store.connections.overview(connectionId)
    if (overview?.connection.teamId !== teamId) return { kind: 'gone' }
    const { connection: seen, outage, backlog } = overview
    const reason = whyNotChange(person, seen, settings)
    if (reason) return { kind: 'not_allowed', reason }
    if ((seen.health.status === 'paused') === isPausing) return { kind: 'already', connection: seen }
    if (attempt === 5) return { kind: 'busy', connection: seen }
    const at = clock.now()
    const connection = await store.settings.pause({
      seen,
      next: isPausing ? pausedHealth(seen.health, at) : healthBefore(seen.health, outage, at),
      pausedBy: isPausing ? person.id : null,
      at,
      nextCheckAt: later(at, settings.checkEveryMs),
      remindAt: isPausing ? null : later(at, REMIND_AFTER_MS),
      audit: {
        id: newId(),
        teamId,
        connectionId,
        actor: person.id,
        action: isPausing ? 'paused' : 'resumed',
        detail: '',
        at,
      },
    })
    if (!connection) continue
    log.info('connection.status_changed', { connectionId, from: seen.health.status, to: connection.health.status })
    if (isPausing) return { kind: 'paused', connection, waiting: backlog.waiting }
    const checked = await checkAndLook(deps, connection)
    return { kind: 'resumed', connection: checked.connection, checked }
  }
}

function pausedHealth(health: Health, at: Date): Health {
  return { ...health, status: 'paused', since: at, suspectSince: null, unreachableSince: null }
}

/** As its open outage tells it, or else as it should be: the check that follows says how it is. */
function healthBefore(health: Health, outage: Outage | null, at: Date): Health {
  if (outage === null) return { ...health, status: 'connected', since: at, cause: null, explanation: null }
  const { kind, openedAt: since, cause, explanation } = outage
  return { ...health, status: STATUS_OF[kind], since, cause, explanation }
}
