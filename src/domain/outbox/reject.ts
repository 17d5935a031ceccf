import { hash } from 'node:crypto'
import type { AuditEntry } from '../connections/audit-entry.ts'
import type { RejectGroup } from '../connections/outage.ts'
import { type AlikeRejects, wordsOf } from './reject-window.ts'

/** A touchpoint that the CRM refused for good. It keeps its payload until it is retried or dismissed. */
export interface Reject {
  readonly key: number
  readonly id: string
  readonly code: string
  readonly message: string
  /** Null: the CRM named none. */
  readonly field: string | null
  readonly acceptedAt: Date
  readonly settledAt: Date
  readonly attempts: number
  /** Canonical JSON of the touchpoint. */
  readonly payload: string
}

/** Rejects that agree with every part that is given; with none given, all. `field: null`: those for which the CRM named none. */
export interface RejectFilter {
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly field?: string | null | undefined
}

/** Why the CRM refused. One that quotes each record's value in its words is one reason all the same. */
export interface RejectReason extends RejectGroup {
  /** `message` is one of many. */
  readonly isExample: boolean
}

/** More different texts than this of one code and field are one reason. */
const TEXTS_OF_ONE_REASON = 3

/** The reasons behind groups, most frequent first. */
export function reasonsOf(groups: readonly RejectGroup[]): RejectReason[] {
  const alike = Map.groupBy(groups, ({ code, field }) => JSON.stringify([code, field]))
  const reasons = [...alike.values()].flatMap((texts): RejectReason[] => {
    const [first] = texts.toSorted((a, b) => b.count - a.count)
    if (!first || texts.length <= TEXTS_OF_ONE_REASON) return texts.map((text) => ({ ...text, isExample: false }))
    return [{ ...first, count: texts.reduce((sum, { count }) => sum + count, 0), isExample: true }]
  })
  return reasons.toSorted((a, b) => b.count - a.count)
}

export function filterOf({ code, message, field, isExample }: RejectReason): RejectFilter {
  return isExample ? { code, field } : { code, message, field }
}

/** Names a reason in a button: the CRM's own words may be longer than a button may carry. */
export function reasonId({ code, message, field, isExample }: RejectReason): string {
  return hash('sha256', JSON.stringify([code, isExample ? null : message, field]), 'base64url').slice(0, 22)
}

/** Names what is alike in a button: see `AlikeRejects`. */
export function alikeId({ code, field, words }: Pick<AlikeRejects, 'code' | 'field' | 'words'>): string {
  return `alike-${hash('sha256', JSON.stringify([code, field, words]), 'base64url').slice(0, 22)}`
}

/** What such a button, or that of a reason, stands for. */
export function filtersOf(groups: readonly RejectGroup[], id: string): RejectFilter[] {
  const reasons = reasonsOf(groups)
  const one = reasons.find((reason) => reasonId(reason) === id)
  if (one) return [filterOf(one)]
  const texts = groups.filter((group) => isAlike(group, id))
  const those = reasons.filter((reason) =>
    texts.some(
      ({ code, field, message }) =>
        code === reason.code && field === reason.field && (reason.isExample || message === reason.message),
    ),
  )
  return those.map(filterOf)
}

function isAlike(group: RejectGroup, id: string): boolean {
  return [wordsOf(group), ''].some((words) => alikeId({ ...group, words }) === id)
}

/** Most rejects that one call of the store moves. */
export const REJECTS_AT_ONCE = 1000

/** What we ask of the store for rejects; whole facts like those of `Store`. */
export interface RejectStore {
  /** Those after `afterKey`, in the order of their keys. */
  page(connectionId: string, which: RejectFilter, afterKey: number, limit: number): Promise<Reject[]>
  /**
   * The oldest of them wait again, at the end of the line and as if never tried. At most {@link REJECTS_AT_ONCE}; answers how many.
   * What a catch-up has counted as rejected stays counted there. `audit` is written if there were any.
   */
  retry(connectionId: string, which: RejectFilter, audit: AuditEntry | null): Promise<number>
  /** The oldest of them are settled as dismissed, and their payloads are dropped. At most {@link REJECTS_AT_ONCE}; answers how many. */
  dismiss(connectionId: string, which: RejectFilter, at: Date, audit: AuditEntry | null): Promise<number>
}
