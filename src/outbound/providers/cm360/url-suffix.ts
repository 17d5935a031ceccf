import type { TagLevel } from '../../../domain/ads.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'

/** What an entity adds to the URLs of clicks: "" where it adds nothing. */
export function suffixOf(text: unknown): string {
  return (asText(text) ?? '').replace(/^[?&]+/, '')
}

/**
 * What a campaign or an ad sets in place of what it would inherit, which may be nothing at all; null: it inherits.
 * `ClickThroughUrlSuffixProperties` (developers.google.com/doubleclick-advertisers/rest/v5, read 2026-11-29).
 */
export function ownSuffix({ clickThroughUrlSuffixProperties }: JsonRecord): string | null {
  const { overrideInheritedSuffix, clickThroughUrlSuffix } = asRecord(clickThroughUrlSuffixProperties)
  return overrideInheritedSuffix === true ? suffixOf(clickThroughUrlSuffix) : null
}

/** The lowest level that sets a suffix decides alone: ad, campaign, advertiser. The advertiser is where an account's own are set. */
export function countingSuffix(
  ad: JsonRecord,
  campaign: JsonRecord,
  advertiser: JsonRecord,
): { readonly suffix: string; readonly setBy: TagLevel | null } {
  const [ofAd, ofCampaign, inherited] = [ownSuffix(ad), ownSuffix(campaign), suffixOf(advertiser.clickThroughUrlSuffix)]
  if (ofAd !== null) return { suffix: ofAd, setBy: 'ad' }
  if (ofCampaign !== null) return { suffix: ofCampaign, setBy: 'campaign' }
  return { suffix: inherited, setBy: inherited === '' ? null : 'account' }
}
