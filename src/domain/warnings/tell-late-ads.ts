import { DAY_MS, later } from '../../clock.ts'
import { newMessage } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import { type AdsLate, namesOf, newWarning, type Warning } from './warning.ts'

type LateDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>
type Open = Warning & { readonly detail: AdsLate }

/** What fails for so long is told, although the connection works otherwise. */
const LATE_MS = DAY_MS

interface Late {
  readonly kind: AdsLate['kind']
  readonly connection: Connection
  readonly trouble: string
  readonly since: Date
}

/** One note for each connection whose costs or URL parameters fail, which says so when they come again. Runs on the beat. */
export async function tellLateAds(deps: LateDeps): Promise<void> {
  const { store } = deps
  const open = (await store.warnings.open()).filter((one): one is Open => 'ended' in one.detail && isLate(one.detail.kind))
  const late = await whatIsLate(deps)
  for (const one of late) if (!open.some(({ subject }) => subject === subjectOf(one))) await raise(deps, one)
  const still = new Set(late.map(subjectOf))
  for (const known of open) if (!still.has(known.subject)) await end(deps, known)
}

function isLate(kind: string): kind is AdsLate['kind'] {
  return kind === 'costs_late' || kind === 'tags_late'
}

async function whatIsLate({ store, clock }: LateDeps): Promise<Late[]> {
  const before = later(clock.now(), -LATE_MS)
  const costs = await store.costs.failingSince(before)
  const scans = await store.adScans.troubledSince(before)
  return [
    ...costs.map(({ connection, trouble, lastAt }) => {
      return { kind: 'costs_late' as const, connection, trouble, since: lastAt ?? connection.addedAt }
    }),
    ...scans.map(({ connection, trouble, since }) => ({ kind: 'tags_late' as const, connection, trouble, since })),
  ]
}

async function raise(deps: LateDeps, { kind, connection, trouble, since }: Late): Promise<void> {
  const { store, log } = deps
  const [named] = namesOf([connection])
  if (!named) return
  const message = newMessage(deps, connection, 'warning')
  const { provider } = connection
  const detail: AdsLate = { kind, provider, connection: named, since: since.toISOString(), explanation: trouble, ended: null }
  if (await store.warnings.raise(newWarning(message, subjectOf({ kind, connection }), detail), message))
    log.warn('ads.late', { connectionId: connection.id, kind })
}

async function end({ store, clock }: LateDeps, known: Open): Promise<void> {
  const { detail } = known
  const now = clock.now()
  const connection = await store.connections.find(detail.connection.id)
  const isDown = connection?.health.status !== 'connected' || connection.health.unreachableSince !== null
  const ended = isDown ? ('down' as const) : ('works' as const)
  await store.warnings.change(known, { detail: { ...detail, ended }, closedAt: now }, null, now)
}

function subjectOf({ kind, connection }: Pick<Late, 'kind' | 'connection'>): string {
  return `${kind} ${connection.id}`
}
