import type { Connection } from '../connections/connection.ts'
import type { GrantCaller } from '../connections/grant-caller.ts'
import type { Deps } from '../deps.ts'
import { type Crm, isCrm, type Verdict } from '../provider.ts'
import { budgetHold, budgetReached } from './api-budget.ts'
import type { ApiMeter } from './api-meter.ts'

type BudgetDeps = Pick<Deps, 'store' | 'clock' | 'meters' | 'log'>

/** After a time without room in the budget: looks at the usage before anything is sent. Answers why it must not be. */
export async function lookAgain(
  { store, grants, clock, meters }: BudgetDeps & Pick<Deps, 'grants'>,
  connection: Connection,
): Promise<Verdict | null> {
  const held = (await store.holds.of(connection.id)).some(({ reason }) => reason === 'budget')
  if (!held) return null
  const meter = meters.of(connection)
  const probed = await grants.ask(connection, (tokens, provider) => meter.watch(() => provider.probe(tokens)))
  if (probed.kind !== 'ok') return probed
  const usage = meter.usage()
  if (usage && !meter.hasRoom()) return budgetReached(usage)
  await store.holds.lift(connection.id, 'budget', clock.now(), null)
  return null
}

/** Whether it was the budget, or the CRM's own limit, that stopped the push: then the outbox is held. */
export async function holdForBudget(
  { store, clock, meters, log }: BudgetDeps,
  connection: Connection,
  stop: Verdict,
): Promise<boolean> {
  const now = clock.now()
  const usage = meters.of(connection).usage()
  const hold = budgetHold(connection.id, stop, usage, now)
  if (!hold) return false
  await store.holds.put(hold, now, null)
  log.info('drain.held', { connectionId: connection.id, reason: hold.reason, code: stop.code, ...usage })
  return true
}

/** Each push asks the meter first, also one that is sent again. */
export function meteredGrants(grants: GrantCaller, meter: ApiMeter): GrantCaller {
  const metered = (crm: Crm): Crm => ({ ...crm, push: (...args) => meter.send(() => crm.push(...args)) })
  return {
    ask: (connection, question) =>
      grants.ask(connection, (tokens, provider) => question(tokens, isCrm(provider) ? metered(provider) : provider)),
  }
}

/** A check that finds much room again need not wait until the outbox would be looked at. */
export async function liftWhenRoomy({ store, clock, meters }: Omit<BudgetDeps, 'log'>, connection: Connection): Promise<void> {
  if (connection.kind !== 'crm' || !meters.of(connection).isRoomy()) return
  const isHeld = (await store.holds.of(connection.id)).some(({ reason }) => reason === 'budget')
  if (isHeld) await store.holds.lift(connection.id, 'budget', clock.now(), null)
}
