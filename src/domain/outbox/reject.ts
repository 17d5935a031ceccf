import { hash } from 'node:crypto'
import type { RejectGroup } from '../connections/outage.ts'
import type { AuditEntry } from '../store.ts'

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

/** Names a group in a button: the CRM's own words may be longer than a button may carry. */
export function rejectGroupId({ code, message, field }: RejectGroup): string {
  return hash('sha256', JSON.stringify([code, message, field]), 'base64url').slice(0, 22)
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
