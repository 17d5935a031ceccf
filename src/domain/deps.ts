import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { SecretSealer } from './access/clients.ts'
import type { Sealer, Tickets } from './access/secrets.ts'
import type { SignIn, SignInSeals } from './access/sign-in.ts'
import type { StormRules } from './cards/choose-card.ts'
import type { GrantCaller } from './connections/grant-caller.ts'
import type { Rounds } from './leases.ts'
import type { ApiMeters } from './outbox/api-meter.ts'
import type { ProviderName, Providers } from './provider.ts'
import type { Slack } from './slack.ts'
import type { Store } from './store.ts'

/** Everything the domain needs from outside. A function names what it uses: `Pick<Deps, 'store' | 'clock'>`. */
export interface Deps {
  readonly store: Store
  readonly providers: Providers
  readonly grants: GrantCaller
  readonly slack: Slack
  readonly sealer: Sealer
  readonly secrets: SecretSealer
  readonly tickets: Tickets
  /** Null: not set up. */
  readonly signIn: SignIn | null
  readonly signInSeals: SignInSeals
  readonly clock: Clock
  readonly log: Log
  readonly newId: () => string
  /** 32 random bytes, base64url: states, code verifiers. */
  readonly newSecret: () => string
  /** In [0, 1). */
  readonly random: () => number
  readonly settings: Settings
  readonly rounds: Rounds
  readonly meters: ApiMeters
  /** Aborted when the process is asked to end: long work stops at the next safe place. */
  readonly stopping: AbortSignal
}

export interface SecretEnd {
  readonly provider: ProviderName
  readonly at: Date
}

export interface Settings {
  /** Who this process is: holder of named leases. */
  readonly machine: string
  /** What browsers reach, without a slash at the end. */
  readonly url: string
  /** Slack channel of cards whose connection names none, in the workspace of the settings; empty where there is none. */
  readonly channelId: string
  readonly checkEveryMs: number
  readonly confirmAfterMs: number
  /** A provider that gave no usable answer for so long is told. */
  readonly unreachableAfterMs: number
  /** Secrets of our own apps that end on a known day. */
  readonly secretEnds: readonly SecretEnd[]
  /** Ids of Slack users and user groups that may change settings; empty: workspace admins. */
  readonly admins: readonly string[]
  /** Slack user or user group that is asked when nobody has acted for a day. */
  readonly onCall: string | null
  /** Ids of Slack users and user groups that may reauthorize; empty: every full member. */
  readonly members: readonly string[]
  /** Most pushes at once to one CRM. */
  readonly pushConcurrency: number
  /** From so many waiting touchpoints on a backlog goes by the CRM's bulk interface; null: never. */
  readonly bulkFrom: number | null
  /** How much of a CRM's API calls pushing may use up, in (0, 1]. */
  readonly apiBudget: number
  /** `ask`: what an outage held back waits for *Push now*. */
  readonly catchUp: 'auto' | 'ask'
  readonly storm: StormRules
  /** Whether channels get a digest each week, where nothing is set for them. */
  readonly digest: boolean
  /** IANA name: whose Monday morning it comes at, and whose days it tells, where nothing is set for a channel. */
  readonly timeZone: string
}
