import type { Ad } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { type AdsApi, digits } from './api.ts'
import { carriedBy } from './parameters-of.ts'
import { readInt64 } from './read-row.ts'
import { unreadableRow } from './take-rows.ts'

/**
 * Fields of ad_group_ad and what it belongs to (developers.google.com/google-ads/api/fields/v26/ad_group_ad, 2026-11). Only display,
 * video and Demand Gen ads have a name (ad.proto): others are called by a headline.
 */
const AD_FIELDS = [
  ...['resource_name', 'ad.id', 'ad.name', 'ad.final_urls', 'ad.final_url_suffix', 'ad.tracking_url_template'],
  ...['ad.responsive_search_ad.headlines', 'ad.responsive_display_ad.headlines', 'ad.expanded_text_ad.headline_part1'],
].map((field) => `ad_group_ad.${field}`)
const LEVEL_FIELDS = ['ad_group', 'campaign', 'customer'].flatMap((level) => [
  `${level}.id`,
  `${level}.final_url_suffix`,
  `${level}.tracking_url_template`,
])
const FIELDS = [...AD_FIELDS, ...LEVEL_FIELDS, 'campaign.name'].join(', ')

export const NOT_REMOVED = "ad_group_ad.status != 'REMOVED' AND ad_group.status != 'REMOVED' AND campaign.status != 'REMOVED'"

/** A condition may have 20,000 values (developers.google.com/google-ads/api/docs/best-practices/quotas, read 2026-11-24). */
const MOST_NAMES = 10_000

/** `customers/1234567890/adGroupAds/11~22` */
export function isAdName(name: unknown): name is string {
  return typeof name === 'string' && /^customers\/\d+\/adGroupAds\/\d+~\d+$/.test(name)
}

/** Tells of these ads what they are now; removed ones are left out. `created`: their names, and since when they are known to be. */
export async function describeAds(
  api: AdsApi,
  tokens: Tokens,
  account: AccountRef,
  created: ReadonlyMap<string, Date>,
  take: (ads: readonly Ad[]) => Promise<void>,
): Promise<Asked<null>> {
  const names = [...created.keys()]
  for (let start = 0; start < names.length; start += MOST_NAMES) {
    const some = names.slice(start, start + MOST_NAMES).map((name) => `'${name}'`)
    const query = `SELECT ${FIELDS} FROM ad_group_ad WHERE ad_group_ad.resource_name IN (${some.join(', ')}) AND ${NOT_REMOVED}`
    const asked = await api.stream(tokens, account, query, async (rows) => {
      const ads = rows.map((row) => adOf(row, account, created)).filter((ad) => ad !== null)
      if (ads.length < rows.length) return unreadableRow()
      await take(ads)
      return undefined
    })
    if (asked.kind !== 'ok') return asked
  }
  return { kind: 'ok', value: null }
}

function adOf(row: JsonRecord, account: AccountRef, created: ReadonlyMap<string, Date>): Ad | null {
  const { resourceName, ad: told } = asRecord(row.adGroupAd)
  const [ad, campaign] = [asRecord(told), asRecord(row.campaign)]
  const createdAt = created.get(asText(resourceName) ?? '')
  const [id, campaignId, adGroupId] = [ad.id, campaign.id, asRecord(row.adGroup).id].map(idOf)
  if (createdAt === undefined || id == null || campaignId == null || adGroupId == null) return null
  return {
    id,
    name: nameOf(ad) ?? `Ad ${id}`,
    campaignId,
    campaignName: asText(campaign.name) ?? '',
    createdAt,
    url: pageOf(account, { campaignId, adGroupId }),
    ...carriedBy(row),
    untaggable: null,
  }
}

export function idOf(value: unknown): string | null {
  return readInt64(value)?.toString() ?? null
}

export function nameOf(ad: JsonRecord): string | null {
  const headlines = [ad.responsiveSearchAd, ad.responsiveDisplayAd].flatMap((info) => asList(asRecord(info).headlines))
  const [headline] = headlines.map((one) => asText(asRecord(one).text)).filter((text) => text !== null)
  return asText(ad.name) ?? headline ?? asText(asRecord(ad.expandedTextAd).headlinePart1)
}

/**
 * The list of ads of an ad group, or of a campaign. `__e` is the account as people know it, whatever account the browser has open.
 * @TODO source: many programs link so; Google documents no addresses of its pages.
 */
export function pageOf(account: AccountRef, of: { readonly campaignId: string; readonly adGroupId?: string }): string {
  return `https://ads.google.com/aw/ads?${new URLSearchParams({ ...of, __e: digits(account.id) })}`
}
