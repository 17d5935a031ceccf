import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../src/clock.ts'
import { type AskingCard, type CardChoice, type ChannelCards, chooseCard } from '../../src/domain/cards/choose-card.ts'
import { at } from '../support/builders.ts'

const RULES = { cards: 10, withinMs: 5 * MINUTE_MS }
const NOW = 60 * MINUTE_MS

/** A card that began to ask `agoMin` minutes ago. */
function asking(cardId: string, agoMin: number, over: Partial<AskingCard> = {}): AskingCard {
  const since = at(NOW - agoMin * MINUTE_MS)
  return { cardId, since, joinedAt: since, isStorm: false, sharesLogin: false, sharesCause: false, ...over }
}

function choose(over: Partial<ChannelCards>): CardChoice {
  return chooseCard({ asking: [], lastCardId: null, recent: 0, ...over }, at(NOW), RULES)
}

function words(choice: CardChoice): string {
  switch (choice.kind) {
    case 'join':
    case 'reuse':
      return `${choice.kind} ${choice.cardId}`
    case 'own':
    case 'storm':
      return choice.kind
    default:
      return choice satisfies never
  }
}

const storm = (cardId: string, agoMin: number) => asking(cardId, agoMin, { isStorm: true })

const CASES: [string, Partial<ChannelCards>, string][] = [
  ['nothing asks: a card of its own', {}, 'own'],
  ['something else asks: a card of its own', { asking: [asking('a', 1)] }, 'own'],
  ['the same login, however long ago', { asking: [asking('a', 9000, { sharesLogin: true })] }, 'join a'],
  ['the same cause, four minutes ago', { asking: [asking('a', 4, { sharesCause: true })] }, 'join a'],
  ['the same cause, five minutes ago', { asking: [asking('a', 5, { sharesCause: true })] }, 'join a'],
  ['the same cause, six minutes ago', { asking: [asking('a', 6, { sharesCause: true })] }, 'own'],
  [
    'a login before a cause',
    { asking: [asking('cause', 3, { sharesCause: true }), asking('login', 2, { sharesLogin: true })] },
    'join login',
  ],
  [
    'of two that fit, the older',
    { asking: [asking('young', 1, { sharesCause: true }), asking('old', 3, { sharesCause: true })] },
    'join old',
  ],
  [
    'of two of one age, the same on every machine',
    { asking: [asking('b', 1, { sharesLogin: true }), asking('a', 1, { sharesLogin: true })] },
    'join a',
  ],
  ['its last card is done', { lastCardId: 'last' }, 'reuse last'],
  ['its last card still asks for others', { lastCardId: 'last', asking: [asking('last', 20)] }, 'join last'],
  [
    'its login asks, and its last card is done',
    { lastCardId: 'last', asking: [asking('a', 9, { sharesLogin: true })] },
    'join a',
  ],
  [
    'its last card before one of the same cause',
    { lastCardId: 'last', asking: [asking('a', 1, { sharesCause: true })] },
    'reuse last',
  ],
  ['eight cards just now', { recent: 8 }, 'own'],
  ['nine cards just now', { recent: 9 }, 'storm'],
  ['a storm under way', { recent: 10, asking: [storm('d', 4)] }, 'join d'],
  ['a storm that nothing has joined for long', { asking: [storm('d', 6)] }, 'own'],
  ['a storm that began long ago and goes on', { asking: [{ ...storm('d', 50), joinedAt: at(NOW - MINUTE_MS) }] }, 'join d'],
  [
    'a cause before the storm, where both ask',
    { recent: 10, asking: [storm('d', 1), asking('a', 1, { sharesCause: true })] },
    'join a',
  ],
  [
    'the card of a storm never is that of one cause',
    { asking: [asking('d', 4.9, { isStorm: true, sharesCause: true, joinedAt: at(0) })] },
    'own',
  ],
  ['a login in a storm stays there', { asking: [{ ...storm('d', 90), sharesLogin: true }] }, 'join d'],
]

describe('the card of an outage that begins', () => {
  test.each(CASES)('%s', (_, channel, expected) => {
    expect(words(choose(channel))).toBe(expected)
  })
})
