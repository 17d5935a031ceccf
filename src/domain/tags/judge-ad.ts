import type { Ad } from '../ads.ts'
import type { SeenAd } from './ad-scan.ts'
import { missingKeys, type Parameters } from './parameters.ts'

/**
 * What is known of an ad now that it was seen again. One that carries everything when it is first seen has carried it from its creation
 * on, unless it was created before `setAt`, when a template that it may inherit from was set in this very scan.
 */
export function judgeAd(
  ad: Ad,
  known: SeenAd | undefined,
  { wanted, setAt, now }: { readonly wanted: Parameters; readonly setAt: Date | null; readonly now: Date },
): SeenAd {
  const { untaggable, ...told } = ad
  // Not every provider tells when an ad was created: what was known first is nearest to it.
  const seen = { ...told, createdAt: known && known.createdAt < ad.createdAt ? known.createdAt : ad.createdAt }
  const missing = missingKeys(ad.parameters, wanted)
  if (missing.length > 0) return { ...seen, seenAt: now, coveredAt: null, trouble: untaggable ?? lacks(ad, missing) }
  const fromSetting = ad.setBy === 'account' && setAt !== null && setAt > ad.createdAt ? setAt : ad.createdAt
  return { ...seen, seenAt: now, coveredAt: known === undefined ? fromSetting : (known.coveredAt ?? now), trouble: null }
}

const LEVELS = { account: 'the account', campaign: 'its campaign', ad_group: 'its ad group', ad: 'the ad itself' } as const

function lacks({ setBy }: Ad, missing: readonly string[]): string {
  const keys = missing.join(', ')
  if (setBy === null) return `Nothing sets ${keys} for it.`
  return `${LEVELS[setBy][0]?.toUpperCase()}${LEVELS[setBy].slice(1)} sets URL parameters of its own, without ${keys}.`
}
