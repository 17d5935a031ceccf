import { SECOND_MS } from '../../../clock.ts'
import type { Ad } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import { CREATIVE_FIELDS, parametersOf, readCreative } from './creative.ts'
import { unreadable } from './graph.ts'
import type { AdsDeps } from './origins.ts'
import { isTooMuch } from './too-much.ts'
import { whyUntaggable } from './untaggable.ts'

export const AD_FIELDS = `id,name,effective_status,created_time,account_id,campaign{id,name},creative_asset_groups_spec,creative{${CREATIVE_FIELDS}}`

/** Creatives are large; where Meta can't gather so many at once it is asked for fewer. */
const PAGE_ADS = [100, 20] as const

type Take = (ads: readonly Ad[]) => Promise<void>

/**
 * Of `updated_since` users report that it is ignored (facebook-nodejs-business-sdk#205, read 2026-11-29), so it is filtered by
 * `ad.updated_time`, as airbytehq/airbyte does; what was created before is left out here. Archived and deleted ads are not listed.
 * https://developers.facebook.com/docs/marketing-api/reference/ad-account/ads (2026-11)
 */
export async function adsSince(
  deps: AdsDeps,
  tokens: Tokens,
  account: AccountRef,
  since: Date,
  take: Take,
): Promise<Asked<null>> {
  const sinceSeconds = Math.floor(since.getTime() / SECOND_MS)
  const filtering = JSON.stringify([{ field: 'ad.updated_time', operator: 'GREATER_THAN', value: sinceSeconds - 1 }])
  const read = (limit: number) =>
    takeAds(deps, tokens, account, { filtering, limit: String(limit) }, sinceSeconds * SECOND_MS, take)
  const [many, few] = PAGE_ADS
  const all = await read(many)
  return all.kind !== 'ok' && isTooMuch(all) ? read(few) : all
}

async function takeAds(
  deps: AdsDeps,
  tokens: Tokens,
  account: AccountRef,
  query: Readonly<Record<string, string>>,
  sinceMs: number,
  take: Take,
): Promise<Asked<null>> {
  const edge = `/${encodeURIComponent(account.id)}/ads`
  for await (const page of deps.graph.pages(tokens, edge, { fields: AD_FIELDS, ...query })) {
    if (page.kind !== 'ok') return page
    const ads: Ad[] = []
    for (const row of page.value) {
      const createdAt = timeOf(row.created_time)
      if (createdAt !== null && createdAt.getTime() < sinceMs) continue
      const ad = createdAt && (await adOf(deps, tokens, account, row, createdAt))
      if (!ad) return unreadable()
      if (ad.kind !== 'ok') return ad
      ads.push(ad.value)
    }
    if (ads.length > 0) await take(ads)
  }
  return { kind: 'ok', value: null }
}

/** Null: it can't be read. */
async function adOf(
  { origins }: AdsDeps,
  tokens: Tokens,
  account: AccountRef,
  row: JsonRecord,
  createdAt: Date,
): Promise<Asked<Ad> | null> {
  const id = asText(row.id)
  const campaign = asRecord(row.campaign)
  const campaignId = asText(campaign.id)
  if (id === null || campaignId === null) return null
  const told = readCreative(row.creative)
  const asked = told && (await origins.withLinks(tokens, account, told))
  if (asked && asked.kind !== 'ok') return asked
  const creative = asked?.value ?? null
  const value: Ad = {
    id,
    name: asText(row.name) ?? id,
    campaignId,
    campaignName: asText(campaign.name) ?? '',
    createdAt,
    url: `https://adsmanager.facebook.com/adsmanager/manage/ads?act=${account.id.replace('act_', '')}&selected_ad_ids=${encodeURIComponent(id)}`,
    parameters: creative === null ? '' : parametersOf(creative),
    setBy: creative !== null && creative.urlTags.length + creative.ofAssets.length > 0 ? 'ad' : null,
    untaggable: whyUntaggable(row, creative),
  }
  return { kind: 'ok', value }
}

/** `2026-11-24T10:00:00+0100`, to the second. */
function timeOf(value: unknown): Date | null {
  const at = new Date((asText(value) ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(at.getTime()) ? null : at
}
