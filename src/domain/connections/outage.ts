import type { OutageKind } from './connection.ts'

/** From the last proof until the authorization is back. */
export interface Outage {
  readonly id: string
  readonly connectionId: string
  readonly kind: OutageKind
  readonly cause: string
  readonly explanation: string
  readonly lastProofAt: Date
  readonly openedAt: Date
  readonly closedAt: Date | null
  readonly closedHow: 'reauthorized' | 'withdrawn' | 'recovered' | null
  /** Who logged in: the Slack user if the link proved one, and the provider's user name. */
  readonly closedBy: string | null
  readonly closedByUsername: string | null
  /** Versions that a later one replaced while they waited in this outage. */
  readonly superseded: number
  /** When somebody last set out to log in, and did not come back yet. */
  readonly loginBegunAt: Date | null
  /** The message that shows it, among others perhaps; the store chooses it. Null: another outage's card stands for it. */
  readonly cardId: string | null
}

/** Pushing what an outage held back. `expected = pushed + superseded + rejected` once it is finished. */
export interface CatchUp {
  readonly id: string
  readonly connectionId: string
  readonly outageId: string
  /** Covers every unsettled touchpoint up to this key; later ones are live traffic. */
  readonly upToKey: number
  readonly expected: number
  readonly pushed: number
  readonly superseded: number
  readonly rejected: number
  readonly startedAt: Date
  readonly finishedAt: Date | null
}

export interface RejectGroup {
  readonly code: string
  readonly message: string
  readonly field: string | null
  readonly count: number
}
