import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { type Creative, NOT_COPIED } from './creative.ts'

/** `effective_status` of ads that nobody should touch. facebook-business-sdk-codegen, Ad.json (v25, read 2026-11-29) */
const STATUSES: ReadonlyMap<string, string> = new Map([
  ['PENDING_REVIEW', 'Meta is still reviewing it.'],
  ['IN_PROCESS', 'Meta is still reviewing it.'],
  ['PREAPPROVED', 'Meta is still reviewing it.'],
  ['DISAPPROVED', 'Meta has rejected it. Somebody has to change it in Ads Manager first.'],
  ['WITH_ISSUES', 'Meta reports a problem with it that somebody has to solve in Ads Manager first.'],
  ['ARCHIVED', 'It is archived.'],
  ['DELETED', 'It is deleted.'],
])

/** Buttons of clicks that lead to no website. …/marketing-api/reference/ad-creative-link-data-call-to-action (2026-11) */
const NO_WEBSITE = new Set([
  'CALL_NOW',
  'CALL_ME',
  'INSTALL_APP',
  'INSTALL_MOBILE_APP',
  'LIKE_PAGE',
  'MESSAGE_PAGE',
  'USE_APP',
  'USE_MOBILE_APP',
  'WHATSAPP_MESSAGE',
])

/** Why an ad must not or can't be given another creative, as a sentence; null: it can. */
export function whyUntaggable(ad: JsonRecord, creative: Creative | null): string | null {
  const byStatus = STATUSES.get(asText(ad.effective_status) ?? '')
  if (byStatus !== undefined) return byStatus
  if (creative === null) return 'Meta does not tell what it shows.'
  const { fields, post } = creative
  if (isPutTogether(ad, fields)) {
    return 'Meta puts it together from several texts and pictures, and a copy would not show the same. Its URL parameters have to be set in Ads Manager.'
  }
  if (asText(fields.product_set_id) !== null || asRecord(asRecord(fields.object_story_spec).template_data).link !== undefined) {
    return 'It shows products of a catalog, and a copy would not show the same. Its URL parameters have to be set in Ads Manager.'
  }
  if (leadsToNoWebsite(fields)) return 'Its clicks lead to no website.'
  if (NOT_COPIED.some((name) => isSet(fields[name]))) {
    return 'It has settings that a copy would lose. Its URL parameters have to be set in Ads Manager.'
  }
  return post === null && asText(asRecord(fields.object_story_spec).page_id) === null
    ? 'It shows no Facebook post that can be used again. Its URL parameters have to be set in Ads Manager.'
    : null
}

/** Dynamic creatives, ads that look different by placement or language, and flexible ads. */
function isPutTogether(ad: JsonRecord, { asset_feed_spec }: JsonRecord): boolean {
  return isSet(asset_feed_spec) || isSet(ad.creative_asset_groups_spec)
}

function leadsToNoWebsite({ call_to_action_type, object_story_spec }: JsonRecord): boolean {
  const { link_data, video_data } = asRecord(object_story_spec)
  const buttons = [link_data, video_data].map((data) => asRecord(asRecord(data).call_to_action))
  const hasForm = buttons.some(({ value }) => asText(asRecord(value).lead_gen_form_id) !== null)
  return hasForm || [call_to_action_type, ...buttons.map(({ type }) => type)].some((type) => NO_WEBSITE.has(asText(type) ?? ''))
}

function isSet(value: unknown): boolean {
  return asText(value) !== null || asList(value).length > 0 || Object.keys(asRecord(value)).length > 0
}
