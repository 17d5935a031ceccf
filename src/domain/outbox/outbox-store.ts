import type { Connection } from '../connections/connection.ts'
import type { CatchUp, RejectGroup } from '../connections/outage.ts'
import type { AdWindow, FromAds } from '../tags/untagged-touchpoints.ts'
import type { RejectWindow, Run } from './reject-window.ts'
import type { AcceptedTouchpoint, Backlog, Settlement, Span, TouchpointRecord, WaitingTouchpoint } from './touchpoint.ts'

export type AcceptResult = 'accepted' | 'updated' | 'duplicate'

export interface Settled {
  readonly finished: CatchUp | null
  readonly rejects: RejectWindow | null
}

export interface OutboxStore {
  /**
   * Takes in touchpoints of one connection, an id at most once. A version that waits is superseded by a changed one, which
   * takes a new place at the end; a pushed or rejected one waits again. Answers in the order given. At most 1,000.
   */
  accept(connectionId: string, touchpoints: readonly AcceptedTouchpoint[], at: Date): Promise<AcceptResult[]>
  /** Connections with waiting touchpoints that may be pushed now: connected, confirmed, a CRM, and without a hold in effect. */
  drainable(now: Date): Promise<Connection[]>
  /**
   * Waiting rows after `afterKey` whose time has come, in order, and none after the one whose payload (UTF-8) fills `maxBytes`.
   * The caller holds the lease of the connection's drain.
   */
  waiting(connectionId: string, afterKey: number, now: Date, limit: number, maxBytes?: number): Promise<WaitingTouchpoint[]>
  /**
   * Settles claimed rows, counts them (also in an unfinished catch-up), and finishes a catch-up that has nothing left: then its
   * report and card are due. Rows that a later version replaced meanwhile are left alone. Also notes the proof, and what was refused:
   * `rejects` is null if nothing was. `job`: these are results of a job, of which so much was settled with them.
   */
  settle(connectionId: string, settlements: readonly Settlement[], at: Date, job?: Run): Promise<Settled>
  backlog(connectionId: string): Promise<Backlog>
  /** When the first and the last that wait were accepted. Null: nothing waits. */
  span(connectionId: string): Promise<Span | null>
  find(teamId: string, id: string): Promise<TouchpointRecord[]>
  /** The most frequent reasons, at most `limit` (50). `backlog` counts all that is rejected. */
  rejects(connectionId: string, limit?: number): Promise<RejectGroup[]>
  /**
   * Drops the payloads of some `limit` touchpoints that were pushed before `before`, the oldest first; ids and hashes stay, so
   * that repeats are known. Answers how many, with those that were replaced meanwhile; 0: there are no more. At most 1,000.
   */
  dropPayloads(connectionId: string, before: Date, limit: number): Promise<number>
  /**
   * Ids of touchpoints that came from these ads in their windows, among what was accepted since then and still has its payload; an id
   * once for each version. Reads at most `segments`, the newest first, those before `beforeKey`.
   */
  fromAds(
    connectionId: string,
    ads: readonly AdWindow[],
    since: Date,
    beforeKey: number | null,
    segments: number,
  ): Promise<FromAds>
}
