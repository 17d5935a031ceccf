import { createHash } from 'node:crypto'

export interface LibraryCampaign {
  readonly id: string
  readonly name: string
  /** Its own URL parameters; empty: it inherits those of the account. */
  parameters: string
}

export interface LibraryAd {
  readonly id: string
  readonly name: string
  readonly campaignId: string
  readonly createdAt: Date
  /** Its own URL parameters; empty: it inherits. */
  parameters: string
  landingPage: string
}

export interface LibraryCost {
  /** `2026-11-24`, in the time zone of the account. */
  readonly day: string
  readonly campaign: LibraryCampaign
  /** In hundredths of the currency's unit. */
  readonly cents: number
  readonly clicks: number
  readonly impressions: number
}

/** Campaigns, ads and costs of one ad account; each fake tells them in its provider's own shapes. */
export interface AdLibrary {
  readonly currency: string
  readonly timeZone: string
  /** URL parameters that ads inherit, where the provider has such a setting. */
  parameters: string
  readonly campaigns: LibraryCampaign[]
  readonly ads: LibraryAd[]
  createCampaign(name: string): LibraryCampaign
  /** In the first campaign unless another is named. */
  createAd(over?: Partial<Pick<LibraryAd, 'name' | 'campaignId' | 'parameters' | 'landingPage'>>): LibraryAd
  /** Takes a tenth back of what each of the last three complete days cost, as providers do once they have found invalid clicks. */
  restateCosts(): void
  /** What the provider says now of these days, both included; what costs nothing is left out, as every provider does. */
  costs(from: string, to: string): Generator<LibraryCost>
}

export interface AdLibraryOptions {
  readonly now: () => Date
  readonly currency: string
  /** IANA name. */
  readonly timeZone: string
  /** Names of the first campaigns. */
  readonly campaigns: readonly string[]
  /** Makes ids as the provider's look; `place` counts from 1 over all of its kind in this account. */
  readonly id: (kind: 'campaign' | 'ad', place: number) => string
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** So long after a day its amounts still change: invalid clicks are taken back. */
const SETTLES_AFTER_DAYS = 3

export function adLibrary({ now, currency, timeZone, id, campaigns: names }: AdLibraryOptions): AdLibrary {
  const campaigns: LibraryCampaign[] = []
  const ads: LibraryAd[] = []
  /** How often each day was restated. */
  const restated = new Map<string, number>()
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })

  const library: AdLibrary = {
    currency,
    timeZone,
    parameters: '',
    campaigns,
    ads,
    createCampaign(name) {
      const campaign = { id: id('campaign', campaigns.length + 1), name, parameters: '' }
      campaigns.push(campaign)
      return campaign
    },
    createAd(over = {}) {
      const place = ads.length + 1
      const ad = {
        id: id('ad', place),
        name: over.name ?? `Ad ${place}`,
        campaignId: over.campaignId ?? campaigns[0]?.id ?? '',
        createdAt: now(),
        parameters: over.parameters ?? '',
        landingPage: over.landingPage ?? 'https://acme.example/demo',
      }
      ads.push(ad)
      return ad
    },
    restateCosts() {
      const [today = ''] = format.format(now()).split(' ')
      for (let age = 1; age <= SETTLES_AFTER_DAYS; age += 1) {
        const day = addDays(today, -age)
        restated.set(day, (restated.get(day) ?? 0) + 1)
      }
    },
    *costs(from, to) {
      const [today = '', time = ''] = format.format(now()).split(' ')
      for (let day = from; day <= to && day <= today; day = addDays(day, 1)) {
        for (const campaign of campaigns) {
          const cost = costOf(campaign, day, today, time)
          if (cost) yield { ...cost, cents: Math.ceil(cost.cents * 0.9 ** (restated.get(day) ?? 0)) }
        }
      }
    },
  }
  for (const name of names) library.createCampaign(name)
  for (const { id: campaignId, name } of campaigns) library.createAd({ campaignId, name: `${name}, text A` })
  return library
}

/** The same for the same campaign and day every time, but it grows through the day, and settles some days later. */
function costOf(campaign: LibraryCampaign, day: string, today: string, time: string): LibraryCost | null {
  const dice = createHash('sha256').update(`${campaign.id} ${day}`).digest()
  const settled = 2_000 + (dice.readUInt32BE(0) % 38_000)
  const age = Math.round((Date.parse(today) - Date.parse(day)) / DAY_MS)
  if (dice[4] !== undefined && dice[4] < 20) return null // nothing was shown on some days
  const takenBack = age < SETTLES_AFTER_DAYS ? dice.readUInt16BE(6) % 900 : 0
  // Clicks of few days turn out to be all invalid: then the row goes away.
  if (dice[5] !== undefined && dice[5] < 4 && age >= SETTLES_AFTER_DAYS) return null
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const share = age === 0 ? (hours * 60 + minutes) / 1440 : 1
  const cents = Math.floor((settled + takenBack) * share)
  if (cents === 0) return null
  return { day, campaign, cents, clicks: Math.ceil(cents / 140), impressions: Math.ceil(cents / 140) * 37 }
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}
