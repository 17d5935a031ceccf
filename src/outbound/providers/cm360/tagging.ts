import type { Tagging, TagOverride, TagTemplate } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asText, type JsonRecord } from '../json.ts'
import { rejected, verdictOf } from '../meaning.ts'
import { campaignUrl } from './ads.ts'
import { type Cm360Api, PAGE_SIZE } from './api.ts'
import { unknownMacros } from './macros.ts'
import { idOf, profileOf } from './profiles.ts'
import { ownSuffix, suffixOf } from './url-suffix.ts'

/** "Must be less than 129 characters long" (`Advertiser.clickThroughUrlSuffix`, googleapis 188.0.0, dfareporting v5, read 2026-11-29). */
const MAX_LENGTH = 128

/** There are no macros for names: campaign, ad and placement come as numbers. */
const UTM = 'utm_source=cm360&utm_medium=display&utm_campaign=%ebuy!&utm_content=%eaid!&utm_term=%epid!'

/**
 * Advertisers have a suffix that their ads inherit, unless the campaign or the ad sets its own. A new advertiser has none. Marketo
 * Measure tags no URLs here: it counts impressions by a pixel (experienceleague.adobe.com/docs/marketo-measure, "Configuring
 * DoubleClick Campaign Manager View-Through Attribution", read 2026-11-29).
 */
export function createTagging(api: Cm360Api): Tagging {
  return {
    kind: 'inherited',
    utm: UTM,
    marketoMeasure: null,
    maxLength: MAX_LENGTH,
    unknownMacros,
    templates: (tokens, account) => templates(api, tokens, account),
    setTemplate: (tokens, account, templateId, parameters) => setTemplate(api, tokens, account, templateId, parameters),
    overrides: (tokens, account, limit) => overrides(api, tokens, account, limit),
  }
}

/** Of those that may run ads: advertisers on hold have none. */
async function templates(api: Cm360Api, tokens: Tokens, account: AccountRef): Promise<Asked<readonly TagTemplate[]>> {
  const profile = await profileOf(api, tokens, account)
  if (profile.kind !== 'ok') return profile
  const query = { status: 'APPROVED', maxResults: PAGE_SIZE, fields: 'nextPageToken,advertisers(id,name,clickThroughUrlSuffix)' }
  const found: TagTemplate[] = []
  for await (const page of api.pages(tokens, `userprofiles/${profile.value}/advertisers`, 'advertisers', query)) {
    if (page.kind !== 'ok') return page
    for (const { id, name, clickThroughUrlSuffix } of page.value) {
      const advertiserId = idOf(id) ?? ''
      found.push({
        id: advertiserId,
        name: `Advertiser ${asText(name) ?? advertiserId}`,
        parameters: suffixOf(clickThroughUrlSuffix),
      })
    }
  }
  return { kind: 'ok', value: found }
}

/**
 * A patch changes what it names and nothing else.
 * @TODO source: that an empty text takes the suffix away. What comes back is compared, so that nobody is told what is not so.
 */
async function setTemplate(
  api: Cm360Api,
  tokens: Tokens,
  account: AccountRef,
  templateId: string,
  parameters: string,
): Promise<Asked<null>> {
  if (parameters.length > MAX_LENGTH) return tooLong(parameters.length)
  const profile = await profileOf(api, tokens, account)
  if (profile.kind !== 'ok') return profile
  const path = `userprofiles/${profile.value}/advertisers`
  const asked = await api.write(tokens, 'PATCH', path, { clickThroughUrlSuffix: parameters }, { id: templateId })
  if (asked.kind !== 'ok') return asked
  return suffixOf(asked.value.clickThroughUrlSuffix) === suffixOf(parameters) ? { kind: 'ok', value: null } : notTaken()
}

/**
 * Campaigns first: each stands for all of its ads. Of ads only those are asked that may show now. The list can't be asked for those
 * with a suffix of their own, and a project may make 60 calls a minute: of more than 20,000 the newest are looked at.
 */
async function overrides(
  api: Cm360Api,
  tokens: Tokens,
  account: AccountRef,
  limit: number,
): Promise<Asked<readonly TagOverride[]>> {
  const profile = await profileOf(api, tokens, account)
  if (profile.kind !== 'ok') return profile
  const found: TagOverride[] = []
  for (const { level, list, fields, which } of LEVELS) {
    let pages = 0
    const query = {
      ...which,
      sortField: 'ID',
      sortOrder: 'DESCENDING',
      maxResults: PAGE_SIZE,
      fields: `nextPageToken,${list}(${fields},clickThroughUrlSuffixProperties)`,
    }
    for await (const page of api.pages(tokens, `userprofiles/${profile.value}/${list}`, list, query)) {
      if (page.kind !== 'ok') return page
      for (const entry of page.value) {
        const parameters = ownSuffix(entry)
        if (parameters !== null) found.push(overrideOf(entry, level, parameters, account))
        if (found.length >= limit) return { kind: 'ok', value: found }
      }
      if (++pages === MOST_PAGES) break
    }
  }
  return { kind: 'ok', value: found }
}

const MOST_PAGES = 20

const LEVELS = [
  { level: 'campaign', list: 'campaigns', fields: 'id,name', which: { archived: 'false' } },
  { level: 'ad', list: 'ads', fields: 'id,name,campaignId', which: { active: 'true' } },
] as const

function overrideOf(entry: JsonRecord, level: 'campaign' | 'ad', parameters: string, account: AccountRef): TagOverride {
  const id = idOf(entry.id) ?? ''
  const campaignId = level === 'campaign' ? id : (idOf(entry.campaignId) ?? '')
  return { level, id, name: asText(entry.name) ?? '', parameters, url: campaignUrl(account, campaignId) }
}

function tooLong(length: number): Verdict {
  const says = `The URL parameters have ${length} characters, and an advertiser in Campaign Manager 360 takes ${MAX_LENGTH} at most.`
  return verdictOf(rejected(says), 'parameters_too_long', null)
}

function notTaken(): Verdict {
  return verdictOf(rejected('Campaign Manager 360 kept other URL parameters than it was given.'), 'parameters_not_taken', null)
}
