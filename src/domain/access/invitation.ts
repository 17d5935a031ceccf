import { HOUR_MS } from '../../clock.ts'
import type { Message } from '../cards/card.ts'
import type { AuditEntry } from '../connections/audit-entry.ts'

export const INVITATION_MS = 72 * HOUR_MS

/** A link with which somebody outside the workspace can log in for one connection, once. */
export interface Invitation {
  readonly id: string
  readonly teamId: string
  readonly connectionId: string
  /** The one that was open when it was made. */
  readonly outageId: string | null
  /** Slack user, and what people call them. */
  readonly invitedBy: string
  readonly invitedByName: string
  readonly invitedAt: Date
  readonly expiresAt: Date
  readonly endedAt: Date | null
  /** `over`: somebody else logged in, or it works again without a login. */
  readonly endedHow: 'used' | 'withdrawn' | 'over' | null
}

/** What we ask of the store for invitations; whole facts like those of `Store`. */
export interface InvitationStore {
  /** With what the card's thread hears of it. */
  add(invitation: Invitation, notice: Message | null, audit: AuditEntry): Promise<void>
  find(id: string): Promise<Invitation | undefined>
  /** Those of a connection that can still be used. */
  open(connectionId: string, now: Date): Promise<Invitation[]>
  /** Ends all of a connection that can still be used. Answers how many; with none nothing is noted. */
  withdraw(connectionId: string, at: Date, notice: Message | null, audit: AuditEntry): Promise<number>
  /** Forgets those whose time was over before. Answers how many. */
  forgetExpired(before: Date): Promise<number>
}
