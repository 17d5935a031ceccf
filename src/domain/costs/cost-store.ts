import type { AdAccount, CampaignCost } from '../ads.ts'
import type { Connection } from '../connections/connection.ts'
import type { Day, Days } from '../day.ts'
import type { GapCosts } from '../gaps/gap.ts'
import type { DayCost } from './cost-history.ts'

/** How far the costs of one account are downloaded, and what is under way. */
export interface CostDownload {
  readonly connectionId: string
  /** Null until the first download. */
  readonly currency: string | null
  readonly timeZone: string | null
  /** All days up to it are whole or lost; null: none is. */
  readonly wholeUpTo: Day | null
  /** When days that may still change were last read again. */
  readonly restatedAt: Date | null
  /** Number of the newest download. Raised by whatever makes it worthless, so that nobody completes it. */
  readonly run: number
  /** Of a download that waits for the provider's report, what it is asked for with. */
  readonly job: string | null
  /** Of the newest download; its last day was the day on which it began, in the account's time zone. */
  readonly fromDay: Day | null
  readonly toDay: Day | null
  readonly dueAt: Date
  /** Tries that failed one after the other. */
  readonly failures: number
  /** Why the last try failed. */
  readonly trouble: string | null
  /** When a download was last complete. */
  readonly lastAt: Date | null
}

export interface DownloadEnd {
  /** Missed, and further back than the provider tells. */
  readonly lost: Days | null
  /** When days that may still change were read again, too; null: they were not. */
  readonly restatedAt: Date | null
  readonly at: Date
  readonly dueAt: Date
}

/** What we ask of the store for costs; whole facts like those of `Store`. `by` holds the claim: whoever has lost it changes nothing. */
export interface CostStore {
  /** Claims downloads that are due, of connections that work, each with its connection. */
  claim(
    now: Date,
    until: Date,
    by: string,
    limit: number,
  ): Promise<{ readonly connection: Connection; readonly download: CostDownload }[]>
  renew(by: string, now: Date, until: Date): Promise<void>
  /** Of connections that work: those whose last try failed, and that had no complete download since `before`, or ever. */
  failingSince(
    before: Date,
  ): Promise<{ readonly connection: Connection; readonly trouble: string; readonly lastAt: Date | null }[]>
  find(connectionId: string): Promise<CostDownload | undefined>
  /** A new download of these days. What is known in other money than the account's is forgotten. Undefined: it is not as it was seen any more. */
  begin(seen: CostDownload, by: string, account: AdAccount, days: Days): Promise<CostDownload | undefined>
  /** Takes in rows of a download, each campaign and day once; nothing, if it is not the newest one any more. */
  take(seen: CostDownload, rows: readonly CampaignCost[]): Promise<void>
  /** The provider works on it. */
  wait(seen: CostDownload, by: string, job: string, dueAt: Date): Promise<void>
  /** It begins anew at `dueAt`. */
  fail(seen: CostDownload, by: string, trouble: string, dueAt: Date): Promise<void>
  /**
   * All rows are there: what this download did not tell is zero, days are whole, and an unfinished gap is told what was filled.
   * Undefined: it is not the newest download any more.
   */
  complete(seen: CostDownload, by: string, end: DownloadEnd): Promise<GapCosts | undefined>
  /** What is known of days; those of which nothing is known are left out. In order. */
  days(connectionId: string, days: Days): Promise<DayCost[]>
  /** Costs by day and campaign, in order, after that one; campaigns that cost nothing are left out. */
  rows(
    connectionId: string,
    days: Days,
    after: { readonly day: Day; readonly campaignId: string } | null,
    limit: number,
  ): Promise<CampaignCost[]>
}
