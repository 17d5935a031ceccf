import type { AdLibrary, LibraryAd } from '../ads/ad-library.ts'
import type { Creatives, MetaCreative } from './creatives.ts'

const MINUTE_MS = 60_000
/** Most are over in minutes, all in 24 hours, as Meta's help says. */
const REVIEW_MS = 10 * MINUTE_MS

/** What Meta keeps of an ad beside what the library knows. */
export interface ShownAd {
  readonly ad: LibraryAd
  creative: MetaCreative
  /** `effective_status` when no review is under way. */
  status: string
  /** Fields that only some ads have. */
  readonly more: Record<string, unknown>
  reviewedUntilMs: number
  updatedAt: Date
}

export interface ShownAds {
  all(): readonly ShownAd[]
  find(adId: string): ShownAd | undefined
  /** Another creative, which is reviewed first. */
  show(shown: ShownAd, creative: MetaCreative): void
}

interface ShownAdsDeps {
  /** `act_…` */
  readonly account: string
  readonly library: AdLibrary
  readonly creatives: Creatives
  readonly now: () => Date
  /** Whether ads that are created now are reviewed first. */
  readonly reviewsNew: () => boolean
}

/** Ads of one account; each gets its first creative when it is first looked at. */
export function shownAds({ account, library, creatives, now, reviewsNew }: ShownAdsDeps): ShownAds {
  const known = new Map<string, ShownAd>()

  function shown(ad: LibraryAd): ShownAd {
    const found = known.get(ad.id)
    if (found) return found
    const reviewedUntilMs = reviewsNew() ? ad.createdAt.getTime() + REVIEW_MS : 0
    const creative = creatives.create(account, firstCreative(account, ad))
    const made: ShownAd = { ad, creative, status: 'ACTIVE', more: {}, reviewedUntilMs, updatedAt: ad.createdAt }
    known.set(ad.id, made)
    return made
  }

  return {
    all: () => library.ads.map(shown),
    find(adId) {
      const ad = library.ads.find(({ id }) => id === adId)
      return ad && shown(ad)
    },
    show(one, creative) {
      Object.assign(one, { creative, updatedAt: now(), reviewedUntilMs: now().getTime() + REVIEW_MS })
      one.ad.parameters = String(creative.fields['url_tags'] ?? '')
    },
  }
}

/** A link ad, as people make them: developers.facebook.com/docs/marketing-api/reference/ad-creative (2026-11). */
function firstCreative(account: string, { id, name, landingPage, parameters }: LibraryAd): Record<string, unknown> {
  const page_id = `1089${account.replace('act_', '').padStart(11, '0')}`
  const link_data = {
    link: landingPage,
    message: `See for yourself (${id}).`,
    name,
    call_to_action: { type: 'LEARN_MORE', value: { link: landingPage } },
  }
  return {
    name: `${name} creative`,
    object_story_spec: { page_id, link_data },
    ...(parameters !== '' && { url_tags: parameters }),
  }
}
