import type { Asked, Tokens } from '../../../domain/provider.ts'
import type { JsonRecord } from '../json.ts'
import type { Cm360Api } from './api.ts'
import { idOf } from './profiles.ts'

/** So few numbers that the address stays well below what servers take. */
const IDS_AT_ONCE = 100

const LISTS = {
  campaigns: { key: 'campaignId', fields: 'id,name,clickThroughUrlSuffixProperties' },
  advertisers: { key: 'advertiserId', fields: 'id,clickThroughUrlSuffix' },
} as const
type ListName = keyof typeof LISTS

/** The campaigns and advertisers of ads, each asked for once. */
export interface AdParents {
  learn(ads: readonly JsonRecord[]): Promise<Asked<null>>
  /** Empty where the profile does not see it. */
  of(list: ListName, ad: JsonRecord): JsonRecord
}

/** `path`: of the profile. */
export function adParents(api: Cm360Api, tokens: Tokens, path: string): AdParents {
  const known = { campaigns: new Map<string | null, JsonRecord>(), advertisers: new Map<string | null, JsonRecord>() }

  async function learnOf(list: ListName, ads: readonly JsonRecord[]): Promise<Asked<null>> {
    const { key, fields } = LISTS[list]
    const ids = new Set(ads.map((ad) => idOf(ad[key])).filter((id) => id !== null))
    const wanted = [...ids].filter((id) => !known[list].has(id))
    for (let at = 0; at < wanted.length; at += IDS_AT_ONCE) {
      const query = { ids: wanted.slice(at, at + IDS_AT_ONCE), fields: `nextPageToken,${list}(${fields})` }
      for await (const page of api.pages(tokens, `${path}/${list}`, list, query)) {
        if (page.kind !== 'ok') return page
        for (const entry of page.value) known[list].set(idOf(entry.id), entry)
      }
    }
    return { kind: 'ok', value: null }
  }

  return {
    async learn(ads) {
      const campaigns = await learnOf('campaigns', ads)
      return campaigns.kind === 'ok' ? learnOf('advertisers', ads) : campaigns
    },
    of: (list, ad) => known[list].get(idOf(ad[LISTS[list].key])) ?? {},
  }
}
