import { TOGETHER_MS } from '../connections/app-doubts.ts'

/** A card of the channel that asks for something. */
export interface AskingCard {
  readonly cardId: string
  /** Since when it asks. */
  readonly since: Date
  /** It shows whatever breaks in its channel. */
  readonly isStorm: boolean
  /** When the newest of the outages that are open on it began. */
  readonly joinedAt: Date
  /** One of the open ones has the newcomer's login (and lacks the same right, where that is what is wrong). */
  readonly sharesLogin: boolean
  /** One of the open ones has the newcomer's app and cause. */
  readonly sharesCause: boolean
}

/** What the channel shows when an outage begins. */
export interface ChannelCards {
  readonly asking: readonly AskingCard[]
  /** The card of the connection's last outage, if that ended a short while ago. */
  readonly lastCardId: string | null
  /** So many have begun to ask within `StormRules.withinMs`. */
  readonly recent: number
}

/** When a channel has had enough single cards. */
export interface StormRules {
  /** The card that would be this one within `withinMs` becomes the card of a storm. */
  readonly cards: number
  readonly withinMs: number
}

export type CardChoice =
  /** A card that asks already shows it too; nobody is notified. */
  | { readonly kind: 'join'; readonly cardId: string }
  /** The card of its last outage asks again. */
  | { readonly kind: 'reuse'; readonly cardId: string }
  | { readonly kind: 'own' }
  /** A card for whatever breaks from now on. */
  | { readonly kind: 'storm' }

/**
 * Which card shows an outage that begins. Pure. One login always shares its card; one cause does for five minutes, counted from when
 * the card began to ask; in a storm everything else does.
 */
export function chooseCard({ asking, lastCardId, recent }: ChannelCards, now: Date, rules: StormRules): CardChoice {
  const isWithin = (ms: number, at: Date) => now.getTime() - at.getTime() <= ms
  const ofLogin = oldest(asking.filter(({ sharesLogin }) => sharesLogin))
  if (ofLogin) return { kind: 'join', cardId: ofLogin.cardId }
  if (lastCardId !== null) {
    return { kind: asking.some(({ cardId }) => cardId === lastCardId) ? 'join' : 'reuse', cardId: lastCardId }
  }
  const ofCause = oldest(asking.filter((card) => card.sharesCause && !card.isStorm && isWithin(TOGETHER_MS, card.since)))
  if (ofCause) return { kind: 'join', cardId: ofCause.cardId }
  const storm = oldest(asking.filter(({ isStorm, joinedAt }) => isStorm && isWithin(rules.withinMs, joinedAt)))
  if (storm) return { kind: 'join', cardId: storm.cardId }
  return { kind: recent >= rules.cards - 1 ? 'storm' : 'own' }
}

/** Of two that fit, all processes take the same. */
function oldest(cards: readonly AskingCard[]): AskingCard | undefined {
  return cards.toSorted((a, b) => a.since.getTime() - b.since.getTime() || (a.cardId < b.cardId ? -1 : 1))[0]
}
