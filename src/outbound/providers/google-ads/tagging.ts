import type { Tagging, TagOverride, TagTemplate } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import { rejected, verdictOf } from '../meaning.ts'
import { dashed } from './accounts.ts'
import { idOf, NOT_REMOVED, nameOf, pageOf } from './ads.ts'
import { type AdsApi, digits } from './api.ts'
import { readCustomer } from './describe-account.ts'
import { suffixOf } from './parameters-of.ts'
import { unreadableRow } from './take-rows.ts'
import { unknownMacros } from './value-track.ts'

/**
 * The final URL suffix of the account, which ads inherit unless something below has one of its own. Setting it there stops no ad
 * (developers.google.com/google-ads/api/docs/ads/upgraded-urls/supported-entities, which says so of tracking templates, read
 * 2026-11-24). There are macros for ids and the keyword, none for names.
 */
export function adsTagging(api: AdsApi): Tagging {
  return {
    kind: 'inherited',
    utm: 'utm_source=google&utm_medium=cpc&utm_campaign={campaignid}&utm_content={creative}&utm_term={keyword}',
    marketoMeasure: '_bt={creative}&_bk={keyword}&_bm={matchtype}&_bn={network}&_bg={adgroupid}',
    maxLength: MAX_LENGTH,
    unknownMacros,
    templates: (tokens, account) => templates(api, tokens, account),
    async setTemplate(tokens, account, templateId, parameters) {
      if (templateId !== digits(account.id)) return noSuchTemplate()
      const fields = parameters === '' ? {} : { finalUrlSuffix: parameters }
      return api.updateCustomer(tokens, account, fields, 'final_url_suffix')
    },
    overrides: (tokens, account, limit) => overrides(api, tokens, account, limit),
  }
}

/**
 * Google tells no limit; beyond some 2,000 characters URLs fail elsewhere, as its API team says
 * (mail-archive.com/adwords-api@googlegroups.com/msg67151.html, of 2018, read 2026-11-24).
 */
const MAX_LENGTH = 2_000

function noSuchTemplate(): Asked<never> {
  return verdictOf(
    rejected('Google Ads has one setting for URL parameters in an account, and this is another.'),
    'no_template',
    null,
  )
}

async function templates(api: AdsApi, tokens: Tokens, account: AccountRef): Promise<Asked<readonly TagTemplate[]>> {
  const asked = await readCustomer(api, tokens, account, ['descriptive_name', 'final_url_suffix'])
  if (asked.kind !== 'ok') return asked
  const id = digits(account.id)
  const name = `Account ${asText(asked.value.descriptiveName) ?? dashed(id)}`
  return { kind: 'ok', value: [{ id, name, parameters: suffixOf(asked.value) }] }
}

interface Audited {
  readonly level: TagOverride['level']
  readonly query: string
  read(row: JsonRecord): { readonly entity: JsonRecord; readonly name: string | null }
}

const NAMES_OF_ADS =
  'ad_group_ad.ad.name, ad_group_ad.ad.responsive_search_ad.headlines, ad_group_ad.ad.responsive_display_ad.headlines, ad_group_ad.ad.expanded_text_ad.headline_part1'

/**
 * Keywords and other criteria may have a suffix too, and so may sitelinks (…/upgraded-urls/serving-url-rules): they are not looked at.
 */
const AUDITED: readonly Audited[] = [
  {
    level: 'campaign',
    query:
      "SELECT campaign.id, campaign.name, campaign.final_url_suffix FROM campaign WHERE campaign.final_url_suffix IS NOT NULL AND campaign.status != 'REMOVED'",
    read: ({ campaign }) => ({ entity: asRecord(campaign), name: asText(asRecord(campaign).name) }),
  },
  {
    level: 'ad_group',
    query:
      "SELECT ad_group.id, ad_group.name, ad_group.final_url_suffix, campaign.id FROM ad_group WHERE ad_group.final_url_suffix IS NOT NULL AND ad_group.status != 'REMOVED' AND campaign.status != 'REMOVED'",
    read: ({ adGroup }) => ({ entity: asRecord(adGroup), name: asText(asRecord(adGroup).name) }),
  },
  {
    level: 'ad',
    query: `SELECT ad_group_ad.ad.id, ${NAMES_OF_ADS}, ad_group_ad.ad.final_url_suffix, ad_group.id, campaign.id FROM ad_group_ad WHERE ad_group_ad.ad.final_url_suffix IS NOT NULL AND ${NOT_REMOVED}`,
    read({ adGroupAd }) {
      const ad = asRecord(asRecord(adGroupAd).ad)
      return { entity: ad, name: nameOf(ad) }
    },
  },
]

async function overrides(
  api: AdsApi,
  tokens: Tokens,
  account: AccountRef,
  limit: number,
): Promise<Asked<readonly TagOverride[]>> {
  const found: TagOverride[] = []
  for (const { level, query, read } of AUDITED) {
    if (found.length >= limit) break
    const asked = await api.stream(tokens, account, query, async (rows) => {
      for (const row of rows) {
        const { entity, name } = read(row)
        const parameters = suffixOf(entity)
        if (parameters === '') continue
        const [id, campaignId, adGroupId] = [entity.id, asRecord(row.campaign).id, asRecord(row.adGroup).id].map(idOf)
        if (id == null || campaignId == null) return unreadableRow()
        const url = pageOf(account, { campaignId, ...(adGroupId != null && { adGroupId }) })
        found.push({ level, id, name: name ?? id, parameters, url })
        if (found.length >= limit) return 'enough'
      }
      return undefined
    })
    if (asked.kind !== 'ok') return asked
  }
  return { kind: 'ok', value: found }
}
