import type { Ended, ProviderName } from '../provider.ts'
import type { Connection } from './connection.ts'

/** When connections are checked next, and by whom. */
export interface CheckStore {
  /**
   * Claims up to `limit` connections whose check is due, until `until`; and with them those that share their logins and are due
   * before `alsoDueBefore`, however many.
   */
  claim(now: Date, until: Date, by: string, limit: number, alsoDueBefore?: Date): Promise<Connection[]>
  /** When a check last asked for these accounts; without those that were never asked for. */
  accountProbes(connectionIds: readonly string[]): Promise<{ readonly connectionId: string; readonly at: Date }[]>
  accountProbed(connectionId: string, at: Date): Promise<void>
  /** Renews all claims of `by`. */
  renew(by: string, now: Date, until: Date): Promise<void>
  /** Makes due the checks of connections of these providers whose login or account is among those. Answers how many. */
  hasten(providers: readonly ProviderName[], ended: Ended, now: Date): Promise<number>
  /** Sets when the connection is checked next and ends the claim. */
  reschedule(connectionId: string, at: Date): Promise<void>
}
