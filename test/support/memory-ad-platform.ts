import type { Ad, AdPlatform, CampaignCost, CostReach, CostsOrder, CostsStep, TagChoices } from '../../src/domain/ads.ts'
import { type Day, dayIn, eachDay } from '../../src/domain/day.ts'
import type { Account, Asked, Tokens, Verdict } from '../../src/domain/provider.ts'
import { DEAD, DOWN } from './memory-provider.ts'

/** How one call is answered. `lost_before`: the line drops before anything is done; `lost_after`: afterwards. */
export type AdAnswer = 'fine' | 'lost_before' | 'lost_after' | 'limit'

export interface MemoryAd {
  readonly id: string
  readonly createdAt: Date
  /** What it shows: its own creative, or a copy of it with parameters. */
  creative: Creative
  /** Why it can't be tagged, as the list of ads says; `refusal`: as only the try says. */
  untaggable: string | null
  refusal: string | null
  /** Every try to tag it fails, as if it were for a moment. */
  isBroken: boolean
}

interface Creative {
  readonly id: string
  readonly copyOf: string | null
  readonly parameters: string
}

/** An ad platform in the process, at its port, with one account; what a person does there is done by assignment. */
export interface MemoryAdPlatform {
  readonly platform: AdPlatform
  readonly account: Account
  currency: string
  timeZone: string
  /** False: costs and ads come empty, as some providers answer where access was lost, and only the probe refuses. */
  hasAccess: boolean
  /** How often a report of costs is not ready yet. */
  reportTakes: number
  /** Parameters of the account, where ads inherit them. */
  template: string
  readonly ads: MemoryAd[]
  createAd(over?: Partial<MemoryAd>): MemoryAd
  /** Lets it show again what it showed at first. */
  untouch(ad: MemoryAd): void
  /** What campaigns cost on a day, as the platform tells it now. */
  spend: (day: Day) => ReadonlyMap<string, bigint>
  /** Changes what it tells of a day. */
  restate(day: Day): void
  /** How the next calls are answered, whatever they are. */
  answerNext(answers: readonly AdAnswer[]): void
  /** How the next call of this name is answered. */
  answerOnce(call: string, how: AdAnswer): void
  /** Called while each call is under way, after it was carried out and before it is answered. */
  onCall(act: ((call: string) => Promise<void>) | null): void
  /** Told of each change to parameters that was carried out. */
  onChange(see: (targetId: string) => void | Promise<void>): void
  killGrant(): void
  login(): Tokens
  /** Names of the calls so far. */
  readonly calls: string[]
}

const MEMORY_REACH: CostReach = { restatedDays: 5, reachDays: 400 }
export const WANTED = 'utm_source=ads&utm_content={id}'
const CHOICES: TagChoices = { utm: WANTED, marketoMeasure: null, maxLength: 500, unknownMacros: () => [] }
const CAMPAIGNS = ['c', 'C', 'd']
/** So few rows that a download takes several steps. */
const PAGE = 40

interface Options {
  readonly now: () => Date
  readonly kind: 'inherited' | 'each_ad'
}

export function memoryAdPlatform({ now, kind }: Options): MemoryAdPlatform {
  const ads: MemoryAd[] = []
  const restated = new Map<Day, number>()
  const calls: string[] = []
  const answers: AdAnswer[] = []
  const once = new Map<string, AdAnswer>()
  let act: ((call: string) => Promise<void>) | null = null
  let see: (targetId: string) => void | Promise<void> = () => undefined
  let logins = 0
  let living = ''
  let creatives = 0

  async function call<T>(name: string, tokens: Tokens, carryOut: () => Asked<T> | Promise<Asked<T>>): Promise<Asked<T>> {
    calls.push(name)
    const how = once.get(name) ?? answers.shift() ?? 'fine'
    once.delete(name)
    if (how === 'lost_before') return DOWN
    if (how === 'limit') return { kind: 'rate_limited', retryAfterMs: 60_000, code: '429', explanation: 'Too many calls.' }
    if (tokens.accessToken !== living) return DEAD
    const answer = await carryOut()
    await act?.(name)
    return how === 'lost_after' ? DOWN : answer
  }

  function spend(day: Day): ReadonlyMap<string, bigint> {
    const size = BigInt(Number(day.slice(5).replace('-', '')) + 1 + (restated.get(day) ?? 0) * 10_000)
    // Ids that differ in case are two campaigns; the last one gets money back; each fifth day has one that no other has.
    const amounts: [string, bigint][] = CAMPAIGNS.map((id, place) => [id, size * 10_000n * BigInt(place === 2 ? -1 : 2 + place)])
    return new Map(size % 5n === 0n ? [...amounts, [`only ${restated.get(day) ?? 0}`, 1n]] : amounts)
  }

  async function costs(order: CostsOrder): Promise<Asked<CostsStep>> {
    const asked = Number(order.job ?? '0')
    if (asked < api.reportTakes) return ok({ kind: 'later', job: String(asked + 1), afterMs: 10_000 })
    const today = dayIn(api.timeZone, now())
    const rows: CampaignCost[] = eachDay(order.days)
      .filter((day) => api.hasAccess && day <= today)
      .flatMap((day) =>
        [...api.spend(day)].map(([campaignId, micros]) => {
          return { day, campaignId, campaignName: `Campaign ${campaignId} ${logins}`, micros, clicks: 1, impressions: 2 }
        }),
      )
    for (let first = 0; first < rows.length; first += PAGE) {
      await order.take(rows.slice(first, first + PAGE))
      await act?.('page')
    }
    return ok({ kind: 'done' })
  }

  function told({ id, createdAt, creative, untaggable }: MemoryAd): Ad {
    const inherited = kind === 'inherited' && creative.parameters === ''
    const parameters = inherited ? api.template : creative.parameters
    const setBy = parameters === '' ? null : inherited ? 'account' : 'ad'
    const at = { campaignId: 'c', campaignName: 'Campaign c', url: `https://ads.example/${id}` }
    return { id, name: `Ad ${id}`, ...at, createdAt, parameters, setBy, untaggable }
  }

  async function tagAd(ad: MemoryAd | undefined, parameters: string): Promise<Asked<{ before: string; after: string }>> {
    if (!ad) return GONE
    const { creative } = ad
    if (ad.isBroken) return DOWN
    if (creative.parameters === parameters) return ok({ before: creative.copyOf ?? creative.id, after: creative.id })
    const refusal = ad.untaggable ?? ad.refusal
    if (refusal !== null) return { kind: 'rejected', code: 'untaggable', explanation: refusal }
    ad.creative = { id: `creative ${++creatives}`, copyOf: creative.id, parameters }
    await see(ad.id)
    return ok({ before: creative.id, after: ad.creative.id })
  }

  function untagAd(ad: MemoryAd | undefined, before: string, after: string): Asked<boolean> {
    if (!ad) return GONE
    if (ad.creative.id !== after) return ok(false)
    if (before !== after) ad.creative = { ...(own.get(ad.id) ?? ad.creative), id: before }
    return ok(true)
  }

  /** What each ad showed at first. */
  const own = new Map<string, Creative>()
  const account: Account = { id: '1', via: null, name: 'Acme', environment: 'production' }
  const name = kind === 'inherited' ? 'google-ads' : 'meta'
  const platform: AdPlatform = {
    name,
    kind: 'ads',
    label: kind === 'inherited' ? 'Google Ads' : 'Meta Ads',
    client: { id: 'client', tokenOrigin: 'https://ads.example' },
    endsBecause: null,
    authorizationUrl: () => 'https://ads.example/login',
    readCallback: () => ({ kind: 'cancelled' }),
    exchangeCode: async () => DOWN,
    refresh: async () => DEAD,
    missingScopes: () => [],
    identify: async () => DOWN,
    probe: (tokens) => call('probe', tokens, () => (api.hasAccess ? ok(null) : LOST)),
    costReach: MEMORY_REACH,
    describeAccount: (tokens) => call('describe', tokens, () => ok({ currency: api.currency, timeZone: api.timeZone })),
    costs: (tokens, order) => call('costs', tokens, () => costs(order)),
    adsSince: (tokens, _, since, take) =>
      call('ads', tokens, async () => {
        await take(api.hasAccess ? ads.filter(({ createdAt }) => createdAt >= since).map(told) : [])
        return ok(null)
      }),
    tagging:
      kind === 'inherited'
        ? {
            ...CHOICES,
            kind,
            templates: (tokens) =>
              call('templates', tokens, () => ok([{ id: '1', name: 'Account Acme', parameters: api.template }])),
            setTemplate: (tokens, _, id, parameters) =>
              call('set', tokens, async () => {
                api.template = parameters
                await see(id)
                return ok(null)
              }),
            overrides: (tokens) => call('overrides', tokens, () => ok([])),
          }
        : {
            ...CHOICES,
            kind,
            consequence: 'Each ad gets a new creative.',
            tagAd: (tokens, _, id, parameters) => call('tag', tokens, () => tagAd(find(id), parameters)),
            untagAd: (tokens, _, id, before, after) => call('untag', tokens, () => untagAd(find(id), before, after)),
          },
  }
  const find = (id: string) => ads.find((ad) => ad.id === id)

  const api: MemoryAdPlatform = {
    platform,
    account,
    currency: 'EUR',
    timeZone: 'America/New_York',
    hasAccess: true,
    reportTakes: 0,
    template: '',
    ads,
    createAd(over = {}) {
      const creative = { id: `creative ${++creatives}`, copyOf: null, parameters: '' }
      const ad = {
        id: `ad-${ads.length + 1}`,
        createdAt: now(),
        creative,
        untaggable: null,
        refusal: null,
        isBroken: false,
        ...over,
      }
      own.set(ad.id, ad.creative)
      ads.push(ad)
      return ad
    },
    untouch(ad) {
      ad.creative = own.get(ad.id) ?? ad.creative
    },
    spend,
    restate: (day) => void restated.set(day, (restated.get(day) ?? 0) + 1),
    answerNext: (next) => void answers.splice(0, answers.length, ...next),
    answerOnce: (name, how) => void once.set(name, how),
    onCall(next) {
      act = next
    },
    onChange(next) {
      see = next
    },
    killGrant() {
      living = ''
    },
    login() {
      living = `login-${++logins}`
      const none = { refreshToken: null, identityUrl: null, scopes: [], accessExpiresAt: null, refreshExpiresAt: null }
      return { ...none, accessToken: living, apiOrigin: 'https://ads.example' }
    },
    calls,
  }
  return api
}

function ok<T>(value: T): Asked<T> {
  return { kind: 'ok', value }
}

const LOST: Verdict = { kind: 'permission', cause: 'access_lost', code: 'no_access', explanation: 'The user can not use it.' }
const GONE: Verdict = { kind: 'rejected', code: 'gone', explanation: 'There is no such ad.' }
