import type { Reply } from '../http-server.ts'
import { API_FAULTS, CM360_FAULTS } from './answers.ts'
import { invalid, partial, refusedBy, unknownField, unknownParameter } from './cm360-answers.ts'
import type { CmAccount, CmAdvertiser, CmWorld } from './cm360-world.ts'
import type { Profile } from './world.ts'

export interface CmRequest {
  readonly method: string
  /** Below the profile. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

const LIST_PARAMETERS = ['maxResults', 'pageToken', 'sortField', 'sortOrder', 'ids', 'fields', 'searchString']
/** Fields and parameters: discovery of dfareporting v5, revision 20260527 (2026-11-29). */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  advertisers: [...LIST_PARAMETERS, 'status', 'subaccountId'],
  campaigns: [...LIST_PARAMETERS, 'archived', 'advertiserIds', 'subaccountId'],
  ads: [...LIST_PARAMETERS, 'active', 'archived', 'advertiserId', 'campaignIds', 'type'],
}

/** Accounts, advertisers, campaigns and ads. Null: it is none of their addresses. */
export function trafficking(world: CmWorld, account: CmAccount, profile: Profile, request: CmRequest): Reply | null {
  const { path, method, query } = request
  const accountId = /^accounts\/(\d+)$/.exec(path)?.[1]
  if (accountId !== undefined && method === 'GET') {
    return accountId === account.id ? partial(shownAccount(account), query.get('fields')) : refusedBy(API_FAULTS.notFound)
  }
  const known = PARAMETERS[path]
  if (known === undefined) return null
  if (path === 'advertisers' && method === 'PATCH') return patchAdvertiser(account, profile, request)
  if (method !== 'GET') return null
  const unknown = unknownParameter(query, known)
  if (unknown) return unknown
  const all = profile.seesAdvertisers ? entriesOf(account, path, query) : []
  return list(world, path, all, query)
}

function entriesOf(account: CmAccount, path: string, query: URLSearchParams): readonly object[] {
  const { library, advertisers } = account
  if (path === 'advertisers') return advertisers.map((advertiser) => shownAdvertiser(account, advertiser))
  // Nothing here is archived or inactive.
  if (query.get('archived') === 'true' || query.get('active') === 'false') return []
  return path === 'campaigns'
    ? library.campaigns.map((campaign) => shownCampaign(account, campaign))
    : library.ads.map((ad) => shownAd(account, ad))
}

function list(world: CmWorld, path: string, all: readonly object[], query: URLSearchParams): Reply {
  const ids = query.getAll('ids')
  const wanted = (all as readonly { readonly id: string; readonly name: string }[]).filter(
    ({ id }) => ids.length === 0 || ids.includes(id),
  )
  const sign = query.get('sortOrder') === 'DESCENDING' ? -1 : 1
  const byName = query.get('sortField') === 'NAME'
  const sorted = wanted.toSorted((a, b) => sign * (byName ? a.name.localeCompare(b.name) : Number(a.id) - Number(b.id)))
  const start = Number(query.get('pageToken') ?? 0)
  const rows = Math.min(Number(query.get('maxResults') ?? 1000), world.switches.pageRows)
  const page = sorted.slice(start, start + rows)
  // A full page names a next one, even where that is empty.
  const nextPageToken = page.length === rows ? String(start + rows) : undefined
  return partial({ kind: `dfareporting#${path}ListResponse`, nextPageToken, [path]: page }, query.get('fields'))
}

function patchAdvertiser(account: CmAccount, profile: Profile, { query, body }: CmRequest): Reply {
  const unknown = unknownParameter(query, ['id', 'fields'])
  if (unknown) return unknown
  if (!profile.mayEditAdvertisers) return refusedBy(CM360_FAULTS.forbidden)
  const advertiser = profile.seesAdvertisers ? account.advertisers.find(({ id }) => id === query.get('id')) : undefined
  if (!advertiser) return refusedBy(API_FAULTS.notFound)
  const change = JSON.parse(body) as { readonly clickThroughUrlSuffix?: string }
  const strange = unknownField(change, Object.keys(shownAdvertiser(account, advertiser)))
  if (strange) return strange
  const suffix = change.clickThroughUrlSuffix ?? advertiser.suffix
  if (suffix.length >= 129) return invalid('The click-through URL suffix must be less than 129 characters long.', 'invalid')
  advertiser.suffix = suffix
  return partial(shownAdvertiser(account, advertiser), query.get('fields'))
}

function shownAccount({ id, name, currencyId, timeZoneId }: CmAccount): object {
  return {
    kind: 'dfareporting#account',
    id,
    name,
    active: true,
    currencyId,
    locale: 'en',
    reportsConfiguration: { exposureToConversionEnabled: false, reportGenerationTimeZoneId: timeZoneId },
  }
}

/** int64 is a text; what is empty is left out. */
function shownAdvertiser(account: CmAccount, { id, name, suffix }: CmAdvertiser): object {
  return {
    kind: 'dfareporting#advertiser',
    id,
    name,
    accountId: account.id,
    subaccountId: undefined,
    status: 'APPROVED',
    suspended: false,
    defaultEmail: undefined,
    clickThroughUrlSuffix: suffix === '' ? undefined : suffix,
  }
}

function shownCampaign(account: CmAccount, { id, name, parameters }: CmAccount['library']['campaigns'][number]): object {
  return {
    kind: 'dfareporting#campaign',
    id,
    name,
    accountId: account.id,
    advertiserId: account.advertiserOf(id).id,
    archived: false,
    startDate: '2026-01-01',
    endDate: '2027-12-31',
    clickThroughUrlSuffixProperties: suffixProperties(parameters, account.bareCampaigns.has(id)),
  }
}

function shownAd(account: CmAccount, ad: CmAccount['library']['ads'][number]): object {
  const landing = { defaultLandingPage: false, landingPageId: `7${ad.id}`, computedClickThroughUrl: ad.landingPage }
  const time = String(ad.createdAt.getTime())
  return {
    kind: 'dfareporting#ad',
    id: ad.id,
    name: ad.name,
    accountId: account.id,
    advertiserId: account.advertiserOf(ad.campaignId).id,
    campaignId: ad.campaignId,
    active: true,
    archived: false,
    type: 'AD_SERVING_STANDARD_AD',
    createInfo: { time },
    lastModifiedInfo: { time },
    clickThroughUrl: undefined,
    clickThroughUrlSuffixProperties: suffixProperties(ad.parameters, false),
    creativeRotation: {
      type: 'CREATIVE_ROTATION_TYPE_RANDOM',
      creativeAssignments: [{ active: true, creativeId: `8${ad.id}`, clickThroughUrl: landing }],
    },
  }
}

function suffixProperties(parameters: string, isBare: boolean): object {
  return {
    overrideInheritedSuffix: isBare || parameters !== '',
    clickThroughUrlSuffix: isBare || parameters === '' ? undefined : parameters,
  }
}
