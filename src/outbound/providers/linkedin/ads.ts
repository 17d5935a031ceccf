import type { Ad } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asCount, asText, type JsonRecord } from '../json.ts'
import type { Api } from './api.ts'
import { type Campaign, campaignUrl, listCampaigns } from './campaigns.ts'
import { landingPages, ownLandingPage, postOf, queryOf } from './landing-pages.ts'
import { readPages } from './pages.ts'
import { encoded, idOf } from './restli.ts'
import { readTracking } from './tracking.ts'
import { unreadable } from './verdicts.ts'

const PAGE_SIZE = 100
const FIELDS = 'id,name,campaign,createdAt,intendedStatus,content'
const REMOVED = ['CANCELED', 'PENDING_DELETION', 'REMOVED']

interface Creative {
  readonly id: string
  readonly name: string
  readonly campaignId: string
  readonly createdAt: Date
  /** It is removed, or belongs to no campaign. */
  readonly isNone: boolean
  readonly ownPage: string | null
  readonly post: string | null
}

/**
 * Newest first, until one is older: LinkedIn has no filter by time. `q=criteria` wants its method named.
 * https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-creatives; pages of 100 since larger
 * ones fail at times, PostHog/posthog#57887 (2026-11)
 */
export async function takeAdsSince(
  api: Api,
  tokens: Tokens,
  account: AccountRef,
  since: Date,
  take: (ads: readonly Ad[]) => Promise<void>,
): Promise<Asked<null>> {
  const inheritance = inheritanceOf(api, tokens, account)
  const path = `/rest/adAccounts/${encoded(account.id)}/creatives?q=criteria&sortOrder=DESCENDING&pageSize=${PAGE_SIZE}&fields=${FIELDS}`
  return readPages(api, tokens, { path, method: 'FINDER' }, async (elements) => {
    const creatives = elements.map(creativeOf).filter((creative) => creative !== null)
    if (creatives.length < elements.length) return unreadable()
    const fresh = creatives.filter(({ createdAt, isNone }) => createdAt >= since && !isNone)
    if (fresh.length > 0) {
      const ads = await adsOf(api, tokens, account, fresh, inheritance)
      if (ads.kind !== 'ok') return ads
      await take(ads.value)
    }
    const oldest = creatives.at(-1)
    return { kind: 'ok', value: oldest !== undefined && oldest.createdAt < since ? 'enough' : 'more' }
  })
}

function creativeOf(row: JsonRecord): Creative | null {
  const id = idOf('sponsoredCreative', row.id)
  const campaignId = row.campaign === undefined ? '' : idOf('sponsoredCampaign', row.campaign)
  const createdAt = asCount(row.createdAt)
  if (id === null || campaignId === null || createdAt === null) return null
  return {
    id,
    name: asText(row.name) ?? `Ad ${id}`,
    campaignId,
    createdAt: new Date(createdAt),
    isNone: campaignId === '' || REMOVED.includes(asText(row.intendedStatus) ?? ''),
    ownPage: ownLandingPage(row),
    post: postOf(row),
  }
}

async function adsOf(
  api: Api,
  tokens: Tokens,
  account: AccountRef,
  creatives: readonly Creative[],
  inheritance: Inheritance,
): Promise<Asked<readonly Ad[]>> {
  const posts = [...new Set(creatives.map(({ post }) => post).filter((post) => post !== null))]
  const pages = await landingPages(api, tokens, posts)
  if (pages.kind !== 'ok') return pages
  const ads: Ad[] = []
  for (const { id, name, campaignId, createdAt, ownPage, post } of creatives) {
    const inherited = await inheritance(campaignId)
    if (inherited.kind !== 'ok') return inherited
    const { campaignName, parameters, setBy } = inherited.value
    const page = ownPage ?? pages.value.get(post ?? '') ?? ''
    ads.push({
      id,
      name,
      campaignId,
      campaignName,
      createdAt,
      url: campaignUrl(account.id, campaignId),
      parameters: [queryOf(page), parameters].filter((part) => part !== '').join('&'),
      setBy,
      untaggable: null,
    })
  }
  return { kind: 'ok', value: ads }
}

type Inherited = Pick<Ad, 'campaignName' | 'parameters' | 'setBy'>
type Inheritance = (campaignId: string) => Promise<Asked<Inherited>>

/** What the ads of a campaign inherit; each campaign is asked for once, and so is the account. */
function inheritanceOf(api: Api, tokens: Tokens, account: AccountRef): Inheritance {
  const known = new Map<string, Inherited>()
  let campaigns: ReadonlyMap<string, Campaign> | null = null
  let ofAccount: string | null = null

  async function ask(campaignId: string): Promise<Asked<Inherited>> {
    if (campaigns === null) {
      const listed = await listCampaigns(api, tokens, account.id)
      if (listed.kind !== 'ok') return listed
      campaigns = listed.value
    }
    const campaign = campaigns.get(campaignId)
    const campaignName = campaign?.name ?? ''
    if (campaign?.isUntracked === true) return { kind: 'ok', value: { campaignName, parameters: '', setBy: null } }
    const own = await readTracking(api, tokens, { entity: 'sponsoredCampaign', id: campaignId })
    if (own.kind !== 'ok') return own
    if (own.value !== '') return { kind: 'ok', value: { campaignName, parameters: own.value, setBy: 'campaign' } }
    if (ofAccount === null) {
      const asked = await readTracking(api, tokens, { entity: 'sponsoredAccount', id: account.id })
      if (asked.kind !== 'ok') return asked
      ofAccount = asked.value
    }
    return { kind: 'ok', value: { campaignName, parameters: ofAccount, setBy: ofAccount === '' ? null : 'account' } }
  }

  return async (campaignId) => {
    const found = known.get(campaignId)
    if (found !== undefined) return { kind: 'ok', value: found }
    const asked = await ask(campaignId)
    if (asked.kind === 'ok') known.set(campaignId, asked.value)
    return asked
  }
}
