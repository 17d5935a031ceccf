import { accountOf, type Connection } from '../connections/connection.ts'
import type { GrantCaller } from '../connections/grant-caller.ts'
import { type BulkCrm, type Crm, isCrm } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { Verdict } from '../provider.ts'
import { budgetHold, budgetReached } from './api-budget.ts'
import type { ApiMeter } from './api-meter.ts'
import { LAPSED } from './drain-lease.ts'

type BudgetDeps = Pick<Deps, 'store' | 'clock' | 'meters' | 'log'>

/** Before anything is sent: whether the budget is used up, which after a time without room in it the CRM is asked anew. */
export async function whyNoRoom(
  { store, grants, clock, meters }: BudgetDeps & Pick<Deps, 'grants'>,
  connection: Connection,
): Promise<Verdict | null> {
  const meter = meters.of(connection)
  const known = meter.usage()
  const held = (await store.holds.of(connection.id)).some(({ reason }) => reason === 'budget')
  if (!held) return known && !meter.hasRoom() ? budgetReached(known) : null
  const probed = await grants.ask(connection, (tokens, provider) =>
    meter.watch(() => provider.probe(tokens, accountOf(connection))),
  )
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

/**
 * Each push asks the meter first, also one that is sent again, and after that wait whether the drain is still ours; the few
 * calls of a bulk job are counted.
 */
export function meteredGrants(grants: GrantCaller, meter: ApiMeter, isOurs: () => Promise<boolean>): GrantCaller {
  const metered = (crm: Crm): Crm => ({
    ...crm,
    push: (...args) => meter.send(async () => ((await isOurs()) ? crm.push(...args) : LAPSED)),
    ...(crm.bulk && { bulk: counted(crm.bulk, meter) }),
  })
  return {
    ask: (connection, question) =>
      grants.ask(connection, (tokens, provider) => question(tokens, isCrm(provider) ? metered(provider) : provider)),
  }
}

/** Bulk jobs are few calls for many records, and their answers tell no usage. */
function counted(bulk: BulkCrm, meter: ApiMeter): BulkCrm {
  const { create, abortForgotten, upload, close, abort, state, results } = bulk
  const asCall =
    <A extends readonly unknown[], R>(call: (...args: A) => R) =>
    (...args: A): R => {
      meter.spend()
      return call(...args)
    }
  return {
    ...bulk,
    create: asCall(create),
    abortForgotten: asCall(abortForgotten),
    upload: asCall(upload),
    close: asCall(close),
    abort: asCall(abort),
    state: asCall(state),
    results: asCall(results),
  }
}

/** A check that finds much room again need not wait until the outbox would be looked at. */
export async function liftWhenRoomy({ store, clock, meters }: Omit<BudgetDeps, 'log'>, connection: Connection): Promise<void> {
  if (connection.kind !== 'crm' || !meters.of(connection).isRoomy()) return
  const isHeld = (await store.holds.of(connection.id)).some(({ reason }) => reason === 'budget')
  if (isHeld) await store.holds.lift(connection.id, 'budget', clock.now(), null)
}
