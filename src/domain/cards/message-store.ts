import type { Detour, Message } from './card.ts'

/** Slack's outbox: what we ask of the store for messages; whole facts like those of `Store`. */
export interface MessageStore {
  /** Claims due messages: never shown or wanted above shown, whose time has come, whose thread exists. */
  claim(now: Date, until: Date, by: string, limit: number): Promise<Message[]>
  /** Renews all claims of `by`. */
  renew(by: string, now: Date, until: Date): Promise<void>
  /**
   * About to post in that channel: from now on it may exist there, also if the process dies before Slack answers. False when the
   * claim is gone: then it must not be posted.
   */
  sending(message: Message, by: string, at: Date, channelId: string): Promise<boolean>
  /**
   * It is shown as of `version`; with `dueAt` it is rendered again then even if nothing changes. `told`: which state people know now
   * (left out: the same), as with `detour`; `reply` is due with it.
   */
  shown(
    message: Message,
    by: string,
    shown: {
      readonly ts: string
      readonly channelId: string
      readonly version: number
      readonly at: Date
      readonly dueAt: Date | null
      readonly told?: string | null
      readonly detour?: Detour | null
      readonly reply?: Message
    },
  ): Promise<void>
  /** Not now: tried again at `dueAt`; `uncertainSince` says that the post may exist. */
  postpone(message: Message, by: string, dueAt: Date, uncertainSince: Date | null, reason: string): Promise<void>
  /** It can't be posted where it was meant to be, and was not: it is tried at `channelId` from now on, and says why; null: where it was meant to be. */
  redirect(message: Message, by: string, channelId: string, detour: Detour | null): Promise<void>
  /** It was deleted in Slack: post it anew. */
  lost(message: Message, by: string, now: Date): Promise<void>
  /** Gives up for good, with a reason an operator sees. It may exist no more than it did when it was claimed. */
  fail(message: Message, by: string, reason: string): Promise<void>
  /** Nobody needs it any more: it is as if it had never been. */
  drop(message: Message, by: string): Promise<void>
  add(message: Message, dueAt: Date): Promise<void>
  /**
   * Marks cards of open outages and running catch-ups as due whose numbers have moved since they were shown, but none more often
   * than its interval. A catch-up that waits for a word moves with what waits, as often as an outage. Answers how many.
   */
  touchMoved(now: Date, every: { readonly outageMs: number; readonly catchUpMs: number }): Promise<number>
  find(id: string): Promise<Message | undefined>
  /** The card of an outage. */
  ofOutage(outageId: string): Promise<Message | undefined>
  updatesSince(teamId: string, since: Date): Promise<number>
  /** Messages that were given up, for doctor and metrics. */
  failed(): Promise<{ readonly message: Message; readonly reason: string }[]>
  /** Channels that could not be posted to, and into which nothing newer has been posted since, for doctor; the newest first. */
  detours(): Promise<Detour[]>
}
