import type { Reply } from '../http-server.ts'
import { API_ERRORS, refusal } from './answers.ts'
import { listIn, projected, type RestQuery } from './restli-query.ts'
import type { Caller, LinkedInAccount, World } from './world.ts'

/** Campaigns and creatives of an account: …/integrations/ads/account-structure/create-and-manage-campaigns, …-creatives (2026-11). */
export function campaigns({ switches }: World, account: LinkedInAccount, query: RestQuery): Reply {
  if (query.get('q') !== 'search') return refusal(API_ERRORS.noFinder)
  const rows = account.library.campaigns.map(({ id, name }) => ({
    id: Number(id),
    name,
    account: `urn:li:sponsoredAccount:${account.id}`,
    status: 'ACTIVE',
    type: 'SPONSORED_UPDATES',
    costType: 'CPC',
    test: account.test,
  }))
  return paged(rows, query, Math.min(1000, switches.pageCap))
}

export function creatives({ switches }: World, account: LinkedInAccount, query: RestQuery, method: string | undefined): Reply {
  if (query.get('q') !== 'criteria' || method !== 'FINDER') return refusal(API_ERRORS.noFinder)
  const rows = account.library.ads.map(({ id, name, campaignId, createdAt }) => ({
    id: `urn:li:sponsoredCreative:${id}`,
    name,
    account: `urn:li:sponsoredAccount:${account.id}`,
    campaign: `urn:li:sponsoredCampaign:${campaignId}`,
    createdAt: createdAt.getTime(),
    lastModifiedAt: createdAt.getTime(),
    intendedStatus: 'ACTIVE',
    isServing: true,
    isTest: account.test,
    review: { status: 'APPROVED' },
    content: { reference: postOf(id) },
  }))
  return paged(query.get('sortOrder') === 'DESCENDING' ? rows.reverse() : rows, query, Math.min(100, switches.pageCap))
}

function paged(rows: readonly object[], query: RestQuery, most: number): Reply {
  const size = Math.min(Number(query.get('pageSize') ?? most), most)
  const start = Number(query.get('pageToken')?.replace('page-', '') ?? 0)
  if (!(size > 0) || !(start >= 0)) return refusal(API_ERRORS.wrongParameter)
  const end = start + size
  const elements = rows.slice(start, end).map((row) => projected({ ...row }, query.get('fields')))
  return { status: 200, json: { elements, metadata: end < rows.length ? { nextPageToken: `page-${end}` } : {} } }
}

const POST_PREFIX = 'urn:li:share:7160'
const postOf = (adId: string) => `${POST_PREFIX}${adId}`

/** `/rest/posts`, several at once: …/community-management/shares/posts-api (2026-11). Each ad shows a post of its own. */
export function posts(world: World, { person }: Caller, query: RestQuery, method: string | undefined): Reply {
  const urns = listIn(query.get('ids'))
  if (urns === null || method !== 'BATCH_GET') return refusal(API_ERRORS.wrongParameter)
  if (world.switches.noPosts) return refusal(API_ERRORS.noPosts)
  const results: Record<string, object> = {}
  const errors: Record<string, object> = {}
  for (const urn of urns) {
    const id = urn.replace(POST_PREFIX, '')
    const account = world.accounts.find(({ library }) => library.ads.some((ad) => ad.id === id))
    const ad = account?.library.ads.find((one) => one.id === id)
    if (!account || !ad) errors[urn] = API_ERRORS.notFound
    else if (!account.roles.has(person.id)) errors[urn] = API_ERRORS.noRole
    else {
      const article = { source: ad.landingPage, title: ad.name }
      results[urn] = { id: urn, author: 'urn:li:organization:2414183', lifecycleState: 'PUBLISHED', content: { article } }
    }
  }
  return { status: 200, json: { results, statuses: {}, errors } }
}
