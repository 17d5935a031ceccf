import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { common, joined, type Pairs, pairsIn, pairsOf } from './parameters.ts'

/**
 * What a copy takes along, beside the post: settings that Meta lets one read and set alike.
 * facebook/facebook-business-sdk-codegen, AdCreative.json and AdAccount.json (v25, read 2026-11-29)
 */
export const COPIED = [
  'instagram_user_id',
  'authorization_category',
  'applink_treatment',
  'degrees_of_freedom_spec',
  'contextual_multi_ads',
  'regional_regulation_disclaimer_spec',
] as const

/** What a copy would lose or change: such a creative is left alone. */
export const NOT_COPIED = [
  'branded_content',
  'facebook_branded_content',
  'instagram_branded_content',
  'interactive_components_spec',
  'place_page_set_id',
  'platform_customizations',
  'portrait_customizations',
  'source_instagram_media_id',
  'template_url',
] as const

/** To be asked for in `creative{…}`. */
export const CREATIVE_FIELDS = [
  'id',
  'name',
  'url_tags',
  'link_url',
  'object_url',
  'call_to_action_type',
  'object_story_id',
  'effective_object_story_id',
  'object_story_spec',
  'asset_feed_spec',
  'product_set_id',
  ...COPIED,
  ...NOT_COPIED,
].join(',')

export interface Creative {
  readonly id: string
  readonly name: string
  /** Of its own, which Meta puts behind every address it leads to. */
  readonly urlTags: Pairs
  /** What every click carries already, by the addresses and by single texts and pictures; null: no address is told. */
  readonly ofLinks: Pairs | null
  readonly ofAssets: Pairs
  /** `page_post`, the Facebook post that it shows; null: none that Meta tells. */
  readonly post: string | null
  readonly fields: JsonRecord
}

/** Null: it is none. https://developers.facebook.com/docs/marketing-api/reference/ad-creative (2026-11) */
export function readCreative(value: unknown): Creative | null {
  const fields = asRecord(value)
  const id = asText(fields.id)
  if (id === null) return null
  const links = linksOf(fields)
  return {
    id,
    name: asText(fields.name) ?? '',
    urlTags: pairsOf(asText(fields.url_tags) ?? ''),
    ofLinks: links.length === 0 ? null : common(links.map(pairsIn)),
    ofAssets: assetPairs(asRecord(fields.asset_feed_spec)),
    post: asText(fields.object_story_id) ?? asText(fields.effective_object_story_id),
    fields,
  }
}

/** Of a post that was published before, Meta tells no address. */
export function parametersOf({ ofLinks, ofAssets, urlTags }: Creative): string {
  return joined(ofLinks ?? [], ofAssets, urlTags)
}

function linksOf({ link_url, object_url, object_story_spec, asset_feed_spec }: JsonRecord): readonly string[] {
  const { link_data, video_data, template_data } = asRecord(object_story_spec)
  const cards = asList(asRecord(link_data).child_attachments).map((card) => asRecord(card).link)
  const told = cards.length > 0 ? cards : [asRecord(link_data).link]
  const ofButton = asRecord(asRecord(asRecord(video_data).call_to_action).value).link
  const ofAssets = asList(asRecord(asset_feed_spec).link_urls).map((link) => asRecord(link).website_url)
  const links = [...told, ofButton, asRecord(template_data).link, ...ofAssets].map(asText).filter((link) => link !== null)
  return links.length > 0 ? links : [link_url, object_url].map(asText).filter((link) => link !== null)
}

/**
 * Of a dynamic creative each picture and text may have parameters of its own; one of each kind is shown.
 * …/marketing-api/ad-creative/asset-feed-spec/options (2026-11)
 */
function assetPairs(feed: JsonRecord): Pairs {
  const kinds = [[...asList(feed.images), ...asList(feed.videos)], feed.bodies, feed.titles, feed.descriptions]
  return kinds.flatMap((kind) => common(asList(kind).map((asset) => pairsOf(asText(asRecord(asset).url_tags) ?? ''))))
}
