import type { AdFate, GapAd, GapTags } from '../gaps/gap.ts'
import type { SeenAd } from './ad-scan.ts'

/** Of so many ads a report keeps more than their number. */
const MOST_ADS = 500

/** Never tagged ones first, then late ones, then covered ones; of each the oldest first. */
const ORDER: readonly AdFate[] = ['never', 'late', 'covered']

/** What became of the ads that were created while the connection was away. */
export function gapTags(ads: readonly SeenAd[], touchpoints: number): GapTags {
  const told = ads.map(gapAd).sort((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate))
  const countOf = (fate: AdFate) => told.filter((ad) => ad.fate === fate).length
  return {
    kind: 'on',
    covered: countOf('covered'),
    late: countOf('late'),
    never: countOf('never'),
    ads: told.slice(0, MOST_ADS),
    touchpoints,
  }
}

function gapAd({ id, name, campaignName, url, createdAt, coveredAt, setBy, trouble }: SeenAd): GapAd {
  const fate = fateOf({ createdAt, coveredAt })
  return {
    id,
    name,
    campaignName,
    url,
    createdAt: createdAt.toISOString(),
    fate,
    taggedAt: fate === 'late' && coveredAt ? coveredAt.toISOString() : null,
    setBy,
    why: fate === 'never' ? trouble : null,
  }
}

function fateOf({ createdAt, coveredAt }: Pick<SeenAd, 'createdAt' | 'coveredAt'>): AdFate {
  if (coveredAt === null) return 'never'
  return coveredAt <= createdAt ? 'covered' : 'late'
}
