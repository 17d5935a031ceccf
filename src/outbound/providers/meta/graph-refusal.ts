import type { Meaning } from '../meaning.ts'

export type Code = number | readonly [from: number, to: number]

export interface GraphRefusal {
  /** `code` of the error, alone or from–to; without it any, also none. */
  readonly codes?: readonly Code[]
  /** `error_subcode`; without it any. */
  readonly subcodes?: readonly number[]
  /** What the message must say; without it any. */
  readonly says?: RegExp
  /** What Meta must say to a person; without it any. */
  readonly saysToPerson?: RegExp
  /** Only where Meta says itself that it won't pass, and what a person has to change. */
  readonly lasting?: true
  readonly means: Meaning
  readonly source: string
}
