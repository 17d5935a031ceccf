import type { Verdict } from '../../../domain/provider.ts'
import { passes } from '../meaning.ts'
import type { GraphRefusal } from './graph-refusal.ts'

const MEANS = passes('Meta could not gather so much data at once.')

/** What Meta says of questions that are too large. They come with `is_transient` and without, and no code is theirs alone. */
export const TOO_MUCH: readonly GraphRefusal[] = [
  {
    says: /reduce the amount of data/i,
    means: MEANS,
    source:
      'airbytehq/airbyte#38025 (1 and 100 "Please reduce the amount of data you\'re asking for, then retry your request"), read 2026-11-29',
  },
  {
    subcodes: [1487534, 1504018, 1504038, 1504044],
    means: MEANS,
    source: 'developers.facebook.com/docs/marketing-api/insights/error-codes (timeouts and too much data)',
  },
]

/** Whether less at once may be answered; silence until the time was up counts as well. */
export function isTooMuch(verdict: Verdict): boolean {
  return verdict.explanation === MEANS.explanation || verdict.code === 'no_answer_timeout'
}
