import { later } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import type { Verdict } from '../provider.ts'
import { checkLogin } from './check-login.ts'
import type { Connection, Observation } from './connection.ts'
import { nearestConnection } from './connection-name.ts'
import { observe } from './observe.ts'
import { type ProbeDeps, probeAccount } from './probe-account.ts'

type CheckDeps = ProbeDeps & Pick<Deps, 'newId' | 'settings'>

const CLAIM_AT_ONCE = 50
/** What is due before the next beat is nearer to this one. Without it a check of every second would come every other. */
const HALF_A_BEAT_MS = 500

/** Checks what is due. Claims are leased, so any number of processes may do this at once. */
export function runDueChecks(deps: CheckDeps & Pick<Deps, 'rounds' | 'providers'>): Promise<number> {
  const { store, clock, rounds, settings } = deps
  return rounds.run(async (holder) => {
    const now = clock.now()
    const sharing = later(now, settings.checkEveryMs)
    const due = await store.checks.claim(later(now, HALF_A_BEAT_MS), leaseUntil(now), holder, CLAIM_AT_ONCE, sharing)
    const logins = Map.groupBy(due, ({ grantId }) => grantId)
    await Promise.all([...logins.values()].map((connections) => checkClaimed(deps, connections)))
    return due.length
  })
}

async function checkClaimed(deps: CheckDeps & Pick<Deps, 'providers'>, connections: readonly Connection[]): Promise<void> {
  const [first] = connections
  if (!first) return
  try {
    await checkLogin(deps, first, connections)
  } catch (cause) {
    deps.log.error('check.failed', { connectionId: first.id, connections: connections.length }, cause)
    const at = later(deps.clock.now(), deps.settings.checkEveryMs)
    for (const { id } of connections) await deps.store.checks.reschedule(id, at)
  }
}

/** One probe: asks the provider, records what the answer means. */
async function checkConnection(deps: CheckDeps, connection: Connection): Promise<Observation> {
  const seen = await probeAccount(deps, connection)
  await observe(deps, connection, seen)
  return seen
}

export interface Checked {
  readonly connection: Connection
  readonly observed: 'works' | 'paused' | Verdict
}

export type CheckNowAnswer =
  | { readonly kind: 'checked'; readonly results: readonly Checked[] }
  | { readonly kind: 'unknown'; readonly nearest: string | null }

/** Somebody asks: probes one connection, or all of the workspace, and tells what came. */
export async function checkNow(deps: CheckDeps, teamId: string, name: string | null): Promise<CheckNowAnswer> {
  const all = (await deps.store.connections.overviews(teamId)).map((overview) => overview.connection)
  const asked = name === null ? all : all.filter((connection) => connection.name === name)
  if (name !== null && asked.length === 0) {
    return { kind: 'unknown', nearest: await nearestConnection(deps, teamId, name) }
  }
  const results = await Promise.all(asked.map((connection) => checkAndLook(deps, connection)))
  return { kind: 'checked', results }
}

/** One probe, and how the connection is after it. A paused one is left alone. */
export async function checkAndLook(deps: CheckDeps, connection: Connection): Promise<Checked> {
  if (connection.health.status === 'paused') return { connection, observed: 'paused' }
  const seen = await checkConnection(deps, connection)
  const after = (await deps.store.connections.find(connection.id)) ?? connection
  return { connection: after, observed: seen.kind === 'proof' ? 'works' : seen }
}
