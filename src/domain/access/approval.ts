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
  /** How often this user has let this app in since then, and how many grants of the two are stored now, over all workspaces. */
  counts(
    of: Pick<Approval, 'provider' | 'clientId' | 'providerUserId'>,
    since: Date,
  ): Promise<{ readonly approvals: number; readonly grants: number }>
}
