import type { Meaning } from '../meaning.ts'

export interface ApiRefusal {
  /** `ErrorCode`, compared without case and without the service's name before it. */
  readonly names: readonly string[]
  /** `Code`, for answers without a name: Customer Management and Customer Billing give none. */
  readonly numbers: readonly number[]
  /** What message or details must say; without it anything. */
  readonly says?: RegExp
  readonly means: Meaning
  /** Where the documentation says how long to wait. */
  readonly waitMs?: number
  readonly source: string
}

/** https://learn.microsoft.com/advertising/guides/operation-error-codes, of 2026-08, read 2026-11-24. */
export const CODES = 'learn.microsoft.com/advertising/guides/operation-error-codes, read 2026-11'
