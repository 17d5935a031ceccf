import fc from 'fast-check'
import { MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import { cardState } from '../../src/domain/cards/card-state.ts'
import { changeEscalation, type EscalationChanged, type Press } from '../../src/domain/cards/change-escalation.ts'
import { deliverMessages } from '../../src/domain/cards/deliver.ts'
import { messageFacts } from '../../src/domain/cards/facts.ts'
import { remindDue } from '../../src/domain/cards/remind.ts'
import type { Observation } from '../../src/domain/connections/connection.ts'
import { observe } from '../../src/domain/connections/observe.ts'
import type { Deps } from '../../src/domain/deps.ts'
import type { Person } from '../../src/domain/slack.ts'
import { readPress } from '../../src/messages/action-ids.ts'
import { lookOf } from '../../src/messages/look.ts'
import { renderCard } from '../../src/messages/render-card.ts'
import { DEAD, memoryProvider } from './memory-provider.ts'
import type { Shown } from './memory-slack.ts'
import { aClock, aWatch, TEAM, type Watch } from './watch.ts'

/** One press: by whom, which of the buttons that were ever on the card (the newest ones, or all), on which machine. */
export interface Pressed {
  readonly person: 0 | 1 | 2
  readonly button: number
  readonly old: boolean
  readonly machine: 0 | 1
}

/** One of the three connections, or all of them. The first two have one login, the third another of the same app. */
export type Which = 0 | 1 | 2 | 'all'

export type CardEvent =
  /** All at the same moment, with what the second thing is that happens then. */
  | { readonly kind: 'press'; readonly presses: readonly Pressed[]; readonly and: 'nothing' | 'login' | 'works' | 'dies' }
  /** One connection, or all at the same moment on both machines. */
  | { readonly kind: 'dies' | 'loses a right' | 'works'; readonly of: Which }
  | { readonly kind: 'login' | 'show' | 'delete' | 'freeze' | 'thaw' }
  | { readonly kind: 'wait'; readonly minutes: number }

const pressed: fc.Arbitrary<Pressed> = fc.record({
  person: fc.constantFrom(0, 1, 2),
  button: fc.nat(30),
  old: fc.boolean(),
  machine: fc.constantFrom(0, 1),
})

export const cardEvents: fc.Arbitrary<CardEvent[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('press' as const),
        presses: fc.array(pressed, { minLength: 1, maxLength: 3 }),
        and: fc.constantFrom('nothing', 'nothing', 'nothing', 'login', 'works', 'dies'),
      }),
    },
    { weight: 5, arbitrary: fc.constant({ kind: 'show' } as const) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom('dies' as const, 'dies' as const, 'loses a right' as const, 'works' as const),
        of: fc.constantFrom<Which>(0, 1, 2, 'all'),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('login', 'delete', 'freeze', 'thaw', 'thaw') }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 4, 6, 29, 61, 245, 1500) }),
    },
  ),
  { minLength: 5, maxLength: 30 },
)

const NO_RIGHT: Observation = { kind: 'permission', cause: 'access_lost', code: 'no_access', explanation: 'No access.' }
const LOOK = lookOf(null, '/connections')

export interface Answered {
  readonly press: Press
  readonly person: Person
  readonly outcome: EscalationChanged
}

/** Three connections, their cards, and three people, on two processes with the real store. */
export interface CardCourse extends AsyncDisposable {
  readonly watch: Watch
  readonly connectionIds: readonly string[]
  /** Answers what came of the presses. */
  play(event: CardEvent): Promise<readonly Answered[]>
  /** Everything that is due is shown. */
  show(): Promise<void>
  /** Each card: as it is shown (if its last edit was forbidden, what has been said of it), and as the store would have it now. */
  cards(): Promise<{ readonly shown: string; readonly stored: string }[]>
}

export async function aCardCourse(): Promise<CardCourse> {
  const clock = aClock()
  const meta = memoryProvider(clock, { name: 'meta' })
  const watch = await aWatch({ clock, providers: [meta.provider], machines: 2, settings: { onCall: 'S1' } })
  const ofAna = await watch.connect(meta.provider, 'ana', meta.logIn('ana'), ['shop', 'outlet'])
  const ofBen = await watch.connect(meta.provider, 'ben', meta.logIn('ben'), ['store'])
  const connectionIds = [...ofAna, ...ofBen].map(({ id }) => id)
  /** Every press that a card has ever offered, oldest first. */
  const offered: Press[] = []
  let newest: Press[] = []
  let isFrozen = false
  watch.slack.isFrozen = () => isFrozen

  const machine = (place: 0 | 1): Deps => {
    const found = watch.machines[place]
    if (!found) throw new Error('there is no such machine')
    return found
  }
  const see = async (by: 0 | 1, seen: Observation, of: Which = 0) => {
    const ids = connectionIds.filter((_, place) => of === 'all' || place === of)
    await Promise.all(ids.map(async (id, n) => observe(machine(n % 2 ? 0 : by), await watch.find(id), seen)))
  }
  const login = () => watch.logInAgain(meta.provider, 'ana', meta.logIn('ana'), connectionIds.slice(0, 2))

  async function show(): Promise<void> {
    for (let due = 1; due > 0; ) {
      clock.turn(20 * SECOND_MS)
      await Promise.all(watch.machines.map((deps) => remindDue(deps)))
      due = (await Promise.all(watch.machines.map((deps) => deliverMessages(deps)))).reduce((sum, one) => sum + one, 0)
    }
    newest = outageCards().flatMap(({ blocks }) => pressesOf(blocks))
    for (const press of newest) if (!offered.some((one) => same(one, press))) offered.push(press)
  }

  function outageCards(): Shown[] {
    return watch.slack.shown.filter(({ place, blocks }) => place.threadTs === null && /"(details|show_connections)"/.test(blocks))
  }

  async function act({ person, button, old, machine: by }: Pressed): Promise<Answered | null> {
    const buttons = old ? offered : newest
    const press = buttons[button % Math.max(buttons.length, 1)]
    if (!press) return null
    const somebody = aPerson(person)
    return { press, person: somebody, outcome: await changeEscalation(machine(by), TEAM, somebody, press) }
  }

  async function play(event: CardEvent): Promise<readonly Answered[]> {
    switch (event.kind) {
      case 'press': {
        const { and } = event
        const other =
          and === 'login' ? login() : and === 'works' ? see(1, { kind: 'proof' }) : and === 'dies' ? see(1, DEAD) : null
        const answers = await Promise.all(event.presses.map(act))
        await other
        return answers.filter((answer) => answer !== null)
      }
      case 'dies':
        await see(0, DEAD, event.of)
        return []
      case 'loses a right':
        await see(1, NO_RIGHT, event.of)
        return []
      case 'works':
        await see(0, { kind: 'proof' }, event.of)
        return []
      case 'login':
        await login()
        return []
      case 'wait':
        clock.turn(event.minutes * MINUTE_MS)
        return []
      case 'show':
        await show()
        return []
      case 'delete': {
        const card = outageCards().at(-1)
        if (card) watch.slack.remove(card.ts)
        return []
      }
      case 'freeze':
      case 'thaw':
        isFrozen = event.kind === 'freeze'
        return []
      default:
        return event satisfies never
    }
  }

  return {
    watch,
    connectionIds,
    play,
    show,
    async cards() {
      const cards = []
      for (const { messageId, ts, texts, blocks, isStale } of outageCards()) {
        const message = await watch.store.messages.find(messageId)
        const facts = message?.ts === ts ? await messageFacts(machine(0), message) : undefined
        if (facts?.connection == null) continue
        if (isStale) {
          cards.push({ shown: message?.told ?? '', stored: cardState(facts) ?? '' })
          continue
        }
        const now = renderCard(facts, LOOK)
        cards.push({
          shown: withoutTickets(`${texts.at(-1)} ${blocks}`),
          stored: withoutTickets(`${now.text} ${JSON.stringify(now.blocks)}`),
        })
      }
      return cards
    },
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  }
}

/** Each link is sealed anew. */
function withoutTickets(text: string): string {
  return text.replace(/\/reauthorize\/[\w.-]+/g, '/reauthorize/…')
}

function pressesOf(blocks: string): Press[] {
  return [...blocks.matchAll(/"value":"([^"]+)"/g)]
    .map(([, value]) => readPress(value ?? ''))
    .filter((press) => press !== undefined)
}

function same(one: Press, other: Press): boolean {
  return one.outageId === other.outageId && one.version === other.version && one.what === other.what
}

function aPerson(place: 0 | 1 | 2): Person {
  return {
    id: ['UANA', 'UBEN', 'UCHLOE'][place] ?? '',
    teamId: TEAM,
    teamIds: [],
    name: 'somebody',
    isAdmin: false,
    isGuest: false,
    isDeactivated: false,
    timeZone: 'Europe/Paris',
    groups: [],
  }
}
