import { DAY_MS, later } from '../../clock.ts'
import { newMessage } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import { type CostsLate, namesOf, newWarning, type Warning } from './warning.ts'

type LateDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>
type Open = Warning & { readonly detail: CostsLate }

/** Costs that fail for so long are told, although the connection works otherwise. */
const LATE_MS = DAY_MS

/** One note for each connection, which says so when its costs come again. Runs on the beat. */
export async function tellLateCosts(deps: LateDeps): Promise<void> {
  const { store, clock, log } = deps
  const open = (await store.warnings.open()).filter((one): one is Open => one.detail.kind === 'costs_late')
  const late = await store.costs.failingSince(later(clock.now(), -LATE_MS))
  for (const { connection, trouble, lastAt } of late) {
    if (open.some(({ subject }) => subject === subjectOf(connection))) continue
    const message = newMessage(deps, connection, 'warning')
    const [named] = namesOf([connection])
    if (!named) continue
    const since = (lastAt ?? connection.addedAt).toISOString()
    const detail: CostsLate = {
      kind: 'costs_late',
      provider: connection.provider,
      connection: named,
      since,
      explanation: trouble,
      ended: null,
    }
    if (await store.warnings.raise(newWarning(message, subjectOf(connection), detail), message))
      log.warn('costs.late', { connectionId: connection.id })
  }
  const still = new Set(late.map(({ connection }) => subjectOf(connection)))
  for (const known of open) if (!still.has(known.subject)) await end(deps, known)
}

async function end({ store, clock }: LateDeps, known: Open): Promise<void> {
  const { detail } = known
  const now = clock.now()
  const connection = await store.connections.find(detail.connection.id)
  const isDown = connection?.health.status !== 'connected' || connection.health.unreachableSince !== null
  const ended = isDown ? ('down' as const) : ('works' as const)
  await store.warnings.change(known, { detail: { ...detail, ended }, closedAt: now }, null, now)
}

function subjectOf({ id }: Connection): string {
  return `costs_late ${id}`
}
