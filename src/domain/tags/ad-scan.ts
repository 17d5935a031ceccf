import type { Ad, TagOverride, TagTemplate } from '../ads.ts'

/** What is done about the URL parameters of one ad account, and how far its ads are known. */
export interface AdScan {
  readonly connectionId: string
  /** Auto-tagging is on. Off unless somebody has switched it on. */
  readonly isTagging: boolean
  /** What ads are to carry, as a query string; empty until it was first switched on. */
  readonly parameters: string
  /** When somebody last saved these settings; null: nobody has. What is set at a provider, is set once after it. */
  readonly settingsAt: Date | null
  /** Since when auto-tagging has been on without a break; null: it is off. Ads that are older are nobody's business. */
  readonly taggingSince: Date | null
  /** Ads that were created before are known, as far as auto-tagging was on. */
  readonly scannedUpTo: Date
  /** As they were at the last scan. */
  readonly templates: readonly SeenTemplate[]
  /** The first of those that lack something. */
  readonly overrides: readonly SeenOverride[]
  /** When they were last looked for. */
  readonly overridesAt: Date | null
  /** Raised by whatever makes a scan under way worthless, so that nobody completes it. */
  readonly version: number
  readonly dueAt: Date
  /** Tries that failed one after the other. */
  readonly failures: number
  /** Why the last try failed, in plain words. */
  readonly trouble: string | null
  /** When a scan was last complete. */
  readonly lastAt: Date | null
}

export interface SeenTemplate extends TagTemplate {
  /** Keys that are wanted, and that it does not set. */
  readonly missing: readonly string[]
  /** Why they are missing, in plain words; null: they are not. */
  readonly trouble: string | null
  /** Somebody here wants it so. */
  readonly isChosen: boolean
}

export interface SeenOverride extends TagOverride {
  readonly missing: readonly string[]
}

/** An ad that was created while auto-tagging was on. */
export interface SeenAd extends Omit<Ad, 'untaggable'> {
  readonly seenAt: Date
  /** When it first carried all that is wanted: its creation, or later; null: it does not. */
  readonly coveredAt: Date | null
  /** Why it does not, in plain words. */
  readonly trouble: string | null
}

/** A change that Redkey made to URL parameters at a provider. Written before it is made, so that none is without a record. */
export interface TagChange {
  readonly id: string
  readonly connectionId: string
  readonly target: 'template' | 'ad'
  readonly targetId: string
  readonly targetName: string
  /** What was there and what was set: the parameters of a template; of an ad what it showed, empty while that is not known. */
  readonly before: string
  readonly after: string
  /** What was added, as a query string. */
  readonly added: string
  readonly at: Date
  /** Slack user; null: Redkey itself, since auto-tagging is on. */
  readonly by: string | null
  /** When the provider said that it is made; null: its answer was lost, so it may be or not. */
  readonly madeAt: Date | null
  readonly undoneAt: Date | null
  readonly undoneBy: string | null
}
