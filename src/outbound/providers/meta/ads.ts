import { SECOND_MS } from '../../../clock.ts'
import type { Ad } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import { CREATIVE_FIELDS, parametersOf, readCreative } from './creative.ts'
import { type Graph, unreadable } from './graph.ts'
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
export async function adsSince(graph: Graph, tokens: Tokens, account: AccountRef, since: Date, take: Take): Promise<Asked<null>> {
  const sinceSeconds = Math.floor(since.getTime() / SECOND_MS)
  const filtering = JSON.stringify([{ field: 'ad.updated_time', operator: 'GREATER_THAN', value: sinceSeconds - 1 }])
  const read = (limit: number) =>
    takeAds(
      graph.pages(tokens, `/${encodeURIComponent(account.id)}/ads`, { fields: AD_FIELDS, filtering, limit: String(limit) }),
      account,
      sinceSeconds * SECOND_MS,
      take,
    )
  const [many, few] = PAGE_ADS
  const all = await read(many)
  return all.kind !== 'ok' && isTooMuch(all) ? read(few) : all
}

async function takeAds(
  pages: AsyncIterable<Asked<readonly JsonRecord[]>>,
  account: AccountRef,
  sinceMs: number,
  take: Take,
): Promise<Asked<null>> {
  for await (const page of pages) {
    if (page.kind !== 'ok') return page
    const read = page.value.map((row) => adOf(row, account))
    const ads = read.filter((ad) => ad !== null)
    if (ads.length < read.length) return unreadable()
    const created = ads.filter(({ createdAt }) => createdAt.getTime() >= sinceMs)
    if (created.length > 0) await take(created)
  }
  return { kind: 'ok', value: null }
}

function adOf(row: JsonRecord, account: AccountRef): Ad | null {
  const id = asText(row.id)
  const createdAt = timeOf(row.created_time)
  const campaign = asRecord(row.campaign)
  const campaignId = asText(campaign.id)
  if (id === null || createdAt === null || campaignId === null) return null
  const creative = readCreative(row.creative)
  return {
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
}

/** `2026-11-24T10:00:00+0100`, to the second. */
function timeOf(value: unknown): Date | null {
  const at = new Date((asText(value) ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(at.getTime()) ? null : at
}
