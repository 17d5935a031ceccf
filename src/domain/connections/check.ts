import { later } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import { nearestName } from '../nearest.ts'
import { liftWhenRoomy } from '../outbox/keep-budget.ts'
import { missingRight } from '../outbox/missing-right.ts'
import { type Asked, isCrm, type Provider, type Tokens, type Verdict } from '../provider.ts'
import { accountOf, type Connection, type Observation } from './connection.ts'
import { observe } from './observe.ts'

type CheckDeps = Pick<Deps, 'store' | 'grants' | 'clock' | 'log' | 'newId' | 'settings' | 'meters'>

const CLAIM_AT_ONCE = 50
/** What is due before the next beat is nearer to this one. Without it a check of every second would come every other. */
const HALF_A_BEAT_MS = 500

/** Checks what is due. Claims are leased, so any number of processes may do this at once. */
export function runDueChecks(deps: CheckDeps & Pick<Deps, 'rounds'>): Promise<number> {
  const { store, clock, rounds } = deps
  return rounds.run(async (holder) => {
    const now = clock.now()
    const due = await store.checks.claim(later(now, HALF_A_BEAT_MS), leaseUntil(now), holder, CLAIM_AT_ONCE)
    await Promise.all(due.map((connection) => checkClaimed(deps, connection)))
    return due.length
  })
}

async function checkClaimed(deps: CheckDeps, connection: Connection): Promise<void> {
  try {
    await checkConnection(deps, connection)
  } catch (cause) {
    deps.log.error('check.failed', { connectionId: connection.id }, cause)
    await deps.store.checks.reschedule(connection.id, later(deps.clock.now(), deps.settings.checkEveryMs))
  }
}

/** One probe: asks the provider, records what the answer means. */
async function checkConnection(deps: CheckDeps, connection: Connection): Promise<Observation> {
  const answer = await deps.grants.ask(connection, (tokens, provider) => proveAgain(deps, connection, tokens, provider))
  const seen: Observation = answer.kind === 'ok' ? { kind: 'proof' } : answer
  if (answer.kind === 'ok') await liftWhenRoomy(deps, connection)
  deps.log.info('check.done', { connectionId: connection.id, provider: connection.provider, verdict: seen.kind })
  await observe(deps, connection, seen)
  return seen
}

/** What a push was refused for is proved by nothing less than the right to push. */
async function proveAgain(
  deps: Pick<Deps, 'store' | 'clock' | 'meters' | 'newId'>,
  connection: Connection,
  tokens: Tokens,
  provider: Provider,
): Promise<Asked<unknown>> {
  const { status, cause } = connection.health
  const probed = await deps.meters.of(connection).watch(() => provider.probe(tokens, accountOf(connection)))
  const isHeld = status === 'permission_required' && cause === 'role_missing' && isCrm(provider)
  return probed.kind === 'ok' && isHeld ? missingRight(deps, connection, tokens, provider) : probed
}

export interface Checked {
  readonly connection: Connection
  readonly observed: 'works' | Verdict
}

export type CheckNowAnswer =
  | { readonly kind: 'checked'; readonly results: readonly Checked[] }
  | { readonly kind: 'unknown'; readonly nearest: string | null }

/** Somebody asks: probes one connection, or all of the workspace, and tells what came. */
export async function checkNow(deps: CheckDeps, teamId: string, name: string | null): Promise<CheckNowAnswer> {
  const all = (await deps.store.connections.overviews(teamId)).map((overview) => overview.connection)
  const asked = name === null ? all : all.filter((connection) => connection.name === name)
  if (name !== null && asked.length === 0) {
    return {
      kind: 'unknown',
      nearest: nearestName(
        name,
        all.map((connection) => connection.name),
      ),
    }
  }
  const results = await Promise.all(asked.map((connection) => checkAndLook(deps, connection)))
  return { kind: 'checked', results }
}

async function checkAndLook(deps: CheckDeps, connection: Connection): Promise<Checked> {
  const seen = await checkConnection(deps, connection)
  const after = (await deps.store.connections.find(connection.id)) ?? connection
  return { connection: after, observed: seen.kind === 'proof' ? 'works' : seen }
}
