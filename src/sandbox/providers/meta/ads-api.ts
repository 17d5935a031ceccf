import type { Reply } from '../http-server.ts'
import type { MetaAccount } from './ad-accounts.ts'
import { ERRORS, invalidParameter, refusal, unknownField, unknownObject } from './answers.ts'
import type { MetaCreative } from './creatives.ts'
import { type FieldTree, pageOf, picked, readFields } from './paging.ts'
import type { ShownAd } from './shown-ads.ts'
import type { World } from './world.ts'

/** Known fields of ads and creatives, as far as anybody asks: facebook-business-sdk-codegen (v25, read 2026-11-29). */
const AD_FIELDS = new Set(
  'id name account_id adset_id campaign campaign_id configured_status created_time creative creative_asset_groups_spec effective_status status updated_time'.split(
    ' ',
  ),
)
const CREATIVE_FIELDS = new Set(
  `id name account_id applink_treatment asset_feed_spec authorization_category body branded_content call_to_action_type contextual_multi_ads
  degrees_of_freedom_spec effective_instagram_media_id effective_object_story_id facebook_branded_content image_hash image_url instagram_branded_content
  instagram_user_id interactive_components_spec link_url object_story_id object_story_spec object_type object_url place_page_set_id
  platform_customizations portrait_customizations product_set_id regional_regulation_disclaimer_spec source_instagram_media_id status template_url
  thumbnail_url title url_tags video_id`.split(/\s+/),
)
/** What is sent as JSON. */
const OBJECTS = ['object_story_spec', 'degrees_of_freedom_spec', 'contextual_multi_ads', 'regional_regulation_disclaimer_spec']

/** `/act_…/ads`: archived and deleted ones only on demand. …/docs/marketing-api/reference/ad-account/ads (2026-11) */
export function listAds(world: World, account: MetaAccount, query: URLSearchParams): Reply {
  const fields = readFields(query.get('fields') ?? 'id')
  const wrong = wrongField(fields)
  if (wrong !== undefined) return refusal(unknownField(wrong))
  const updatedAfter = updatedFilter(query.get('filtering'))
  if (updatedAfter === null) return refusal(invalidParameter('filtering'))
  if (world.switches.tooMuchData && Number(query.get('limit') ?? 25) > 50) return refusal(ERRORS.tooMuchData)
  const ads = account.ads
    .all()
    .filter(({ status, updatedAt }) => !['ARCHIVED', 'DELETED'].includes(status) && updatedAt.getTime() > updatedAfter * 1000)
  const rows = ads.map((shown) => picked(adRecord(world, account, shown), fields))
  return pageOf(rows.reverse(), query, `/${account.id}/ads`, world.limits.rowsPerPage)
}

/** Another creative for an ad: …/docs/marketing-api/reference/adgroup#Updating (2026-11). */
export function changeAd(world: World, account: MetaAccount, shown: ShownAd, form: URLSearchParams): Reply {
  const { creative_id } = parse(form.get('creative')) as { creative_id?: unknown }
  const creative = world.creatives.find(String(creative_id))
  if (creative?.account !== account.id) return refusal(invalidParameter('creative'))
  account.ads.show(shown, creative)
  return { status: 200, json: { success: true } }
}

export function readAd(world: World, account: MetaAccount, shown: ShownAd, query: URLSearchParams): Reply {
  const fields = readFields(query.get('fields') ?? 'id')
  const wrong = wrongField(fields)
  if (wrong !== undefined) return refusal(unknownField(wrong))
  return { status: 200, json: picked(adRecord(world, account, shown), fields) }
}

export function readCreative(creative: MetaCreative, query: URLSearchParams): Reply {
  const fields = readFields(query.get('fields') ?? 'id')
  const wrong = Object.keys(fields).find((name) => !CREATIVE_FIELDS.has(name))
  if (wrong !== undefined) return refusal(unknownField(wrong))
  return { status: 200, json: picked({ ...creative.fields, id: creative.id }, fields) }
}

/** …/docs/marketing-api/reference/ad-account/adcreatives (2026-11) */
export function createCreative(world: World, account: MetaAccount, form: URLSearchParams): Reply {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of form) {
    if (name === 'appsecret_proof') continue
    if (!CREATIVE_FIELDS.has(name)) return refusal(invalidParameter(name))
    fields[name] = OBJECTS.includes(name) ? parse(value) : value
  }
  const { object_story_id, object_story_spec } = fields
  const posts = account.ads.all().map(({ creative }) => creative.fields['effective_object_story_id'])
  if (object_story_id === undefined ? object_story_spec === undefined : !posts.includes(object_story_id)) {
    return refusal(ERRORS.postNotAvailable)
  }
  return { status: 200, json: { id: world.creatives.create(account.id, fields).id } }
}

export function noObject(path: string): Reply {
  return refusal(unknownObject(path.slice(1)))
}

function adRecord(world: World, account: MetaAccount, shown: ShownAd): Record<string, unknown> {
  const { ad, creative, status, reviewedUntilMs, more, updatedAt } = shown
  const campaign = account.library.campaigns.find(({ id }) => id === ad.campaignId)
  return {
    id: ad.id,
    name: ad.name,
    account_id: account.id.replace('act_', ''),
    campaign_id: ad.campaignId,
    campaign: { id: ad.campaignId, name: campaign?.name },
    effective_status: reviewedUntilMs > world.now().getTime() ? 'PENDING_REVIEW' : status,
    created_time: localTime(ad.createdAt, account.timezone),
    updated_time: localTime(updatedAt, account.timezone),
    creative: { ...creative.fields, id: creative.id },
    ...more,
  }
}

/** `2026-11-24T10:00:00+0100`, as the account's clock shows it. */
function localTime(at: Date, timeZone: string): string {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    .format(at)
    .replace(' ', 'T')
  const minutes = Math.round((Date.parse(`${shown}Z`) - at.getTime()) / 60_000)
  const size = Math.abs(minutes)
  const two = (count: number) => String(count).padStart(2, '0')
  return `${shown}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}

function wrongField(fields: FieldTree): string | undefined {
  const ofCreative = Object.keys(fields['creative'] ?? {}).find((name) => !CREATIVE_FIELDS.has(name))
  return Object.keys(fields).find((name) => !AD_FIELDS.has(name)) ?? ofCreative
}

/** Seconds since 1970; null: it is no such filter. */
function updatedFilter(text: string | null): number | null {
  if (text === null) return 0
  const filters = parse(text)
  const [filter] = (Array.isArray(filters) ? filters : []) as { field?: string; operator?: string; value?: number }[]
  const isKnown = filter?.field === 'ad.updated_time' && filter.operator === 'GREATER_THAN' && Number.isInteger(filter.value)
  return isKnown ? (filter.value ?? 0) : null
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}') ?? {}
  } catch {
    return {}
  }
}
