import type { MessageFacts } from '../../src/domain/cards/card.ts'
import type { PostPlace, Slack } from '../../src/domain/slack.ts'
import { lookOf } from '../../src/messages/look.ts'
import { renderCard } from '../../src/messages/render-card.ts'

/** One message as it stands, and every text that it ever had. */
export interface Shown {
  readonly ts: string
  readonly messageId: string
  readonly connectionId: string | null
  readonly place: PostPlace
  readonly texts: string[]
  blocks: string
  /** The last edit was forbidden. */
  isStale: boolean
}

/** A channel in the process, behind our own port: what is posted, what it says now, and what it said before. */
export interface MemorySlack {
  readonly slack: Slack
  readonly shown: Shown[]
  /** Messages that were posted more than once, although they could be edited. */
  readonly doubled: string[]
  /** How the next posts and edits are answered: true puts them off. */
  isBusy: () => boolean
  /** True: nothing may be edited any more. */
  isFrozen: () => boolean
  /** Somebody deletes it. */
  remove(ts: string): void
  /** Top-level messages whose newest text matches. */
  saying(what: RegExp): Shown[]
  /** What is said in threads, newest last. */
  threads(): Shown[]
}

const BUSY = { kind: 'later', afterMs: 1000, reason: 'ratelimited' } as const
const LOOK = lookOf(null, '/connections')

export function memorySlack(): MemorySlack {
  const shown: Shown[] = []
  const posted = new Map<string, Shown>()
  const byTs = new Map<string, Shown>()
  const doubled: string[] = []
  let last = 0

  function show(facts: MessageFacts): { text: string; blocks: string } {
    const { text, blocks } = renderCard(facts, LOOK)
    return { text, blocks: JSON.stringify(blocks) }
  }

  const api: MemorySlack = {
    shown,
    doubled,
    isBusy: () => false,
    isFrozen: () => false,
    remove(ts) {
      byTs.delete(ts)
      const [gone] = shown.splice(
        shown.findIndex((one) => one.ts === ts),
        1,
      )
      if (gone) posted.delete(gone.messageId)
    },
    saying: (what) => shown.filter(({ texts, place }) => place.threadTs === null && what.test(texts.at(-1) ?? '')),
    threads: () => shown.filter(({ place }) => place.threadTs !== null),
    slack: {
      async post(place, facts) {
        if (api.isBusy()) return BUSY
        const { text, blocks } = show(facts)
        const ts = `${++last}.000000`
        const { id: messageId, connectionId } = facts.message
        const one: Shown = { ts, messageId, connectionId, place, texts: [text], blocks, isStale: false }
        if (posted.get(messageId)?.isStale === false) doubled.push(messageId)
        posted.set(messageId, one)
        byTs.set(ts, one)
        shown.push(one)
        return { kind: 'shown', ts, channelId: place.channelId }
      },
      find: async () => ({ kind: 'cannot_tell' }),
      async update({ ts, channelId }, facts) {
        if (api.isBusy()) return BUSY
        const found = byTs.get(ts)
        if (!found) return { kind: 'gone' }
        found.isStale = api.isFrozen()
        if (found.isStale) return { kind: 'edit_forbidden' }
        const { text, blocks } = show(facts)
        found.texts.push(text)
        found.blocks = blocks
        return { kind: 'shown', ts, channelId }
      },
      hasOutsiders: async () => false,
      person: async () => undefined,
      channel: async () => ({ kind: 'cannot_tell' }),
      tokenState: async () => 'works',
      tryChannel: async () => 'yes',
    },
  }
  return api
}
