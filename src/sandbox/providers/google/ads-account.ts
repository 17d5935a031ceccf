import { type AdLibrary, adLibrary, type LibraryAd } from '../ads/ad-library.ts'
import type { AdsCustomer } from './world.ts'

/** What happened to an ad, as `change_status` and `change_event` tell it. */
export interface AdChange {
  readonly adId: string
  readonly at: Date
  readonly operation: 'CREATE' | 'UPDATE' | 'REMOVE'
}

/** What a Google Ads account has beside what every ad account has. Each campaign has one ad group. */
export interface AdsAccount {
  readonly library: AdLibrary
  /** Tracking template of the account; empty: none. */
  trackingTemplate: string
  /** Own suffixes of ad groups, by campaign. */
  readonly adGroupSuffixes: Map<string, string>
  readonly removedCampaigns: Set<string>
  /** E-mail addresses of those who may only read. */
  readonly readers: Set<string>
  /** Edits and removals. */
  readonly changes: AdChange[]
  /** Somebody changes something of an ad. */
  edit(ad: Pick<LibraryAd, 'id'>): void
  remove(ad: Pick<LibraryAd, 'id'>): void
}

/** What the fake tells of every account. */
export const CURRENCY = 'EUR'
export const TIME_ZONE = 'Europe/Copenhagen'
const CLOCK = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, dateStyle: 'short', timeStyle: 'medium' })

const CAMPAIGNS: Readonly<Record<string, readonly string[]>> = {
  'Acme US': ['Brand | US | Exact', 'Generic CRM | US', 'Performance Max | US', 'Competitors | US'],
  'Acme EU': ['Brand | DACH | Exact', 'Brand | Nordics', 'Generic CRM | EU', 'Remarketing | EU'],
  'Tailspin Toys': ['Shopping | Wooden toys', 'Brand | Tailspin', 'Christmas | Display'],
}
const OTHER_CAMPAIGNS = ['Brand', 'Generic', 'Display']

export function adsAccounts(customers: readonly AdsCustomer[], now: () => Date): ReadonlyMap<string, AdsAccount> {
  return new Map(customers.map((customer) => [customer.id, adsAccount(customer, now)]))
}

function adsAccount({ id, name, isManager }: AdsCustomer, now: () => Date): AdsAccount {
  const changes: AdChange[] = []
  return {
    library: adLibrary({
      now,
      currency: CURRENCY,
      timeZone: TIME_ZONE,
      campaigns: isManager ? [] : (CAMPAIGNS[name] ?? OTHER_CAMPAIGNS),
      id: (kind, place) =>
        kind === 'campaign' ? String(20_000_000_000 + Number(id.slice(0, 4)) * 1000 + place) : String(700_000_000_000 + place),
    }),
    trackingTemplate: '',
    adGroupSuffixes: new Map(),
    removedCampaigns: new Set(),
    readers: new Set(),
    changes,
    edit: ({ id: adId }) => void changes.push({ adId, at: now(), operation: 'UPDATE' }),
    remove: ({ id: adId }) => void changes.push({ adId, at: now(), operation: 'REMOVE' }),
  }
}

/** `2026-11-24 13:05:09.123000` on the clocks of the account. */
export function localTime(at: Date): string {
  return `${CLOCK.format(at)}.${String(at.getUTCMilliseconds()).padStart(3, '0')}000`
}
