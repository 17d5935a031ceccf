import { type AdLibrary, adLibrary, type LibraryCampaign } from '../ads/ad-library.ts'
import type { AdsAccount } from './accounts.ts'

export interface AdGroup {
  readonly id: string
  readonly name: string
  /** Its own final URL suffix; empty: it inherits. */
  parameters: string
}

/** What one account advertises. Each campaign has one ad group. */
export interface AdsContent {
  readonly library: AdLibrary
  adGroup(campaign: LibraryCampaign): AdGroup
}

const CAMPAIGNS: Readonly<Record<string, readonly string[]>> = {
  'Acme Search EU': ['EU Brand', 'EU Competitors', 'EU Shopping', 'DACH Generic'],
  'Acme Search US': ['US Brand', 'US Competitors', 'US Audience'],
}

/** By account id. */
export function adsContents(accounts: readonly AdsAccount[], now: () => Date): ReadonlyMap<string, AdsContent> {
  return new Map(accounts.map((account) => [account.id, contentOf(account, now)]))
}

function contentOf({ id, name, currency, timeZone }: AdsAccount, now: () => Date): AdsContent {
  const tail = id.slice(-3)
  const groups = new Map<string, AdGroup>()
  return {
    library: adLibrary({
      now,
      currency,
      timeZone: timeZone.iana,
      campaigns: CAMPAIGNS[name] ?? ['Brand', 'Generic', 'Competitors'],
      id: (kind, place) =>
        kind === 'campaign' ? `390${tail}${String(place).padStart(3, '0')}` : `7310${tail}${String(place).padStart(7, '0')}`,
    }),
    adGroup(campaign) {
      const known = groups.get(campaign.id)
      const group = known ?? { id: `12${campaign.id}77`, name: `${campaign.name}, all`, parameters: '' }
      groups.set(campaign.id, group)
      return group
    },
  }
}

/** Where a click on an ad leads: its landing page, and the lowest final URL suffix behind it. */
export function clickUrl({ library, adGroup }: AdsContent, adId: string): string {
  const ad = library.ads.find(({ id }) => id === adId)
  const campaign = library.campaigns.find(({ id }) => id === ad?.campaignId)
  if (!ad || !campaign) throw new Error(`The fake Microsoft Advertising has no ad ${adId}`)
  const suffix = [ad.parameters, adGroup(campaign).parameters, campaign.parameters, library.parameters].find((one) => one !== '')
  return suffix ? `${ad.landingPage}${ad.landingPage.includes('?') ? '&' : '?'}${suffix}` : ad.landingPage
}
