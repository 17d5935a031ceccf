import type { TagLevel } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText } from '../json.ts'
import { idOf } from './accounts.ts'
import { type Api, unreadable } from './api.ts'
import { readPartialErrors } from './verdicts.ts'

/** Final URL suffixes by level, and what an ad inherits from. Empty: none is set there. */
export interface Campaign {
  readonly id: string
  readonly name: string
  readonly suffix: string
}

/** https://learn.microsoft.com/advertising/campaign-management-service/getaccountproperties (2026-11) */
export async function accountSuffix(api: Api, tokens: Tokens, account: AccountRef): Promise<Asked<string>> {
  const body = { AccountPropertyNames: ['FinalUrlSuffix'] }
  const asked = await api.ask(tokens, 'campaign', '/AccountProperties/Query', body, account)
  if (asked.kind !== 'ok') return asked
  const properties = asList(asRecord(asked.value.json).AccountProperties).map(asRecord)
  const found = properties.find(({ Name: name }) => name === 'FinalUrlSuffix')
  return found ? { kind: 'ok', value: asText(found.Value) ?? '' } : unreadable()
}

/**
 * Every documented CampaignType, as flags are written in JSON by BingAds-Python-SDK 13.0.28 (2026-11); without them only Search comes:
 * https://learn.microsoft.com/advertising/campaign-management-service/getcampaignsbyaccountid. DynamicSearchAds campaigns are gone.
 */
const CAMPAIGN_TYPES = 'Search, Shopping, Audience, Hotel, PerformanceMax, App'

/** Those that are not deleted, by their names in lower case: a name is there once, whatever its case (campaign#name, 2026-11). */
export async function campaignsByName(
  api: Api,
  tokens: Tokens,
  account: AccountRef,
): Promise<Asked<ReadonlyMap<string, Campaign>>> {
  const body = { AccountId: account.id, CampaignType: CAMPAIGN_TYPES }
  const asked = await api.ask(tokens, 'campaign', '/Campaigns/QueryByAccountId', body, account)
  if (asked.kind !== 'ok') return asked
  const campaigns = asList(asRecord(asked.value.json).Campaigns).map(asRecord)
  const found = campaigns.flatMap((entry) => {
    const [id, name] = [idOf(entry.Id), asText(entry.Name)]
    const campaign = id !== null && name !== null ? { id, name, suffix: asText(entry.FinalUrlSuffix) ?? '' } : null
    return campaign ? [[campaign.name.toLowerCase(), campaign] as const] : []
  })
  return { kind: 'ok', value: new Map(found) }
}

/** The most of one GetAdGroupsByIds: https://learn.microsoft.com/advertising/campaign-management-service/getadgroupsbyids (2026-11). */
const MOST_AD_GROUPS = 1000

/** By id; those that are deleted are left out. */
export async function adGroupSuffixes(
  api: Api,
  tokens: Tokens,
  account: AccountRef,
  campaignId: string,
  adGroupIds: readonly string[],
): Promise<Asked<ReadonlyMap<string, string>>> {
  const found = new Map<string, string>()
  for (let from = 0; from < adGroupIds.length; from += MOST_AD_GROUPS) {
    const body = { CampaignId: campaignId, AdGroupIds: adGroupIds.slice(from, from + MOST_AD_GROUPS) }
    const asked = await api.askList(tokens, 'campaign', '/AdGroups/QueryByIds', body, account)
    if (asked.kind !== 'ok') return asked
    // An ad group that is not there any more is `rejected`, and null in the list.
    const trouble = readPartialErrors(asked.value).find(({ kind }) => kind !== 'rejected')
    if (trouble) return trouble
    for (const entry of asList(asRecord(asked.value.json).AdGroups).map(asRecord)) {
      const id = idOf(entry.Id)
      if (id !== null) found.set(id, asText(entry.FinalUrlSuffix) ?? '')
    }
  }
  return { kind: 'ok', value: found }
}

/** The lowest that is set counts alone: https://learn.microsoft.com/advertising/guides/url-tracking-upgraded-urls (2026-11). */
export function lowestOf(suffixes: Readonly<Record<TagLevel, string>>): {
  readonly suffix: string
  readonly setBy: TagLevel | null
} {
  for (const level of ['ad', 'ad_group', 'campaign', 'account'] as const) {
    if (suffixes[level] !== '') return { suffix: suffixes[level], setBy: level }
  }
  return { suffix: '', setBy: null }
}
