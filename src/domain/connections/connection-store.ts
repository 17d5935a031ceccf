import type { Grant } from '../access/grant.ts'
import type { Message } from '../cards/card.ts'
import type { StormRules } from '../cards/choose-card.ts'
import type { Mapping } from '../crm.ts'
import type { Hold } from '../outbox/hold.ts'
import type { Backlog } from '../outbox/touchpoint.ts'
import type { Account, ProviderName } from '../provider.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { Connection, Health } from './connection.ts'
import type { CatchUp, Outage } from './outage.ts'

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
