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
}

/** A channel in the process, behind our own port: what is posted, what it says now, and what it said before. */
export interface MemorySlack {
  readonly slack: Slack
  readonly shown: Shown[]
  /** Top-level messages whose newest text matches. */
  saying(what: RegExp): Shown[]
  /** What is said in threads, newest last. */
  threads(): Shown[]
}

const LOOK = lookOf(null, '/connections')

export function memorySlack(): MemorySlack {
  const shown: Shown[] = []

  function show(facts: MessageFacts): { text: string; blocks: string } {
    const { text, blocks } = renderCard(facts, LOOK)
    return { text, blocks: JSON.stringify(blocks) }
  }

  return {
    shown,
    saying: (what) => shown.filter(({ texts, place }) => place.threadTs === null && what.test(texts.at(-1) ?? '')),
    threads: () => shown.filter(({ place }) => place.threadTs !== null),
    slack: {
      whoAmI: async () => ({ teamId: 'T1', name: 'Acme', url: 'https://acme.slack.com/', botUserId: 'UBOT' }),
      async post(place, facts) {
        const { text, blocks } = show(facts)
        const ts = `${shown.length + 1}.000000`
        const { id: messageId, connectionId } = facts.message
        shown.push({ ts, messageId, connectionId, place, texts: [text], blocks })
        return { kind: 'shown', ts, channelId: place.channelId }
      },
      find: async () => ({ kind: 'cannot_tell' }),
      async update({ ts, channelId }, facts) {
        const found = shown.find((one) => one.ts === ts)
        if (!found) return { kind: 'gone' }
        const { text, blocks } = show(facts)
        found.texts.push(text)
        found.blocks = blocks
        return { kind: 'shown', ts, channelId }
      },
      person: async () => undefined,
    },
  }
}
