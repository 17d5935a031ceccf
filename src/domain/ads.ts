import type { Day, Days } from './day.ts'
import type { AccountRef, Asked, Provider, Tokens } from './provider.ts'

/** In which money and whose days an account is counted. */
export interface AdAccount {
  /** ISO 4217. */
  readonly currency: string
  /** IANA name; days of costs are days there. */
  readonly timeZone: string
}

/** What one campaign cost on one day. Providers leave out what cost nothing. */
export interface CampaignCost {
  readonly day: Day
  /** As the provider has it, without what its API wraps around it (`urn:li:…`, `customers/…`). */
  readonly campaignId: string
  /** Empty where the provider does not tell it. */
  readonly campaignName: string
  /** Millionths of the account's currency unit. */
  readonly micros: bigint
  readonly clicks: number
  readonly impressions: number
}

export interface CostReach {
  /** Amounts of so many days back may still change: they are read again. */
  readonly restatedDays: number
  /** Days further back than this can't be read any more. */
  readonly reachDays: number
}

/** `take` is given rows as they come, a few thousand at most at a time, and is waited for. A row may come twice; the last counts. */
export interface CostsOrder {
  readonly account: AccountRef
  readonly days: Days
  /** What the step before answered, of a report that the provider had to make first; null: begin. */
  readonly job: string | null
  take(rows: readonly CampaignCost[]): Promise<void>
}

export type CostsStep =
  /** Everything was taken. */
  | { readonly kind: 'done' }
  /** The provider works on a report: ask with this job in `afterMs`. It holds no secret, and is stored. */
  | { readonly kind: 'later'; readonly job: string; readonly afterMs: number }

/** Where URL parameters can be set; the lowest level that sets any decides alone. */
export const TAG_LEVELS = ['account', 'campaign', 'ad_group', 'ad'] as const
export type TagLevel = (typeof TAG_LEVELS)[number]

export interface Ad {
  readonly id: string
  readonly name: string
  readonly campaignId: string
  readonly campaignName: string
  /** The earliest time that the provider tells. */
  readonly createdAt: Date
  /** Where a person looks at it. */
  readonly url: string
  /** The URL parameters that its clicks carry, in the provider's own macros: those of its landing page and those of `setBy`. */
  readonly parameters: string
  /** The level that sets parameters for it beside its landing page; null: none does. */
  readonly setBy: TagLevel | null
  /** Why it can't be tagged now, as a sentence ("Meta is still reviewing it."); null: it can. Only where each ad is tagged. */
  readonly untaggable: string | null
}

/** A setting that ads inherit their URL parameters from. Most accounts have one; CM360 has one for each advertiser. */
export interface TagTemplate {
  readonly id: string
  /** "Account Acme EU", "Advertiser Acme Shoes" */
  readonly name: string
  /** As it is now, without a leading `?` or `&`; empty: none. */
  readonly parameters: string
}

/** Something below a template that sets its own parameters, so that the template's count for nothing there. */
export interface TagOverride {
  readonly level: Exclude<TagLevel, 'account'>
  readonly id: string
  readonly name: string
  readonly parameters: string
  readonly url: string
}

/** URL parameters as query strings, in the order in which they are set. */
export interface TagChoices {
  /** `utm_source`, `utm_medium`, `utm_campaign`, `utm_content`, `utm_term` with the provider's macros, as far as it has them. */
  readonly utm: string
  /** What Marketo Measure's own auto-tagging sets (`_bt`…); null where it has nothing for this provider. */
  readonly marketoMeasure: string | null
  /** Longest text that a template or an ad takes. */
  readonly maxLength: number
  /** What in these parameters looks like a macro and is none of the provider's: it would be sent as it stands. */
  unknownMacros(parameters: string): readonly string[]
}

export type Tagging =
  | (TagChoices & {
      readonly kind: 'inherited'
      templates(tokens: Tokens, account: AccountRef): Promise<Asked<readonly TagTemplate[]>>
      /** Replaces the parameters of a template; empty takes them away. */
      setTemplate(tokens: Tokens, account: AccountRef, templateId: string, parameters: string): Promise<Asked<null>>
      /** All there are, as many as `limit` of them. */
      overrides(tokens: Tokens, account: AccountRef, limit: number): Promise<Asked<readonly TagOverride[]>>
    })
  | (TagChoices & {
      readonly kind: 'each_ad'
      /** What tagging an ad does to it, as a sentence that is read before it is switched on. */
      readonly consequence: string
      /** `before` and `after` name what the ad showed and shows (for Meta: its creatives). */
      tagAd(
        tokens: Tokens,
        account: AccountRef,
        adId: string,
        parameters: string,
      ): Promise<Asked<{ readonly before: string; readonly after: string }>>
      /** Lets the ad show `before` again, if it still shows `after`; false: somebody has changed it since. */
      untagAd(tokens: Tokens, account: AccountRef, adId: string, before: string, after: string): Promise<Asked<boolean>>
    })

/** What ad platforms add to the port. Like all of it, nothing throws for what the provider says; what `take` throws goes on. */
export interface AdPlatform extends Provider {
  readonly kind: 'ads'
  readonly costReach: CostReach
  readonly tagging: Tagging
  describeAccount(tokens: Tokens, account: AccountRef): Promise<Asked<AdAccount>>
  /**
   * Daily costs of every campaign, also of ended and removed ones. An empty answer is no proof of zero: some providers answer so when
   * access is lost. Whoever asks probes the account in the same run.
   */
  costs(tokens: Tokens, order: CostsOrder): Promise<Asked<CostsStep>>
  /** Ads that were created since then and are not removed, oldest or newest first; `take` as in `CostsOrder`. */
  adsSince(tokens: Tokens, account: AccountRef, since: Date, take: (ads: readonly Ad[]) => Promise<void>): Promise<Asked<null>>
}

export function isAdPlatform(provider: Provider): provider is AdPlatform {
  return provider.kind === 'ads' && 'costs' in provider
}
