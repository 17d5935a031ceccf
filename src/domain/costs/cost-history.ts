import type { Day } from '../day.ts'

/**
 * - `whole`: downloaded after the day had ended.
 * - `open`: downloaded while it was still going on.
 * - `lost`: missed, and too long ago for the provider to tell.
 * - `missing`: not downloaded (yet).
 */
export const DAY_STATES = ['whole', 'open', 'lost', 'missing'] as const
export type DayState = (typeof DAY_STATES)[number]

/** What all campaigns cost on one day; nothing is known of one that is lost or missing. */
export interface DayCost {
  readonly day: Day
  readonly state: DayState
  /** Millionths of the account's currency unit; 0 where nothing is known. */
  readonly micros: bigint
}

/** The costs of one connection as lists and charts show them, a row for each day asked for. */
export interface CostHistory {
  readonly currency: string
  readonly timeZone: string
  readonly days: readonly DayCost[]
  /** When costs were last downloaded; null: never yet. */
  readonly lastAt: Date | null
  /** Why the last try failed, in plain words; null: it did not. */
  readonly trouble: string | null
}
