import type { TagLevel } from '../../../domain/ads.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'

/** Of one level of a row: `campaign`, `adGroup`, an ad. */
export function suffixOf(entity: JsonRecord): string {
  return bare(asText(entity.finalUrlSuffix) ?? '')
}

export interface Carried {
  readonly parameters: string
  readonly setBy: TagLevel | null
}

/**
 * What the clicks of an ad carry: the parameters of its landing page, those that a tracking template puts behind it, and the final URL
 * suffix. Of template and suffix each is taken from the lowest level that has one, and that of the levels above counts for nothing
 * (developers.google.com/google-ads/api/docs/ads/upgraded-urls/serving-url-rules, read 2026-11-24). Only a template that begins with
 * the landing page puts something behind it: any other is called in the background (parallel tracking).
 * @TODO source: that parallel tracking keeps what stands behind a leading `{lpurl}`.
 */
export function carriedBy(row: JsonRecord): Carried {
  const ad = asRecord(asRecord(row.adGroupAd).ad)
  const levels: readonly (readonly [TagLevel, JsonRecord])[] = [
    ['ad', ad],
    ['ad_group', asRecord(row.adGroup)],
    ['campaign', asRecord(row.campaign)],
    ['account', asRecord(row.customer)],
  ]
  const suffix = levels.find(([, entity]) => suffixOf(entity) !== '')
  const template = levels.find(([, entity]) => asText(entity.trackingUrlTemplate) !== null)
  const behind = template ? behindLandingPage(asText(template[1].trackingUrlTemplate) ?? '') : ''
  const page = asText(asList(ad.finalUrls)[0]) ?? ''
  const parts = [queryOf(page), behind, suffix ? suffixOf(suffix[1]) : '']
  return {
    parameters: parts.filter((part) => part !== '').join('&'),
    setBy: suffix?.[0] ?? (template && behind !== '' ? template[0] : null),
  }
}

/** Of a URL, as it stands. */
function queryOf(url: string): string {
  const [beforeHash = ''] = url.split('#')
  const at = beforeHash.indexOf('?')
  return at < 0 ? '' : bare(beforeHash.slice(at + 1))
}

function behindLandingPage(template: string): string {
  return bare(/^\{(?:unescaped)?lpurl\}[?&]([^#]*)/i.exec(template.trim())?.[1] ?? '')
}

function bare(parameters: string): string {
  return parameters.trim().replace(/^[?&]+|&+$/g, '')
}
