import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Connection } from '../connections/connection.ts'
import type { GapTags } from '../gaps/gap.ts'
import type { AdScan, SeenAd, SeenOverride, SeenTemplate, TagChange } from './ad-scan.ts'

export interface FilledGap {
  readonly outageId: string
  readonly tags: GapTags
}

export interface ScanEnd {
  readonly scannedUpTo: Date
  readonly templates: readonly SeenTemplate[]
  readonly overrides: readonly SeenOverride[]
  readonly overridesAt: Date | null
  /** For the gap that it was made for. */
  readonly gap: FilledGap | null
  readonly at: Date
  readonly dueAt: Date
}

/** What we ask of the store for ads and their parameters; whole facts like those of `Store`. `by` holds the claim. */
export interface AdScanStore {
  /** Claims scans that are due, of connections that work, each with its connection. */
  claim(now: Date, until: Date, by: string, limit: number): Promise<{ readonly connection: Connection; readonly scan: AdScan }[]>
  renew(by: string, now: Date, until: Date): Promise<void>
  /**
   * Of connections that work and are tagged: those whose scans fail since then or longer, and those whose last scan found a template
   * that lacks something, unless somebody here wanted it so.
   */
  troubledSince(before: Date): Promise<{ readonly connection: Connection; readonly trouble: string; readonly since: Date }[]>
  find(connectionId: string): Promise<AdScan | undefined>
  /** Saves what somebody wants, and makes a scan due. Undefined: it is not as it was seen any more. */
  change(seen: AdScan, wanted: Pick<AdScan, 'isTagging' | 'parameters'>, at: Date, audit: AuditEntry): Promise<AdScan | undefined>
  /** Of these ads those that are known. */
  known(connectionId: string, ids: readonly string[]): Promise<SeenAd[]>
  /** Ads that were created between the two times, the second included, in order. */
  created(connectionId: string, from: Date, until: Date): Promise<SeenAd[]>
  /** When the first ad was created that is not covered, of those created since; null: all are. */
  firstUncovered(connectionId: string, since: Date): Promise<Date | null>
  /** Keeps these ads as they were seen. False: the claim is gone. */
  keep(seen: AdScan, by: string, ads: readonly SeenAd[]): Promise<boolean>
  /** About to make a change, or to make it again as it is now. False: the claim is gone, and it must not be made. */
  intend(seen: AdScan, by: string, change: TagChange): Promise<boolean>
  /** It is made; `audit` says so in the history. Whoever comes second, as two processes may that tried it one after the other, changes nothing. */
  made(change: TagChange, audit: AuditEntry): Promise<void>
  /** It was refused: nothing has changed. */
  refused(changeId: string): Promise<void>
  /** Those that nobody has taken back, the newest first. */
  changes(connectionId: string, limit: number): Promise<TagChange[]>
  /** Of one target, the newest first. */
  changesOf(connectionId: string, targetId: string): Promise<TagChange[]>
  /** Those whose answer was lost; the one that was tried last comes last. */
  unsure(connectionId: string): Promise<TagChange[]>
  findChange(id: string): Promise<TagChange | undefined>
  /** False: somebody was faster. */
  undone(change: TagChange, audit: AuditEntry & { readonly actor: string }): Promise<boolean>
  /** It begins anew at `dueAt`. With a gap when trying again helps nothing: then it is told as it is. */
  fail(seen: AdScan, by: string, trouble: string, at: Date, dueAt: Date, gap: FilledGap | null): Promise<void>
  /** False: it is not as it was seen any more, and the scan begins again. */
  complete(seen: AdScan, by: string, end: ScanEnd): Promise<boolean>
}
