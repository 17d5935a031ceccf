import type { Connection } from '../connections/connection.ts'
import type { CatchUp } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Identity, Provider, Tokens, Verdict } from '../provider.ts'
import type { InvitationOver } from './begin-invited.ts'

/** A login that went well at the provider, and has changed nothing yet. */
export interface Login {
  readonly provider: Provider
  readonly tokens: Tokens
  readonly identity: Identity
}

/** How a login ended. */
export type Completion =
  | {
      readonly kind: 'connected'
      readonly connection: Connection
      readonly username: string
      readonly channelLink: string | null
    }
  | {
      readonly kind: 'reauthorized'
      readonly connection: Connection
      readonly username: string
      readonly catchUp: CatchUp | null
      /** Nothing is pushed for now: a person is asked first, or has paused it. */
      readonly isHeld: boolean
      /** Somebody meant to add it: nothing was added, and what they wanted of it does not count. */
      readonly isKnown: boolean
      readonly cardLink: string | null
    }
  /** The login reaches several accounts that are not connected: somebody chooses among them. */
  | ToChoose
  | {
      readonly kind: 'connected_several'
      readonly added: readonly Connection[]
      /** Red ones that the same login brought back. */
      readonly back: readonly Connection[]
      readonly unread: readonly { readonly account: string; readonly explanation: string }[]
      readonly username: string
      /** Where the new ones are told. */
      readonly channelLink: string | null
    }
  | {
      readonly kind: 'reauthorized_several'
      readonly back: readonly Connection[]
      readonly left: readonly Left[]
      readonly username: string
      readonly cardLink: string | null
    }
  /** By an invitation: its visitor hears nothing of what Redkey does now. */
  | { readonly kind: 'restored'; readonly connection: Connection; readonly username: string }
  | InvitationOver
  /** No cookie, another state, another provider: not the browser that set out, or a forgery. Nothing was done. */
  | { readonly kind: 'not_this_browser' }
  | { readonly kind: 'login_expired' }
  | { readonly kind: 'already_used' }
  /** The person said no at the provider. */
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'wrong_account'; readonly came: string; readonly username: string }
  | { readonly kind: 'scope_missing'; readonly missing: readonly string[] }
  /** The provider refused; `again` says that the same login may work a little later. */
  | {
      readonly kind: 'refused'
      readonly explanation: string
      readonly again: boolean
      /** What an admin does at the provider about it. */
      readonly steps?: readonly string[]
    }
  | { readonly kind: 'gone' }

/** The login reaches accounts among which somebody chooses. */
export interface ToChoose {
  readonly kind: 'choose'
  readonly choiceId: string
  readonly expiresAt: Date
}

/** A connection that needs a login and did not get this one. */
export interface Left {
  readonly connection: Connection
  readonly why: 'not_reached' | 'not_read'
  /** Why it can't be read. */
  readonly verdict: Verdict | null
}

/** What all ways to end a login need. */
export type CompleteDeps = Pick<
  Deps,
  'store' | 'providers' | 'sealer' | 'secrets' | 'tickets' | 'clock' | 'newId' | 'settings' | 'log' | 'meters'
>
