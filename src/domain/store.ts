import type { ApprovalStore } from './access/approval.ts'
import type { ChoiceStore } from './access/choice.ts'
import type { ClientStore } from './access/clients.ts'
import type { GrantStore } from './access/grant.ts'
import type { InvitationStore } from './access/invitation.ts'
import type { OutsiderStore } from './access/outsiders.ts'
import type { TicketStore } from './access/ticket-store.ts'
import type { EscalationStore } from './cards/escalation.ts'
import type { MessageStore } from './cards/message-store.ts'
import type { AppStore } from './connections/app-doubts.ts'
import type { HistoryStore } from './connections/audit-entry.ts'
import type { CheckStore } from './connections/check-store.ts'
import type { ConnectionStore } from './connections/connection-store.ts'
import type { OutageStore } from './connections/outage-store.ts'
import type { RemovalStore } from './connections/removal-store.ts'
import type { SettingsStore } from './connections/settings-store.ts'
import type { CostStore } from './costs/cost-store.ts'
import type { DigestStore } from './digest/digest.ts'
import type { DigestSettingStore } from './digest/digest-setting.ts'
import type { GapStore } from './gaps/gap-store.ts'
import type { LeaseStore } from './leases.ts'
import type { BulkJobStore } from './outbox/bulk-job.ts'
import type { HoldStore } from './outbox/hold.ts'
import type { OutboxStore } from './outbox/outbox-store.ts'
import type { RefusalStore } from './outbox/refusal.ts'
import type { RejectStore } from './outbox/reject.ts'
import type { RejectAlarmStore } from './outbox/reject-alarm.ts'
import type { AdScanStore } from './tags/scan-store.ts'
import type { PeopleStore } from './warnings/people.ts'
import type { WarningStore } from './warnings/warning.ts'
import type { ApiTokenStore } from './workspaces/api-token.ts'
import type { InstallationStore } from './workspaces/installation.ts'
import type { WorkspaceStore } from './workspaces/workspace-store.ts'

/**
 * What we ask of the store. Every method is one whole fact and commits as one transaction; everything it needs is in its
 * arguments (no clock, no ids inside). A lost race is `undefined` or `false`, never an error.
 */
export interface Store {
  readonly workspaces: WorkspaceStore
  readonly installations: InstallationStore
  readonly apiTokens: ApiTokenStore
  readonly connections: ConnectionStore
  readonly settings: SettingsStore
  readonly removals: RemovalStore
  readonly outages: OutageStore
  readonly grants: GrantStore
  readonly clients: ClientStore
  readonly choices: ChoiceStore
  readonly approvals: ApprovalStore
  readonly invitations: InvitationStore
  readonly outsiders: OutsiderStore
  readonly checks: CheckStore
  readonly apps: AppStore
  readonly warnings: WarningStore
  readonly leases: LeaseStore
  readonly tickets: TicketStore
  readonly outbox: OutboxStore
  readonly bulkJobs: BulkJobStore
  readonly holds: HoldStore
  readonly rejects: RejectStore
  readonly rejectAlarms: RejectAlarmStore
  readonly refusals: RefusalStore
  readonly costs: CostStore
  readonly adScans: AdScanStore
  readonly gaps: GapStore
  readonly messages: MessageStore
  readonly escalations: EscalationStore
  readonly digests: DigestStore
  readonly digestSettings: DigestSettingStore
  readonly people: PeopleStore
  readonly history: HistoryStore
  /** Gives back a little of what the database no longer uses; true while there is more to give. */
  giveBackSpace(): Promise<boolean>
  /** Answers when the database does; throws when it doesn't. */
  ping(): Promise<void>
  close(): Promise<void>
}
