import { later } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import type { Verdict } from '../provider.ts'
import type { Connection, Observation } from './connection.ts'
import { type ObserveDeps, observe } from './observe.ts'
import { isFine, isOfLogin, type ProbePlan, planProbes } from './plan-probes.ts'
import { type ProbeDeps, probeAccount } from './probe-account.ts'

type LoginDeps = ProbeDeps & ObserveDeps & Pick<Deps, 'providers'>

/** One check of a login: what it shows counts for all `connections`, which share it. */
export async function checkLogin(deps: LoginDeps, first: Connection, connections: readonly Connection[]): Promise<void> {
  const plan = await planOf(deps, first, connections)
  const showed = await ask(deps, first, plan, connections.length > 1)
  for (const connection of connections) {
    const seen = showed.accounts.get(connection.id) ?? whatItMeans(connection, showed)
    if (seen) await observe(deps, connection, seen)
    else await deps.store.checks.reschedule(connection.id, later(deps.clock.now(), deps.settings.checkEveryMs))
  }
}

async function planOf(deps: LoginDeps, first: Connection, connections: readonly Connection[]): Promise<ProbePlan> {
  const { store, providers, clock, settings } = deps
  const provider = providers.get(first.provider)
  const provesLogins = provider?.probeLogin !== undefined
  if (connections.length === 1 && !provesLogins) return { login: false, accounts: [first] }
  const active = connections.filter(({ health }) => health.status !== 'paused')
  if (active.length === 0) return { login: provesLogins, accounts: provesLogins ? [] : [first] }
  const probes = await store.checks.accountProbes(active.map(({ id }) => id))
  return planProbes(active, new Map(probes.map(({ connectionId, at }) => [connectionId, at])), clock.now(), {
    checkEveryMs: settings.checkEveryMs,
    provesLogins,
    dailyCalls: provider?.dailyCalls ?? null,
    ofApp: await store.apps.connections(first.grantId),
  })
}

interface Showed {
  readonly accounts: ReadonlyMap<string, Observation>
  /** The login was refused, and with it all that it reaches. */
  readonly refusal: Verdict | null
  /** Nothing that was asked for gave a usable answer. */
  readonly silence: Verdict | null
  readonly proven: 'by an account' | 'by the login' | null
}

async function ask(
  deps: LoginDeps,
  first: Connection,
  { login, accounts: asked }: ProbePlan,
  takesTurns: boolean,
): Promise<Showed> {
  const accounts = new Map<string, Observation>()
  if (login) {
    const answer = await deps.grants.ask(first, async (tokens, provider) => {
      return (await provider.probeLogin?.(tokens)) ?? { kind: 'ok', value: null }
    })
    if (answer.kind !== 'ok') return { accounts, refusal: answer, silence: null, proven: null }
  }
  for (const connection of asked) {
    const seen = await probeAccount(deps, connection)
    if (login || takesTurns) await deps.store.checks.accountProbed(connection.id, deps.clock.now())
    accounts.set(connection.id, seen)
    if (seen.kind !== 'proof' && concernsLogin(seen)) return { accounts, refusal: seen, silence: null, proven: null }
  }
  const seen = [...accounts.values()]
  const isProven = seen.some(({ kind }) => kind === 'proof')
  const silence = isProven ? undefined : seen.find((one): one is Verdict => one.kind === 'transient')
  return {
    accounts,
    refusal: null,
    silence: silence ?? null,
    proven: isProven ? 'by an account' : login ? 'by the login' : null,
  }
}

/** What the round says of a connection whose account was not asked for. Null: nothing. */
function whatItMeans(connection: Connection, { refusal, silence, proven }: Showed): Observation | null {
  if (refusal ?? silence) return refusal ?? silence
  if (proven === null || !(isFine(connection) || proven === 'by an account')) return null
  return isFine(connection) || connection.health.status === 'connected' || isOfLogin(connection) ? { kind: 'proof' } : null
}

/** A right that one account lacks, or a call that was wrong, says nothing of the others. */
function concernsLogin(seen: Verdict): boolean {
  if (seen.kind === 'permission') return seen.cause === 'admin_blocked'
  return seen.kind === 'authorization_required' || seen.kind === 'refresh' || seen.kind === 'misconfigured'
}
