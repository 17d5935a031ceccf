import type { AuditEntry } from './audit-entry.ts'
import type { CatchUpMode, Connection, Health, ReminderMode } from './connection.ts'

/** What people set about a connection. */
export interface ConnectionSettings {
  readonly name: string
  readonly channelId: string | null
  readonly ownerId: string | null
  readonly deputyId: string | null
  readonly catchUp: CatchUpMode | null
  readonly reminders: ReminderMode | null
}

export function settingsOf({ name, channelId, ownerId, deputyId, catchUp, reminders }: Connection): ConnectionSettings {
  return { name, channelId, ownerId, deputyId, catchUp, reminders }
}

/** A name that a connection had. */
export interface FormerName {
  readonly name: string
  readonly connectionId: string
  /** What it is called now. */
  readonly nowNamed: string
}

/** A person pauses a connection, or lets it go on. */
export interface PauseChange {
  readonly seen: Connection
  readonly next: Health
  /** Null: it goes on. */
  readonly pausedBy: string | null
  readonly at: Date
  readonly nextCheckAt: Date
  /** When its open card is next followed up; null: not while it is paused. */
  readonly remindAt: Date | null
  readonly audit: AuditEntry
}

export interface SettingsStore {
  /**
   * Sets all of them; its open card is due. A name that it had before leads to it from then on. `taken`: another connection has the
   * name, or had it. Undefined when the connection changed since it was seen, or is gone.
   */
  change(
    seen: Connection,
    wanted: ConnectionSettings,
    at: Date,
    audit: readonly AuditEntry[],
  ): Promise<Connection | 'taken' | undefined>
  /** Its open card is due, and what an ad platform is to be asked for when it goes on. Undefined when it changed since it was seen. */
  pause(change: PauseChange): Promise<Connection | undefined>
  /** By name. */
  formerNames(teamId: string): Promise<FormerName[]>
}
