import type { TagLevel } from '../ads.ts'
import type { Day } from '../day.ts'

/** What an outage of an ad platform left out. Finished, and reported, when both parts are known. */
export interface Gap {
  readonly outageId: string
  readonly connectionId: string
  /** The last proof before the outage; of an unfinished gap before it, if there is one, its own. */
  readonly since: Date
  /** When the connection was back. */
  readonly until: Date
  readonly costs: GapCosts | null
  readonly tags: GapTags | null
  readonly finishedAt: Date | null
}

/** Amounts are decimals in the account's currency, since this is stored as JSON. */
export interface GapCosts {
  readonly currency: string
  /** Days that had not been downloaded to their end, and are now, in order. */
  readonly backfilled: readonly { readonly day: Day; readonly amount: string; readonly campaigns: number }[]
  /** Campaigns that cost something on those days. */
  readonly campaigns: number
  /** Sum of those days. */
  readonly amount: string
  /** Days that were whole before, and whose amount the provider has changed since. */
  readonly restated: readonly { readonly day: Day; readonly before: string; readonly after: string }[]
  /** Days that the provider does not tell any more. */
  readonly lost: readonly Day[]
}

/**
 * - `covered`: it carried all wanted parameters from its creation on.
 * - `late`: it was tagged, but first after it was created.
 * - `never`: it lacks some of them now.
 */
export type AdFate = 'covered' | 'late' | 'never'

export interface GapAd {
  readonly id: string
  readonly name: string
  readonly campaignName: string
  readonly url: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly fate: AdFate
  /** Of a late one, when it was tagged (ISO 8601). */
  readonly taggedAt: string | null
  readonly setBy: TagLevel | null
  /** Why it was never tagged, in plain words. */
  readonly why: string | null
}

export type GapTags =
  /** Auto-tagging is off: nothing is claimed about ads. */
  | { readonly kind: 'off' }
  /** The provider does not tell which ads there are; why, in plain words. */
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'on'
      readonly covered: number
      readonly late: number
      readonly never: number
      /** The first of them: those never tagged, then late ones, then covered ones. */
      readonly ads: readonly GapAd[]
      /** Touchpoints that came from late and never tagged ads while those were untagged. */
      readonly touchpoints: number
    }

/** Whether something was missed, or has changed. */
export function isWorthTelling({ costs, tags }: Pick<Gap, 'costs' | 'tags'>): boolean {
  if (costs !== null && costs.backfilled.length + costs.restated.length + costs.lost.length > 0) return true
  return tags?.kind === 'unknown' || (tags?.kind === 'on' && tags.late + tags.never > 0)
}
