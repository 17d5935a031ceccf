import type { ProviderName } from '../provider.ts'

/** Somebody let our app in at a provider, whatever became of it. */
export interface Approval {
  readonly id: string
  readonly provider: ProviderName
  readonly clientId: string
  readonly providerUserId: string
  readonly at: Date
}

export interface ApprovalStore {
  note(approval: Approval): Promise<void>
  /**
   * How often this user has let this app in since then; how many grants of the two are stored now, over all workspaces; and how often
   * the connection was revoked or expired since then and got a new login.
   */
  counts(
    of: Pick<Approval, 'provider' | 'clientId' | 'providerUserId'>,
    connectionId: string,
    since: Date,
  ): Promise<{ readonly approvals: number; readonly grants: number; readonly losses: number }>
}
