import { MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { type Crm, isCrm, type Mapping, type SetupStep } from '../crm.ts'
import type { Deps } from '../deps.ts'
import { nearestName } from '../nearest.ts'
import type { Asked, Provider, Tokens, Verdict } from '../provider.ts'
import { choosePreset } from './choose-preset.ts'

type SetupDeps = Pick<Deps, 'store' | 'providers' | 'grants' | 'clock' | 'newId'>

export interface SetupPlan {
  readonly kind: 'plan'
  readonly connection: Connection
  readonly steps: readonly SetupStep[]
  /** Set by a person; setup leaves it. */
  readonly handMapping: Mapping | null
}

export type Planned =
  | SetupPlan
  | { readonly kind: 'no_setup'; readonly connection: Connection; readonly label: string }
  /** Another preset fits already: what it needs is there, made by somebody else. */
  | { readonly kind: 'not_needed'; readonly connection: Connection; readonly mapping: Mapping }
  | { readonly kind: 'refused'; readonly connection: Connection; readonly verdict: Verdict }

/** What a CRM lacks for pushing. Changes nothing. */
export async function planSetup(deps: SetupDeps, connection: Connection): Promise<Planned> {
  const own = await deps.store.connections.mapping(connection.id)
  const provider = deps.providers.get(connection.provider)
  const setup = provider && isCrm(provider) ? provider.setup : undefined
  if (!provider || !setup) return { kind: 'no_setup', connection, label: provider?.label ?? connection.provider }
  const chosen = await askCrm(deps, connection, async (crm, tokens) => ({
    kind: 'ok',
    value: await choosePreset(crm, tokens),
  }))
  if (chosen.kind !== 'ok') return { kind: 'refused', connection, verdict: chosen }
  const handMapping = own !== undefined && own.preset === undefined ? own : null
  const others = !handMapping && chosen.value.kind === 'chosen' && chosen.value.mapping.preset !== setup.preset
  const fitting = others ? chosen.value.mapping : null
  if (fitting && !setup.completes?.includes(fitting.preset ?? '')) return { kind: 'not_needed', connection, mapping: fitting }
  const steps = await askCrm(deps, connection, async (crm, tokens) => {
    if (!crm.setup) throw new Error(`${crm.name} has no setup`)
    return crm.setup.describe(tokens)
  })
  if (steps.kind !== 'ok') return { kind: 'refused', connection, verdict: steps }
  if (fitting && steps.value.every(({ state }) => state === 'there')) return { kind: 'not_needed', connection, mapping: fitting }
  return { kind: 'plan', connection, steps: steps.value, handMapping }
}

/** By name, in one workspace, or over all of the database. */
export async function findConnection(
  { store }: Pick<Deps, 'store'>,
  name: string,
  workspace: string | null = null,
): Promise<
  | { readonly kind: 'found'; readonly connection: Connection }
  /** Several workspaces have one of that name. */
  | { readonly kind: 'several'; readonly teamIds: readonly string[] }
  | { readonly kind: 'unknown'; readonly nearest: string | null }
> {
  const teams = (await store.workspaces.all()).filter(({ teamId }) => workspace === null || teamId === workspace)
  const all = (await Promise.all(teams.map(({ teamId }) => store.connections.overviews(teamId)))).flat()
  const [found, ...others] = all.filter(({ connection }) => connection.name === name)
  if (found && others.length > 0)
    return { kind: 'several', teamIds: [found, ...others].map(({ connection }) => connection.teamId) }
  if (found) return { kind: 'found', connection: found.connection }
  return {
    kind: 'unknown',
    nearest: nearestName(
      name,
      all.map(({ connection }) => connection.name),
    ),
  }
}

export type SetUp =
  | { readonly kind: 'done'; readonly mapping: Mapping; readonly isHandMade: boolean }
  | { readonly kind: 'failed'; readonly step: SetupStep; readonly verdict: Verdict }
  /** Everything was made, and the CRM does not show it all. */
  | { readonly kind: 'incomplete'; readonly steps: readonly SetupStep[] }
  | { readonly kind: 'refused'; readonly verdict: Verdict }

const LOOK_AGAIN_MS = 2 * SECOND_MS
const PATIENCE_MS = 10 * MINUTE_MS

/**
 * Makes what a plan misses, step by step, looks whether it is there, and lets the connection push to it unless a person chose
 * otherwise. Stopped half way, the next plan has the rest.
 */
export async function applySetup(
  deps: SetupDeps & { wait(ms: number): Promise<unknown> },
  { connection, steps, handMapping }: SetupPlan,
  told: (step: SetupStep) => void,
): Promise<SetUp> {
  for (const step of steps.filter(({ state }) => state === 'missing')) {
    told(step)
    const made = await applyStep(deps, connection, step)
    if (made.kind !== 'ok') return { kind: 'failed', step, verdict: made }
  }
  const again = await planSetup(deps, connection)
  if (again.kind === 'refused') return again
  const left = again.kind === 'plan' ? again.steps.filter(({ state }) => state !== 'there') : []
  if (left.length > 0) return { kind: 'incomplete', steps: left }
  if (handMapping) return { kind: 'done', mapping: handMapping, isHandMade: true }
  return usePreset(deps, connection)
}

async function usePreset(deps: SetupDeps, connection: Connection): Promise<SetUp> {
  const chosen = await askCrm(deps, connection, async (crm, tokens) => ({
    kind: 'ok',
    value: await choosePreset(crm, tokens),
  }))
  if (chosen.kind !== 'ok') return { kind: 'refused', verdict: chosen }
  const choice = chosen.value
  if (choice.kind !== 'chosen') return { kind: 'refused', verdict: NOT_ASKED }
  await rememberChoice(deps, connection, choice.mapping)
  return { kind: 'done', mapping: choice.mapping, isHandMade: false }
}

const NOT_ASKED: Verdict = {
  kind: 'transient',
  retryAfterMs: null,
  code: 'not_described',
  explanation: 'The CRM did not say what is there. Run the same command again.',
}

async function applyStep(
  deps: SetupDeps & { wait(ms: number): Promise<unknown> },
  connection: Connection,
  step: SetupStep,
): Promise<Asked<null>> {
  let ticket: string | null = null
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_AGAIN_MS) {
    const asked = await askCrm(deps, connection, async (crm, tokens) => {
      if (!crm.setup) throw new Error(`${crm.name} has no setup`)
      return crm.setup.apply(tokens, step, ticket)
    })
    const isPassing = ticket !== null && (asked.kind === 'transient' || asked.kind === 'rate_limited')
    if (asked.kind !== 'ok' && !isPassing) return asked
    if (asked.kind === 'ok' && asked.value.kind === 'done') return { kind: 'ok', value: null }
    if (asked.kind === 'ok' && asked.value.kind === 'working') ticket = asked.value.ticket
    await deps.wait(LOOK_AGAIN_MS)
  }
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'setup_too_slow',
    explanation: 'The CRM was still at it after ten minutes.',
  }
}

/** Keeps what was found to fit, with a line in the history. */
export async function rememberChoice(
  { store, clock, newId }: Pick<Deps, 'store' | 'clock' | 'newId'>,
  { id, teamId }: Pick<Connection, 'id' | 'teamId'>,
  mapping: Mapping,
): Promise<void> {
  const detail = mapping.touchpoints.object
  const audit = {
    id: newId(),
    teamId,
    connectionId: id,
    actor: null,
    action: 'mapping_changed' as const,
    detail,
    at: clock.now(),
  }
  await store.connections.setMapping(id, mapping, audit)
}

function askCrm<T>(
  { grants }: Pick<Deps, 'grants'>,
  connection: Connection,
  question: (crm: Crm, tokens: Tokens) => Promise<Asked<T>>,
): Promise<Asked<T>> {
  return grants.ask(connection, async (tokens: Tokens, provider: Provider) => {
    if (!isCrm(provider)) throw new Error(`${provider.name} is not a CRM`)
    return question(provider, tokens)
  })
}
