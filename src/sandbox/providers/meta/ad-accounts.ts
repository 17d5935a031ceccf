import { type AdLibrary, adLibrary } from '../ads/ad-library.ts'
import type { Creatives } from './creatives.ts'
import { type ShownAds, shownAds } from './shown-ads.ts'

export interface MetaAccount {
  /** `act_` and digits. */
  readonly id: string
  readonly name: string
  readonly currency: string
  readonly timezone: string
  /** 1 active, 2 disabled, 3 unsettled, 101 closed: …/docs/marketing-api/reference/ad-account (2026-11). */
  status: number
  /** Ids of the people who have a role in it. */
  readonly people: Set<string>
  /** Ids of those of them who may only look. */
  readonly viewers: Set<string>
  readonly library: AdLibrary
  readonly ads: ShownAds
  /** Ids of campaigns that somebody deleted; what they cost stays. */
  readonly removedCampaigns: Set<string>
  reviewsNewAds: boolean
}

const MONTH_MS = 30 * 86_400_000

const ACCOUNTS = [
  {
    id: 'act_1001',
    name: 'Acme Europe',
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    people: ['mia@acme.example', 'jonas@agency.example'],
    campaigns: ['EU | Prospecting | Demo', 'EU | Retargeting', 'EU | Lookalike customers', 'Webinar autumn'],
  },
  {
    id: 'act_1002',
    name: 'Acme US',
    currency: 'USD',
    timezone: 'America/New_York',
    people: ['mia@acme.example'],
    campaigns: ['US | Prospecting | Free trial', 'US | Retargeting', 'US | Awareness'],
  },
  {
    id: 'act_2001',
    name: 'Another Brand',
    currency: 'GBP',
    timezone: 'Europe/London',
    people: ['jonas@agency.example'],
    campaigns: ['UK launch', 'UK retargeting', 'Spring sale'],
  },
] as const

/** `idOf`: of a person by their name. */
export function adAccounts(now: () => Date, creatives: Creatives, idOf: (username: string) => string): MetaAccount[] {
  return ACCOUNTS.map(({ id, name, currency, timezone, people, campaigns }) => {
    const library = libraryOf(id, currency, timezone, campaigns, now)
    const ads = shownAds({ account: id, library, creatives, now, reviewsNew: () => account.reviewsNewAds })
    const account: MetaAccount = {
      id,
      name,
      currency,
      timezone,
      status: 1,
      people: new Set(people.map(idOf)),
      viewers: new Set(),
      library,
      ads,
      removedCampaigns: new Set(),
      reviewsNewAds: false,
    }
    return account
  })
}

/** Ids are of 18 digits, as Meta's are now; the first ads are older than anything that happens here. */
function libraryOf(
  accountId: string,
  currency: string,
  timeZone: string,
  campaigns: readonly string[],
  now: () => Date,
): AdLibrary {
  let ageMs = MONTH_MS
  const library = adLibrary({
    now: () => new Date(now().getTime() - ageMs),
    currency,
    timeZone,
    campaigns,
    id: (kind, place) => `1202${kind === 'campaign' ? 1 : 3}${accountId.replace('act_', '')}${String(place).padStart(9, '0')}`,
  })
  ageMs = 0
  return library
}
