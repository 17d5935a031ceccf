import { DAY_MS } from '../clock.ts'
import type { ConnectionOverview } from '../domain/connections/connection-store.ts'
import { isUnconfirmed } from './connection-words.ts'

/** A login that ends within this time is worth a word. */
const EXPIRY_SHOWN_MS = 30 * DAY_MS
const PAGE_SIZE = 15

export const FILTERS = ['all', 'attention', 'crm', 'ads'] as const
export type Filter = (typeof FILTERS)[number]

/** How many there are of each; a connection counts once, but for `expiring` and `catchingUp`, which also work. */
export interface Counts {
  readonly total: number
  readonly red: number
  /** A right, a setting or a word of somebody is missing. */
  readonly attention: number
  readonly paused: number
  readonly silent: number
  readonly fine: number
  readonly expiring: number
  readonly catchingUp: number
}

/** Some of the connections, as one page shows them. Pages count from 0. */
export interface Page {
  readonly rows: readonly ConnectionOverview[]
  readonly page: number
  readonly pages: number
  readonly filter: Filter
  /** Of all connections, whatever the filter. */
  readonly counts: Counts
}

/** A page that does not exist is the last. */
export function pageOf(overviews: readonly ConnectionOverview[], page: number, now: Date, filter: Filter = 'all'): Page {
  const chosen = overviews.filter((overview) => isIn(overview, filter, now))
  const pages = Math.max(1, Math.ceil(chosen.length / PAGE_SIZE))
  const shown = Math.min(Math.max(page, 0), pages - 1)
  return {
    rows: chosen.slice(shown * PAGE_SIZE, (shown + 1) * PAGE_SIZE),
    page: shown,
    pages,
    filter,
    counts: countsOf(overviews, now),
  }
}

function isIn(overview: ConnectionOverview, filter: Filter, now: Date): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'attention':
      return needsSomebody(overview) || isExpiring(overview, now)
    case 'crm':
    case 'ads':
      return overview.connection.kind === filter
    default:
      return filter satisfies never
  }
}

function countsOf(overviews: readonly ConnectionOverview[], now: Date): Counts {
  const states = overviews.map(stateOf)
  const count = (state: ReturnType<typeof stateOf>) => states.filter((one) => one === state).length
  return {
    total: overviews.length,
    red: count('red'),
    attention: count('attention'),
    paused: count('paused'),
    silent: count('silent'),
    fine: count('fine'),
    expiring: overviews.filter((overview) => isExpiring(overview, now)).length,
    catchingUp: overviews.filter(isCatchingUp).length,
  }
}

function stateOf(overview: ConnectionOverview): 'red' | 'attention' | 'paused' | 'silent' | 'fine' {
  const { health } = overview.connection
  if (health.status === 'authorization_required') return 'red'
  if (health.status === 'paused') return 'paused'
  if (needsSomebody(overview)) return 'attention'
  return health.unreachableSince === null ? 'fine' : 'silent'
}

/** Nothing goes on until a person has done something. */
function needsSomebody({ connection, holds }: ConnectionOverview): boolean {
  const { status } = connection.health
  if (status === 'paused') return false
  return (
    status !== 'connected' || isUnconfirmed(connection) || holds.some(({ reason }) => reason === 'ask' || reason === 'rejects')
  )
}

export function isExpiring({ refreshExpiresAt }: ConnectionOverview, now: Date): boolean {
  return refreshExpiresAt !== null && refreshExpiresAt.getTime() - now.getTime() < EXPIRY_SHOWN_MS
}

export function isCatchingUp({ catchUp }: ConnectionOverview): boolean {
  return catchUp !== null && catchUp.finishedAt === null
}

/** What a button that turns the page carries. Old ones carry the page alone. */
export function writePageValue(page: number, filter: Filter): string {
  return `${page} ${filter}`
}

export function readPageValue(text: string): { readonly page: number; readonly filter: Filter } {
  const [page = '', filter = ''] = text.split(' ')
  return { page: Number.parseInt(page, 10) || 0, filter: FILTERS.find((one) => one === filter) ?? 'all' }
}
