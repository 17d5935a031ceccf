import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import type { Api } from './api.ts'
import { listOf } from './restli.ts'

/** So many addresses stay well below what a URL may have. */
const POSTS_A_CALL = 40

/** Text and spotlight ads hold their link themselves, `content.textAd.landingPage`; most others show a post. */
export function ownLandingPage({ content }: JsonRecord): string | null {
  const pages = Object.values(asRecord(content)).map((part) => asText(asRecord(part).landingPage))
  return pages.find((page) => page !== null) ?? null
}

/** The post that an ad shows. */
export function postOf({ content }: JsonRecord): string | null {
  const reference = asText(asRecord(content).reference)
  return reference !== null && /^urn:li:(share|ugcPost):\d+$/.test(reference) ? reference : null
}

/**
 * Where the links of posts lead, by the post's URN. The source of an article is its link, `contentLandingPage` that of other posts; a
 * carousel has one for each card, of which the first is told. A post that the login can't read is left out: reading posts is of
 * another product than ads, which an app need not have (403 "Not enough permissions to access: partnerApiPostsExternal…").
 * https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api, …/post-api-schema, singer-io/tap-linkedin-ads
 * (2026-11). @TODO source: whether `r_ads` alone reads the posts of ads.
 */
export async function landingPages(
  api: Api,
  tokens: Tokens,
  posts: readonly string[],
): Promise<Asked<ReadonlyMap<string, string>>> {
  const pages = new Map<string, string>()
  for (let place = 0; place < posts.length; place += POSTS_A_CALL) {
    const some = posts.slice(place, place + POSTS_A_CALL)
    const asked = await api.getBatch(tokens, `/rest/posts?ids=${listOf(some)}`)
    if (asked.kind === 'permission' || asked.kind === 'rejected') break
    if (asked.kind !== 'ok') return asked
    for (const urn of some) {
      const page = linkOf(asRecord(asked.value[urn]))
      if (page !== null) pages.set(urn, page)
    }
  }
  return { kind: 'ok', value: pages }
}

function linkOf({ content, contentLandingPage }: JsonRecord): string | null {
  const { article, carousel } = asRecord(content)
  const [card] = asList(asRecord(carousel).cards)
  return asText(asRecord(article).source) ?? asText(contentLandingPage) ?? asText(asRecord(card).landingPage)
}

/** What stands between `?` and `#`. */
export function queryOf(page: string): string {
  return /^[^?#]*\?([^#]*)/.exec(page)?.[1] ?? ''
}
