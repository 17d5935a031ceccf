import { askAds } from '../ask-ads.ts'
import { accountOf, type Connection } from '../connections/connection.ts'
import type { Asked } from '../provider.ts'
import type { AdScan, SeenAd } from './ad-scan.ts'
import { addMissing } from './parameters.ts'
import { makeChange, type ScanDeps } from './tag-change.ts'

/** Of one scan: each takes the provider some calls. The others follow in the next. */
const MOST_ADS = 50

export interface TaggedAds {
  readonly ads: readonly SeenAd[]
  /** Some are left for the next scan. */
  readonly isMore: boolean
}

/** Tags ads one by one, where nothing is inherited. One that is refused does not hold up the others. */
export async function tagNewAds(
  deps: ScanDeps,
  connection: Connection,
  scan: AdScan,
  untagged: readonly SeenAd[],
): Promise<Asked<TaggedAds>> {
  const ads: SeenAd[] = []
  for (const ad of untagged.slice(0, MOST_ADS)) {
    const asked = await tagAd(deps, connection, scan, ad)
    if (asked.kind === 'ok') ads.push({ ...ad, ...asked.value, trouble: null })
    else if (asked.kind === 'rejected' || asked.kind === 'permission') ads.push({ ...ad, trouble: asked.explanation })
    else if (ads.length === 0) return asked
    else return { kind: 'ok', value: { ads, isMore: true } } // what is done is kept; the next scan meets the trouble first
  }
  return { kind: 'ok', value: { ads, isMore: untagged.length > MOST_ADS } }
}

async function tagAd(
  deps: ScanDeps,
  connection: Connection,
  scan: AdScan,
  { id, name, parameters }: SeenAd,
): Promise<Asked<Pick<SeenAd, 'parameters' | 'setBy' | 'coveredAt'>>> {
  const { all, added } = addMissing(parameters, scan.parameters)
  const [last] = await deps.store.adScans.changesOf(connection.id, id)
  if (last?.undoneAt) {
    return { kind: 'rejected', code: 'undone', explanation: 'Somebody took its parameters back here.' }
  }
  const intended = { target: 'ad', targetId: id, targetName: name || id, before: '', after: '', added } as const
  const again = last?.madeAt === null ? last : null
  const asked = await makeChange(deps, connection, scan, intended, again, () =>
    askAds(deps, connection, async ({ name: platform, tagging }, tokens) => {
      if (tagging.kind !== 'each_ad') throw new Error(`${platform} tags no single ads`)
      return tagging.tagAd(tokens, accountOf(connection), id, all)
    }),
  )
  return asked.kind === 'ok' ? { kind: 'ok', value: { parameters: all, setBy: 'ad', coveredAt: asked.value } } : asked
}
