import { type AdLibrary, adLibrary } from '../ads/ad-library.ts'

export interface CmAdvertiser {
  readonly id: string
  readonly name: string
  /** `clickThroughUrlSuffix` */
  suffix: string
}

export interface CmAccount {
  readonly id: string
  readonly name: string
  /** As `Account` names them. */
  readonly currencyId: string
  readonly timeZoneId: string
  readonly library: AdLibrary
  readonly advertisers: readonly CmAdvertiser[]
  /** With one campaign of its own. */
  createAdvertiser(name: string, campaign: string): CmAdvertiser
  advertiserOf(campaignId: string): CmAdvertiser
  /** Campaigns that inherit nothing and set nothing themselves. */
  readonly bareCampaigns: Set<string>
  /** Where a click on this ad leads. */
  clickUrl(adId: string): string
}

export interface CmReport {
  readonly id: string
  readonly profileId: string
  /** As it was put, without what the API adds. */
  body: CmReportBody
  modifiedAt: Date
}

export interface CmReportBody {
  readonly name: string
  readonly type: string
  readonly fileName?: string
  readonly format?: string
  readonly criteria: {
    readonly dateRange: { readonly startDate: string; readonly endDate: string }
    readonly dimensions: readonly { readonly name: string }[]
    readonly metricNames: readonly string[]
  }
}

export interface CmFile {
  readonly id: string
  readonly reportId: string
  readonly body: CmReportBody
  readonly startedAt: Date
}

export interface CmSwitches {
  /** Entries of one page of a list, however many are asked for. */
  pageRows: number
  /** So long until the file of a report is there. */
  reportTakesMs: number
  /** What becomes of reports. */
  reportEnds: 'REPORT_AVAILABLE' | 'FAILED' | 'CANCELLED'
  /** Downloads break after so many characters. */
  fileCutAfter: number | null
  /** Of a user profile. 700: support.google.com/displayvideo/answer/6172804 (2026-11-29). */
  reportsPerDay: number
}

export interface CmWorld {
  readonly accounts: readonly CmAccount[]
  readonly reports: CmReport[]
  readonly files: CmFile[]
  readonly switches: CmSwitches
  nextId(): string
}

export function newCmWorld(now: () => Date): CmWorld {
  let lastId = 1_200_000_000
  return {
    accounts: [
      cmAccount(now, '9001', 'Acme Media', ['1', 'USD'], ['1', 'America/New_York'], 'Acme Shoes', [
        'Brand, spring',
        'Retargeting "carts"',
        'Video prospecting',
        'Winter sale',
      ]),
      cmAccount(now, '9002', 'Acme Labs', ['17', 'EUR'], ['3', 'Europe/Paris'], 'Acme Labs', [
        'Webinars EMEA',
        'Whitepaper EMEA',
        'Events EMEA',
      ]),
      cmAccount(now, '9003', 'Northwind Media', ['11', 'DKK'], ['3', 'Europe/Paris'], 'Tailspin Toys', [
        'Toys, always on',
        'Toys, Christmas',
        'Toys, retargeting',
      ]),
    ],
    reports: [],
    files: [],
    switches: { pageRows: 1_000, reportTakesMs: 45_000, reportEnds: 'REPORT_AVAILABLE', fileCutAfter: null, reportsPerDay: 700 },
    nextId: () => String(++lastId),
  }
}

function cmAccount(
  now: () => Date,
  id: string,
  name: string,
  [currencyId, currency]: readonly [string, string],
  [timeZoneId, timeZone]: readonly [string, string],
  advertiser: string,
  campaigns: readonly string[],
): CmAccount {
  const start = Number(id) * 10_000
  const library = adLibrary({
    now,
    currency,
    timeZone,
    campaigns,
    id: (kind, place) => String(kind === 'campaign' ? start + place : start * 10 + place),
  })
  // The parameters of the library are those of the first advertiser.
  const first: CmAdvertiser = {
    id: String(start / 10 + 1),
    name: advertiser,
    get suffix() {
      return library.parameters
    },
    set suffix(suffix) {
      library.parameters = suffix
    },
  }
  const advertisers = [first]
  const owners = new Map<string, CmAdvertiser>()
  const bareCampaigns = new Set<string>()
  const advertiserOf = (campaignId: string) => owners.get(campaignId) ?? first
  return {
    id,
    name,
    currencyId,
    timeZoneId,
    library,
    advertisers,
    createAdvertiser(called, campaign) {
      const made = { id: String(start / 10 + advertisers.length + 1), name: called, suffix: '' }
      advertisers.push(made)
      owners.set(library.createCampaign(campaign).id, made)
      return made
    },
    advertiserOf,
    bareCampaigns,
    clickUrl(adId) {
      const ad = library.ads.find((one) => one.id === adId)
      const campaign = library.campaigns.find((one) => one.id === ad?.campaignId)
      if (!ad || !campaign) throw new Error(`The fake Campaign Manager 360 has no ad ${adId}`)
      const inherited = bareCampaigns.has(campaign.id) ? '' : campaign.parameters || advertiserOf(campaign.id).suffix
      const suffix = ad.parameters || inherited
      return suffix === '' ? ad.landingPage : `${ad.landingPage}${ad.landingPage.includes('?') ? '&' : '?'}${suffix}`
    },
  }
}
