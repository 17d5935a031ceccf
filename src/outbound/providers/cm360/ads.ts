import type { Ad } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { type AdParents, adParents } from './ad-parents.ts'
import { type Cm360Api, PAGE_SIZE, unreadable } from './api.ts'
import { idOf, profileOf, wholeAccountId } from './profiles.ts'
import { countingSuffix } from './url-suffix.ts'

const AD_FIELDS =
  'nextPageToken,ads(id,name,advertiserId,campaignId,createInfo/time,clickThroughUrlSuffixProperties,clickThroughUrl/computedClickThroughUrl,creativeRotation/creativeAssignments(active,clickThroughUrl/computedClickThroughUrl))'

/**
 * The list can't be asked for ads since a time, but `createInfo` of an ad tells when it was made, and numbers rise: with the highest
 * number first a whole page of older ads is the end. Change logs can be asked, but tell "a change that a user has made" (v5,
 * changeLogs), not of the default ads that come with a placement. Archived ads show no more.
 * @TODO source: that numbers of ads rise with time.
 */
export async function adsSince(
  api: Cm360Api,
  tokens: Tokens,
  account: AccountRef,
  since: Date,
  take: (ads: readonly Ad[]) => Promise<void>,
): Promise<Asked<null>> {
  const profile = await profileOf(api, tokens, account)
  if (profile.kind !== 'ok') return profile
  const path = `userprofiles/${profile.value}`
  const parents = adParents(api, tokens, path)
  const query = { archived: 'false', sortField: 'ID', sortOrder: 'DESCENDING', maxResults: PAGE_SIZE, fields: AD_FIELDS }
  for await (const page of api.pages(tokens, `${path}/ads`, 'ads', query)) {
    if (page.kind !== 'ok') return page
    if (page.value.every((ad) => createdAt(ad) === null)) return unreadable('ads without the time at which they were made')
    const fresh = page.value.filter((ad) => (createdAt(ad) ?? 0) >= since.getTime())
    if (fresh.length === 0) break
    const learned = await parents.learn(fresh)
    if (learned.kind !== 'ok') return learned
    await take(fresh.map((ad) => adOf(ad, parents, account)))
  }
  return { kind: 'ok', value: null }
}

function adOf(ad: JsonRecord, parents: AdParents, account: AccountRef): Ad {
  const [campaign, advertiser] = [parents.of('campaigns', ad), parents.of('advertisers', ad)]
  const campaignId = idOf(ad.campaignId) ?? ''
  const { suffix, setBy } = countingSuffix(ad, campaign, advertiser)
  return {
    id: idOf(ad.id) ?? '',
    name: asText(ad.name) ?? '',
    campaignId,
    campaignName: asText(campaign.name) ?? '',
    createdAt: new Date(createdAt(ad) ?? 0),
    url: campaignUrl(account, campaignId),
    parameters: [...landingParameters(ad), ...(suffix === '' ? [] : [suffix])].join('&'),
    setBy,
    untaggable: null,
  }
}

/** Milliseconds, as a text. */
function createdAt({ createInfo }: JsonRecord): number | null {
  const time = idOf(asRecord(createInfo).time) ?? ''
  return /^\d{1,15}$/.test(time) ? Number(time) : null
}

/**
 * The explorer of a campaign shows its ads. Addresses of the campaigns: links in public tools (kanishk-Panchal's and data540's CM360
 * tools on GitHub, read 2026-11-29).
 */
export function campaignUrl(account: AccountRef, campaignId: string): string {
  const path = [wholeAccountId(account), 'campaigns', campaignId].map(encodeURIComponent).join('/')
  return `https://campaignmanager.google.com/trafficking/#/accounts/${path}/explorer`
}

/** An ad shows several creatives, each with a landing page of its own: only what all of them carry is sure. */
function landingParameters(ad: JsonRecord): readonly string[] {
  const assignments = asList(asRecord(ad.creativeRotation).creativeAssignments).map(asRecord)
  const pages = [ad, ...assignments.filter(({ active }) => active !== false)]
    .map(({ clickThroughUrl }) => asText(asRecord(clickThroughUrl).computedClickThroughUrl))
    .filter((url) => url !== null)
    .map((url) => url.replace(/#.*$/s, '').split('?').slice(1).join('?').split('&').filter(Boolean))
  const [first = [], ...others] = pages
  return first.filter((parameter) => others.every((page) => page.includes(parameter)))
}
