/** A touchpoint ready for the outbox. */
export interface AcceptedTouchpoint {
  readonly id: string
  /** Of the canonical JSON: two versions with the same hash are the same. */
  readonly hash: string
  /** Canonical JSON of the touchpoint. */
  readonly payload: string
}

/** A row claimed for pushing. `key` names the version: a later version of the same id has another. */
export interface WaitingTouchpoint {
  readonly key: number
  readonly id: string
  readonly payload: string
  readonly attempts: number
}

/** What became of one claimed touchpoint. */
export type Settlement =
  | { readonly kind: 'pushed'; readonly key: number }
  | {
      readonly kind: 'rejected'
      readonly key: number
      readonly code: string
      readonly message: string
      readonly field: string | null
    }
  /** The CRM could not take it now; costs an attempt. */
  | { readonly kind: 'retry'; readonly key: number; readonly dueAt: Date }

/** `dismissed`: it was rejected, and a person or program said that it never will be pushed. */
export type TouchpointState = 'waiting' | 'pushed' | 'rejected' | 'dismissed'

export interface TouchpointRecord {
  readonly id: string
  readonly connectionId: string
  readonly state: TouchpointState
  readonly acceptedAt: Date
  readonly settledAt: Date | null
  /** Versions of this id that a later one replaced before they were pushed. */
  readonly superseded: number
  readonly attempts: number
  readonly code: string | null
  readonly message: string | null
}

/** When what waits was accepted. */
export interface Span {
  readonly firstAcceptedAt: Date
  readonly lastAcceptedAt: Date
}

/** Counts of one connection's outbox, kept in the same transaction as the rows. */
export interface Backlog {
  readonly waiting: number
  readonly pushed: number
  readonly superseded: number
  readonly rejected: number
}
