import { asRecord, asText, type JsonRecord } from '../json.ts'
import { COPIED, type Creative } from './creative.ts'

/** Longest name of a creative. @TODO source */
const MAX_NAME = 100
const OF_REDKEY = / ?\(Redkey copy of (\d+)\)$/

/** The creative that this one is a copy of; null: it is none of Redkey's. */
export function originOf({ name }: Creative): string | null {
  return OF_REDKEY.exec(name)?.[1] ?? null
}

/**
 * What makes a copy with these `url_tags`: of the same post where there is one, so that its likes and comments stay; else of what the
 * post was made from. Its name says what it is a copy of. Who asks twice gets the same creative: Meta answers with the one that is alike,
 * whatever its name (facebook-java-business-sdk#499, read 2026-11-29).
 * https://developers.facebook.com/docs/marketing-api/reference/ad-account/adcreatives (2026-11)
 */
export function copyOf(creative: Creative, urlTags: string): Record<string, string> {
  const { fields, post } = creative
  const kept = COPIED.flatMap((name) => {
    const value = name === 'degrees_of_freedom_spec' ? enhancementsOf(fields[name]) : fields[name]
    return value === undefined || value === null ? [] : [[name, textOf(value)] as const]
  })
  const shown = post === null ? { object_story_spec: textOf(postSpec(fields.object_story_spec)) } : { object_story_id: post }
  return { ...Object.fromEntries(kept), ...shown, name: nameOf(creative), url_tags: urlTags }
}

function nameOf({ id, name }: Creative): string {
  const mark = ` (Redkey copy of ${id})`
  return (
    name
      .replace(OF_REDKEY, '')
      .slice(0, MAX_NAME - mark.length)
      .trim() + mark
  )
}

/** The bundle of them is told still, but refused since v22: …/blog/post/2025/01/17/marketing-api-v22-impacts-to-advantage-plus-creative-enhancements (2026-11). */
function enhancementsOf(value: unknown): JsonRecord | undefined {
  const { standard_enhancements: _bundle, ...features } = asRecord(asRecord(value).creative_features_spec)
  return Object.keys(features).length === 0 ? undefined : { creative_features_spec: features }
}

/** A picture is told twice, by its hash and by an address that ends, of which only one may be sent. */
function postSpec(value: unknown): JsonRecord {
  const { link_data, video_data, ...spec } = asRecord(value)
  const { picture, ...link } = asRecord(link_data)
  const { image_url, ...video } = asRecord(video_data)
  const linkPicture = asText(link.image_hash) === null && picture !== undefined ? { picture } : {}
  const videoPicture = asText(video.image_hash) === null && image_url !== undefined ? { image_url } : {}
  return {
    ...spec,
    ...(link_data !== undefined && { link_data: { ...link, ...linkPicture } }),
    ...(video_data !== undefined && { video_data: { ...video, ...videoPicture } }),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
