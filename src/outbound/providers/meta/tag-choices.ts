import type { TagChoices } from '../../../domain/ads.ts'

/**
 * The first six: developers.facebook.com/docs/instagram/ads-api/guides/url-tags-for-tracking (2026-11), which also says that names are
 * those of the first publishing. The last two are in wide use.
 */
const MACROS = new Set([
  '{{campaign.id}}',
  '{{campaign.name}}',
  '{{adset.id}}',
  '{{adset.name}}',
  '{{ad.id}}',
  '{{ad.name}}',
  '{{placement}}',
  '{{site_source_name}}',
])

/** Macros of Meta and of other platforms, also with their braces escaped, which nobody fills in then. */
const LIKE_MACRO = /\{\{[^{}&]*\}\}|\{[^{}&]*\}|%7B(?:%7B)?[^&]*?%7D(?:%7D)?|__[A-Z][A-Z_]*__/gi

/**
 * Names stay what they were when the ad was first published, so ids are sent. Marketo Measure writes the id of the creative into `_bf`
 * (experienceleague.adobe.com, marketo-measure-parameters, 2026-11), for which Meta has no macro.
 * @TODO source: how much text Meta takes.
 */
export const TAG_CHOICES: TagChoices = {
  utm: 'utm_source=facebook&utm_medium=paid_social&utm_campaign={{campaign.id}}&utm_content={{ad.id}}&utm_term={{adset.id}}',
  marketoMeasure: null,
  maxLength: 1000,
  unknownMacros: (parameters) => [...new Set(parameters.match(LIKE_MACRO) ?? [])].filter((text) => !MACROS.has(text)),
}
