import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { ApiUsage } from '../provider.ts'

/** `paused`: a person said so. `ask`: waits for *Push now*. `budget`: the day's API requests. `rejects`: nearly everything is refused. */
export const HOLD_REASONS = ['paused', 'ask', 'budget', 'rejects'] as const
export type HoldReason = (typeof HOLD_REASONS)[number]

/** What stops the outbox of a connection that could be pushed to. Everything goes on being accepted meanwhile. */
export interface Hold {
  readonly connectionId: string
  readonly reason: HoldReason
  /** Since when; one that is renewed keeps it. */
  readonly since: Date
  /** When it ends by itself; null: when a person lifts it. */
  readonly until: Date | null
  /** Slack user, or null for Redkey itself. */
  readonly by: string | null
  readonly detail: HoldDetail
}

/** What belongs to the reason; small. */
export interface HoldDetail {
  /** API requests of the CRM's own window, as of when the hold was put. */
  readonly usage?: ApiUsage
}

export function inEffect(holds: readonly Hold[], now: Date): Hold[] {
  return holds.filter(({ until }) => until === null || until > now)
}

/** With `REDKEY_CATCHUP=ask`, or the connection's own setting, a person looks before a CRM gets what it has missed. */
export function askHold(
  { settings, clock, meters }: Pick<Deps, 'settings' | 'clock' | 'meters'>,
  connection: Pick<Connection, 'id' | 'kind' | 'provider' | 'accountId' | 'catchUp'>,
): Hold | null {
  if ((connection.catchUp ?? settings.catchUp) !== 'ask' || connection.kind !== 'crm') return null
  const usage = meters.of(connection).usage()
  const detail = usage ? { usage } : {}
  return { connectionId: connection.id, reason: 'ask', since: clock.now(), until: null, by: null, detail }
}

/** What we ask of the store for holds; whole facts like those of `Store`. The card of the catch-up is due after each. */
export interface HoldStore {
  /**
   * Puts a hold, or renews one of that reason whose time is over; a renewed one keeps its `since`. Undefined when one of that
   * reason is in effect at `at`. `audit` is written if it was put.
   */
  put(hold: Hold, at: Date, audit: AuditEntry | null): Promise<Hold | undefined>
  /** False when there is none of that reason. `audit` is written if there was. */
  lift(connectionId: string, reason: HoldReason, at: Date, audit: AuditEntry | null): Promise<boolean>
  /** Those of a connection, in the order in which they were put. One whose time is over is among them until it is lifted. */
  of(connectionId: string): Promise<Hold[]>
}
