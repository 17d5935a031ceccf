import type { Message } from '../cards/card.ts'
import type { ProviderName } from '../provider.ts'

/** A yellow note or card that belongs to no outage: nothing is lost yet, or it is the operator's business. */
export interface Warning {
  /** The message that tells it. */
  readonly messageId: string
  readonly teamId: string
  /** What it is about: at most one is open for each. */
  readonly subject: string
  readonly detail: WarningDetail
  readonly since: Date
  readonly closedAt: Date | null
  readonly version: number
}

/** All that its message says. Times are ISO 8601, since this is stored as JSON. */
export type WarningDetail = AppTrouble | Silence | LoginEnds | SecretEnds | AdsLate | Leaver

/** A connection as messages name it. */
export interface Named {
  readonly id: string
  readonly name: string
  readonly accountName: string
}

/** Logins of several users of one app are doubtful at once. */
export interface AppTrouble {
  readonly kind: 'app_trouble'
  readonly provider: ProviderName
  /** One of the app's. */
  readonly grantId: string
  /** What the provider said to the last of them. */
  readonly explanation: string
  readonly users: number
  readonly doubtful: readonly Named[]
  /** Those that need a login after all; each has a card of its own. */
  readonly red: readonly Named[]
  /** How many more there are than are named. */
  readonly others: number
}

/** A provider gives no usable answer. */
export interface Silence {
  readonly kind: 'silence'
  readonly provider: ProviderName
  readonly silent: readonly (Named & { readonly since: string })[]
  readonly back: readonly (Named & { readonly since: string; readonly until: string })[]
  /** No other provider answers either: it may be this machine. */
  readonly everybody: boolean
}

/** A login ends on a known day. */
export interface LoginEnds {
  readonly kind: 'login_ends'
  readonly provider: ProviderName
  readonly grantId: string
  readonly username: string
  readonly endsAt: string
  readonly connections: readonly Named[]
  /** In days: which of the warnings was given last. */
  readonly step: number
  readonly daysLeft: number
  readonly ended:
    | null
    | { readonly how: 'renewed'; readonly by: string | null; readonly username: string }
    | { readonly how: 'over' }
}

/** The secret of our own app ends on a known day. */
export interface SecretEnds {
  readonly kind: 'secret_ends'
  readonly provider: ProviderName
  readonly endsAt: string
  /** In days; 0: it has ended. */
  readonly step: number
  readonly daysLeft: number
  readonly isReplaced: boolean
}

/** A connection works, and its costs can't be downloaded, or its ads can't be tagged, all the same. */
export interface AdsLate {
  readonly kind: 'costs_late' | 'tags_late'
  readonly provider: ProviderName
  readonly connection: Named
  /** When it last worked, or else when it was begun. */
  readonly since: string
  /** Why the last try failed. */
  readonly explanation: string
  /** `works`: it works again. `down`: the connection has a card of its own now. */
  readonly ended: null | 'works' | 'down'
}

/** Somebody on whom connections depend is deactivated in Slack. */
export interface Leaver {
  readonly kind: 'leaver'
  /** Slack user: never mentioned. */
  readonly userId: string
  readonly person: string
  /** The first that depend on them still, by name; `loggedIn`: with their login. */
  readonly connections: readonly (Named & {
    /** As people write it. */
    readonly provider: string
    readonly isOwner: boolean
    readonly isDeputy: boolean
    readonly loggedIn: boolean
  })[]
  /** How many more there are than are named. */
  readonly others: number
  /** `mended`: nothing depends on them any more. `back`: they are active again. */
  readonly ended: null | 'mended' | 'back'
}

/** One that begins with its message. */
export function newWarning(message: Message, subject: string, detail: WarningDetail): Warning {
  const { id: messageId, teamId, createdAt: since } = message
  return { messageId, teamId, subject, detail, since, closedAt: null, version: 0 }
}

export function namesOf(connections: readonly Named[]): Named[] {
  return connections.map(({ id, name, accountName }) => ({ id, name, accountName }))
}

export function sameOnes(some: readonly Named[], others: readonly Named[]): boolean {
  const ids = new Set(others.map(({ id }) => id))
  return ids.size === some.length && some.every(({ id }) => ids.has(id))
}

export interface WarningStore {
  open(): Promise<Warning[]>
  ofMessage(messageId: string): Promise<Warning | undefined>
  /** With its message, which is due at once. False when one about the same is open. */
  raise(warning: Warning, message: Message): Promise<boolean>
  /**
   * Its message is due with what is told now, and `notice` goes into its thread. False when somebody else changed it since it was
   * seen, or it is closed.
   */
  change(seen: Warning, next: Pick<Warning, 'detail' | 'closedAt'>, notice: Message | null, at: Date): Promise<boolean>
}
