import type { ApprovalStore } from './access/approval.ts'
import type { ChoiceStore } from './access/choice.ts'
import type { ClientStore } from './access/clients.ts'
import type { InvitationStore } from './access/invitation.ts'
import type { OutsiderStore } from './access/outsiders.ts'
import type { Sealed } from './access/secrets.ts'
import type { Message } from './cards/card.ts'
import type { CardMember } from './cards/card-group.ts'
import type { StormRules } from './cards/choose-card.ts'
import type { EscalationStore } from './cards/escalation.ts'
import type { MessageStore } from './cards/message-store.ts'
import type { AppStore } from './connections/app-doubts.ts'
import type { CheckStore } from './connections/check-store.ts'
import type { Connection, Health } from './connections/connection.ts'
import type { CatchUp, Outage, RejectGroup } from './connections/outage.ts'
import type { RemovalStore } from './connections/removal-store.ts'
import type { SettingsStore } from './connections/settings-store.ts'
import type { CostStore } from './costs/cost-store.ts'
import type { Mapping } from './crm.ts'
import type { DigestStore } from './digest/digest.ts'
import type { DigestSettingStore } from './digest/digest-setting.ts'
import type { GapStore } from './gaps/gap-store.ts'
import type { LeaseStore } from './leases.ts'
import type { BulkJobStore } from './outbox/bulk-job.ts'
import type { Hold, HoldStore } from './outbox/hold.ts'
import type { RefusalStore } from './outbox/refusal.ts'
import type { RejectStore } from './outbox/reject.ts'
import type { RejectAlarmStore } from './outbox/reject-alarm.ts'
import type { RejectWindow, Run } from './outbox/reject-window.ts'
import type { AcceptedTouchpoint, Backlog, Settlement, Span, TouchpointRecord, WaitingTouchpoint } from './outbox/touchpoint.ts'
import type { Account, ProviderName } from './provider.ts'
import type { Workspace } from './slack.ts'
import type { AdScanStore } from './tags/scan-store.ts'
import type { AdWindow, FromAds } from './tags/untagged-touchpoints.ts'
import type { PeopleStore } from './warnings/people.ts'
import type { WarningStore } from './warnings/warning.ts'
import type { ApiTokenStore } from './workspaces/api-token.ts'
import type { InstallationStore } from './workspaces/installation.ts'

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

export interface WorkspaceStore {
  /** Remembers who the bot token belongs to. */
  save(workspace: Workspace, at: Date): Promise<void>
  /** The last saved first. */
  all(): Promise<Workspace[]>
}

/** One login of one provider user to one provider app in one workspace. */
export interface Grant {
  readonly id: string
  readonly teamId: string
  readonly provider: ProviderName
  /** The app and token endpoint that made it; it works with no other. */
  readonly clientId: string
  readonly tokenOrigin: string
  readonly providerUserId: string
  readonly username: string
  readonly scopes: readonly string[]
  readonly sealed: Sealed
  /** Slack user who logged in, if the link proved one. */
  readonly authorizedBy: string | null
  readonly authorizedAt: Date
  readonly refreshedAt: Date
  /** When the refresh token dies unless it is used, where the provider says so. Beside `sealed`, so that lists can tell it. */
  readonly refreshExpiresAt: Date | null
  readonly version: number
}

export interface GrantStore {
  find(id: string): Promise<Grant | undefined>
  /** With which a connection of this provider works now; of each provider user the newest, by user name. */
  working(teamId: string, provider: ProviderName): Promise<Grant[]>
  /** Stores what a refresh gave, if the grant is still at the version it was based on. */
  replaceTokens(seen: Grant, sealed: Sealed, at: Date, refreshExpiresAt: Date | null): Promise<Grant | undefined>
  /**
   * The same tokens under another key, if the grant is still at the version they were read from. The version stays: a refresh that
   * is under way must not lose what the provider gave it.
   */
  reseal(seen: Grant, sealed: Sealed): Promise<boolean>
  /** All grants, for re-sealing with a new key. */
  all(): Promise<Grant[]>
  /** Those that only a new login helps from a day before `before` on, with the connections that use them by name. */
  endingBefore(before: Date): Promise<{ readonly grant: Grant; readonly connections: readonly Connection[] }[]>
}

/** A change of health with what belongs to it; one program. */
export interface HealthChange {
  readonly seen: Connection
  readonly next: Health
  readonly openOutage: Outage | null
  /**
   * With `openOutage`: the card that it gets unless one that is there shows it too (see `chooseCard`). Null when an operator's card
   * stands for the whole app.
   * With `changeOutage`: the card of an outage that had none.
   */
  readonly card: Message | null
  /** A card of the same connection whose outage closed after this is used again instead of posting a new one. */
  readonly reuseCardClosedAfter: Date
  readonly storm: StormRules
  /** When the card's first reminder is due, from now on; null: nobody is reminded of it. */
  readonly remindAt: Date | null
  /** Said below a card that is edited to tell it, since that notifies nobody; null: the card is enough. Its `threadOf` is set to it. */
  readonly alert: Message | null
  /** The open outage turned out to be of another kind: its card is due and tells the new one. */
  readonly changeOutage: Pick<Outage, 'kind' | 'cause' | 'explanation'> | null
  /** Closes the open outage, as withdrawn or recovered, and makes its card due. */
  readonly closeOutage: {
    readonly how: 'withdrawn' | 'recovered'
    readonly at: Date
    readonly catchUpId: string
    readonly report: Message | null
    /** Put with it if anything waits. */
    readonly hold: Hold | null
  } | null
  readonly nextCheckAt: Date
  readonly audit: AuditEntry | null
}

export interface ConnectionOverview {
  readonly connection: Connection
  readonly username: string
  readonly backlog: Backlog
  readonly outage: Outage | null
  readonly catchUp: CatchUp | null
  /** One whose time is over is among them until it is lifted. */
  readonly holds: readonly Hold[]
  readonly refreshExpiresAt: Date | null
}

/** Where touchpoints can go. `mapping` null: the provider's default counts. */
export interface CrmTarget {
  readonly id: string
  readonly name: string
  readonly provider: ProviderName
  readonly mapping: Mapping | null
}

export interface ConnectionStore {
  find(id: string): Promise<Connection | undefined>
  byName(teamId: string, name: string): Promise<Connection | undefined>
  byAccount(teamId: string, provider: ProviderName, accountId: string): Promise<Connection | undefined>
  /** Those that had a good login, and have given no usable answer since `before` or longer; the longest silent first. */
  silentSince(before: Date): Promise<Connection[]>
  /** How many of a workspace's connections give usable answers. */
  answering(teamId: string): Promise<number>
  /** Another one whenever a connection, a hold or a catch-up begins, ends or changes; not when only numbers or times of proof move. */
  changeMark(teamId: string): Promise<string>
  /** Red first, then by name. */
  overviews(teamId: string): Promise<ConnectionOverview[]>
  overview(id: string): Promise<ConnectionOverview | undefined>
  /** How many CRMs there are; of those the first `limit` by name, and the ones with these names. */
  crms(
    teamId: string,
    names: readonly string[],
    limit: number,
  ): Promise<{ readonly count: number; readonly targets: readonly CrmTarget[] }>
  /**
   * A new connection with its grant, its empty backlog, its first check and its welcome message.
   * Undefined when the name or the account is taken.
   */
  add(
    connection: Connection,
    grant: Grant,
    mapping: Mapping | null,
    welcome: Message,
    firstCheckAt: Date,
    audit: AuditEntry,
  ): Promise<Connection | undefined>
  /**
   * The new grant replaces the old, the open outage is closed, its card is due, and a catch-up of everything unsettled begins
   * (an unfinished one is extended instead, so nothing is counted twice); the outbox is due now. A catch-up of nothing is
   * finished at once and `report` is due. The old grant is deleted unless another connection or a choice uses it.
   */
  reauthorize(change: Reauthorization): Promise<{ readonly connection: Connection; readonly catchUp: CatchUp | null } | undefined>
  changeHealth(change: HealthChange): Promise<Connection | undefined>
  /** A check or a real call succeeded and changes nothing else. */
  prove(id: string, at: Date): Promise<void>
  /** Lets a new CRM push. Undefined when it was confirmed already. Its welcome message is due again. */
  confirm(id: string, by: string, at: Date, audit: AuditEntry): Promise<Connection | undefined>
  mapping(id: string): Promise<Mapping | undefined>
  setMapping(id: string, mapping: Mapping, audit: AuditEntry): Promise<void>
}

export interface Reauthorization {
  readonly seen: Connection
  readonly grant: Grant
  readonly at: Date
  readonly byUser: string | null
  readonly account: Account
  readonly catchUpId: string
  /** The final report; it is made due when the catch-up ends. */
  readonly report: Message
  /** Put with it if anything waits and an outage ends. */
  readonly hold: Hold | null
  readonly nextCheckAt: Date
  readonly audit: AuditEntry
  /** The login came by this invitation, which is used up with it; undone if it can't be used any more. */
  readonly invitationId: string | null
}

export interface OutageStore {
  find(id: string): Promise<Outage | undefined>
  /** An open `misconfigured` outage with a card, of any connection of this grant's app: the operator's card stands for all of it. */
  openMisconfigured(grantId: string): Promise<Outage | undefined>
  /** The newest outage of each connection that the card shows, in the order in which those began. */
  ofCard(cardId: string): Promise<CardMember[]>
  /** How many connections the card shows. */
  connectionsOn(cardId: string): Promise<number>
  catchUp(id: string): Promise<CatchUp | undefined>
  /** The catch-up that belongs to an outage, running or finished. */
  catchUpOf(outageId: string): Promise<CatchUp | undefined>
  /** Notes on the open outage that somebody set out to log in. */
  loginBegun(outageId: string, at: Date): Promise<void>
  /** Whoever set out came back, however the login ended: nobody is waited for any more. */
  loginCameBack(outageId: string): Promise<void>
  /** Open outages whose login began before `before` and has not come back. */
  loginsNotFinished(before: Date): Promise<Outage[]>
  /** Posts the notice and forgets the login; false when another machine did. */
  noteLoginNotFinished(outage: Outage, notice: Message, at: Date): Promise<boolean>
}

export interface TicketStore {
  /** True for the first caller, false for every later one. */
  useOnce(id: string, at: Date, expiresAt: Date): Promise<boolean>
  forgetExpired(now: Date): Promise<number>
}

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

export interface AuditEntry {
  readonly id: string
  readonly teamId: string
  readonly connectionId: string
  /** Slack user, or null for Redkey itself and for visitors who proved nothing. */
  readonly actor: string | null
  readonly action:
    | 'added'
    | 'reauthorized'
    | 'confirmed'
    | 'authorization_lost'
    | 'permission_lost'
    | 'misconfigured'
    | 'recovered'
    | 'mapping_changed'
    | 'rejects_retried'
    | 'rejects_dismissed'
    | 'pushing_paused'
    | 'pushing_resumed'
    | 'push_confirmed'
    | 'claimed'
    | 'claim_released'
    | 'snoozed'
    | 'snooze_ended'
    | 'invited'
    | 'invitation_withdrawn'
    | 'reauthorized_by_invitation'
    | 'tagging_on'
    | 'tagging_off'
    | 'tags_set'
    | 'tags_undone'
    | 'paused'
    | 'resumed'
    | 'renamed'
    | 'settings_changed'
    | 'removed'
  readonly detail: string
  readonly at: Date
}

export interface HistoryStore {
  /** The newest first; after the entry `afterId`, if that is there, those before it. */
  of(connectionId: string, limit: number, afterId?: string | null): Promise<AuditEntry[]>
}
