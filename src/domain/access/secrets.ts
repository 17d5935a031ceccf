import type { ClientRef, Tokens } from '../provider.ts'

/** Text that nobody can read without the keys of `REDKEY_KEYS`. */
export type Sealed = string & { readonly __sealed: true }

/** Seals the tokens of a grant, bound to the grant's id, its client id and its token origin. */
export interface Sealer {
  seal(tokens: Tokens, binding: SealBinding): Promise<Sealed>
  /** Throws `SEAL_BROKEN` when the text was not sealed for this binding or its key is gone. */
  open(sealed: Sealed, binding: SealBinding): Promise<Tokens>
}

export interface SealBinding {
  readonly grantId: string
  readonly clientId: string
  readonly tokenOrigin: string
}

/** What somebody wants of a connection before it is there. */
export interface Wishes {
  /** Null: the provider's own name. */
  readonly name: string | null
  /** Slack channel of its cards; null: the default channel. */
  readonly channelId: string | null
  /** Slack user; null: who adds it. */
  readonly ownerId: string | null
}

/** What a link in Slack stands for. It is signed, holds no secret, and expires. */
export type Ticket =
  /** From `/connections add`: personal, single use, 10 minutes. */
  | {
      readonly kind: 'connect'
      readonly id: string
      readonly teamId: string
      readonly userId: string
      readonly userName: string
      readonly provider: string
      /** Label of a client beside the one of the settings; null: that one. */
      readonly client: string | null
      /** The person may change settings: adding a CRM confirms it. */
      readonly confirms: boolean
      readonly channelId: string | null
      /** From the form of *Add*. */
      readonly wishes: Wishes | null
    }
  /** From a card (with its outage) or from a command (without). */
  | {
      readonly kind: 'reauthorize'
      readonly connectionId: string
      readonly outageId: string | null
      readonly userId: string | null
      /** From a card that warns of this login's end: void once another has taken its place. */
      readonly grantId?: string
    }
  /** From `/connections invite`: for somebody outside the workspace, for one login that goes well. */
  | {
      readonly kind: 'invite'
      readonly invitationId: string
      readonly connectionId: string
      /** The one that was open when it was made. */
      readonly outageId: string | null
    }
  /** From *Download CSV*: personal, an hour. */
  | {
      readonly kind: 'rejects'
      readonly connectionId: string
      readonly teamId: string
      readonly userId: string
    }
  /** To all that waits or was refused, before a connection is removed: personal, an hour. */
  | {
      readonly kind: 'export'
      readonly connectionId: string
      readonly teamId: string
      readonly userId: string
    }

/** A link that starts a login. */
export type LoginTicket = Exclude<Ticket, { kind: 'rejects' | 'export' }>

/** One login under way. Travels in a sealed cookie, so starting a login writes nothing. */
export interface LoginFlow {
  /** The `state` of the authorization request; used once. */
  readonly state: string
  readonly codeVerifier: string
  readonly provider: string
  /** The app that the login began with, and whose token endpoint takes the code: what comes back names neither. */
  readonly client: ClientRef
  readonly teamId: string
  readonly ticket: LoginTicket
  readonly expiresAt: Date
}

export interface Tickets {
  sign(ticket: Ticket, expiresAt: Date): Promise<string>
  /** `expired` and `forged` are told apart: the first gets advice, the second nothing. */
  read(
    text: string,
  ): Promise<{ readonly kind: 'ok'; readonly ticket: Ticket } | { readonly kind: 'expired' } | { readonly kind: 'forged' }>
  sealFlow(flow: LoginFlow): Promise<string>
  /** Undefined when the cookie is not ours or has expired. */
  openFlow(text: string): Promise<LoginFlow | undefined>
}
