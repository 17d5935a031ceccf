import type { Message, Notice } from '../cards/card.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { Connection } from './connection.ts'

/** A person takes a connection away for good. */
export interface Removal {
  readonly seen: Connection
  readonly at: Date
  /** What its open cards say from then on. */
  readonly closing: Notice
  /** Said in the channel. */
  readonly line: Message
  readonly audit: AuditEntry
}

export interface RemovalStore {
  /**
   * The connection is gone for everybody at once: no list, no name, no account, no work of it is left, and its open cards say so.
   * Its rows are deleted after that, by `forget`; its history stays. False when it changed since it was seen, or is gone.
   */
  remove(removal: Removal): Promise<boolean>
  /**
   * Deletes some `limit` rows of a removed connection; the last are the connection itself and its login, unless another one uses
   * that. False: there is nothing left to delete. At most 1,000.
   */
  forget(limit: number): Promise<boolean>
}
