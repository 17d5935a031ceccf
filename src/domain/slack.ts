import type { MessageFacts } from './cards/card.ts'

/** What became of one call that posts or edits a message. */
export type Posting =
  | { readonly kind: 'shown'; readonly ts: string; readonly channelId: string }
  /** Slack refused for now (429, an answered 5xx, no connection): nothing was posted; try again. */
  | { readonly kind: 'later'; readonly afterMs: number | null; readonly reason: string }
  /** The answer was lost: the message may exist. */
  | { readonly kind: 'uncertain'; readonly reason: string }
  /** The message to edit is gone (deleted by a person or by retention). */
  | { readonly kind: 'gone' }
  /** The message is there, but may not be edited any more. */
  | { readonly kind: 'edit_forbidden' }
  /** The channel can't be posted to: a person must act (`channel_not_found`, `not_in_channel`, `is_archived` …). */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The bot token is dead or lacks a scope: the operator must act. */
  | { readonly kind: 'token_refused'; readonly reason: string }
  /** The workspace has the app no more: nobody there can be told. */
  | { readonly kind: 'workspace_gone' }
  /** Slack says the message itself is wrong: a bug of ours. */
  | { readonly kind: 'unacceptable'; readonly reason: string }

/** Whether a post whose answer was lost is there. `cannot_tell`: history can't be read (optional scopes). */
export type Lookup =
  | { readonly kind: 'found'; readonly ts: string; readonly channelId: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'cannot_tell' }

export interface PostPlace {
  readonly channelId: string
  readonly threadTs: string | null
  readonly broadcast: boolean
}

export interface Person {
  readonly id: string
  /** The workspace where the person is at home, or the organization. */
  readonly teamId: string | null
  /** Of people of an Enterprise organization: all workspaces they are in. */
  readonly teamIds: readonly string[]
  /** The real name where Slack has one: what people outside Slack know the person by. */
  readonly name: string
  readonly isAdmin: boolean
  /** Single- and multi-channel guests, and people of other companies. */
  readonly isGuest: boolean
  readonly isDeactivated: boolean
  readonly timeZone: string | null
  /** Of the user groups that the settings name: those this person is in. */
  readonly groups: readonly string[]
}

export interface Workspace {
  readonly teamId: string
  readonly name: string
  readonly url: string
  readonly botUserId: string
}

/** Whether cards can go to a channel. */
export type ChannelSeen =
  | { readonly kind: 'fine' }
  | { readonly kind: 'not_member' }
  | { readonly kind: 'archived' }
  /** There is none of that id, or it is a private one without the app. */
  | { readonly kind: 'not_seen' }
  /** Slack does not say, or not in time, or the app lacks the optional right to ask. */
  | { readonly kind: 'cannot_tell' }

/** What we ask of Slack, apart from answering people who ask. Each workspace is asked with its own token. */
export interface Slack {
  /** In the workspace of the message, like `update`. */
  post(place: PostPlace, facts: MessageFacts): Promise<Posting>
  /** Looks for the post of a message by its metadata, no older than `since`. */
  find(teamId: string, place: PostPlace, messageId: string, since: Date): Promise<Lookup>
  update(place: { readonly channelId: string; readonly ts: string }, facts: MessageFacts): Promise<Posting>
  /** Whether guests or people of other companies are in the channel, as far as Slack tells; what is unknown counts as no. Cached. */
  hasOutsiders(teamId: string, channelId: string): Promise<boolean>
  /** Cached for some minutes. Undefined when Slack can't tell. */
  person(teamId: string, userId: string): Promise<Person | undefined>
  /** Answers soon, since somebody waits in front of a form. */
  channel(teamId: string, channelId: string): Promise<ChannelSeen>
  /** Whether Slack knows the workspace's token. `dead`: it never will again. */
  tokenState(teamId: string): Promise<TokenState>
  /** Tells a person, and nobody else, in a channel that cards come there: whether that can be done. */
  tryChannel(teamId: string, channelId: string, userId: string): Promise<'yes' | 'no' | 'unknown'>
}

export type TokenState = 'works' | 'dead' | 'unknown'
