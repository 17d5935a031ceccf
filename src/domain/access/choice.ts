import { MINUTE_MS } from '../../clock.ts'
import type { Message } from '../cards/card.ts'
import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Connection } from '../connections/connection.ts'
import type { Account } from '../provider.ts'
import type { Grant } from './grant.ts'
import type { Wishes } from './secrets.ts'

/** From the login until somebody has chosen; then it is forgotten, with its grant if nothing uses that. */
export const CHOICE_MS = 30 * MINUTE_MS

/** Accounts that a login reaches, for somebody to choose among. */
export interface Choice {
  readonly id: string
  readonly teamId: string
  readonly grantId: string
  /** In the provider's own order. */
  readonly accounts: readonly Account[]
  /** Slack user who asked to connect. */
  readonly userId: string
  /** That person may change settings: adding a CRM confirms it. */
  readonly confirms: boolean
  readonly wishes: Wishes | null
  readonly expiresAt: Date
}

export interface Addition {
  readonly connection: Connection
  readonly audit: AuditEntry
}

export interface ChoiceStore {
  /** Keeps the choice, with its grant if that is a new one. False when it is a known one that was deleted meanwhile. */
  offer(choice: Choice, newGrant: Grant | null): Promise<boolean>
  find(id: string): Promise<Choice | undefined>
  /**
   * Adds all connections with their empty backlogs and first checks, posts the messages, and ends the choice; or does nothing.
   * `taken`: a name or an account is in use by now. `gone`: the choice ended meanwhile.
   */
  settle(
    choiceId: string,
    additions: readonly Addition[],
    messages: readonly Message[],
    firstCheckAt: Date,
  ): Promise<'settled' | 'taken' | 'gone'>
  /** Ends the choices whose time is over. Answers how many. */
  forgetExpired(now: Date): Promise<number>
}
