import { describe, expect, test } from 'vitest'
import { type Act, decideEscalation } from '../../src/domain/cards/decide-escalation.ts'
import type { Escalation, Said } from '../../src/domain/cards/escalation.ts'
import { reminderAt, stepsCome } from '../../src/domain/cards/reminders.ts'
import { at } from '../support/builders.ts'

const HOUR_MS = 3_600_000
const NOW = at(10 * HOUR_MS)
const [ANA, BEN] = ['UANA', 'UBEN'] as const

/** Begun at 0; the reminder of 4 h is told. */
function anEscalation(over: Partial<Escalation> = {}): Escalation {
  return {
    messageId: 'card',
    openedAt: at(0),
    claim: null,
    snooze: null,
    last: null,
    step: 2,
    reminderId: 'reminder',
    remindAt: at(24 * HOUR_MS),
    endedAt: null,
    version: 7,
    ...over,
  }
}

const said = (by: string, fromHour: number, untilHour: number): Said => ({
  by,
  at: at(fromHour * HOUR_MS),
  until: at(untilHour * HOUR_MS),
})
const STATES: Record<string, Escalation> = {
  'nobody is on it': anEscalation(),
  'Ana is on it': anEscalation({ claim: said(ANA, 9, 13) }),
  'Ben is on it': anEscalation({ claim: said(BEN, 9, 13) }),
  "Ben's claim ran out": anEscalation({ claim: said(BEN, 5, 9) }),
  'Ben released it': anEscalation({ last: { action: 'release', by: BEN, at: at(9 * HOUR_MS) } }),
  snoozed: anEscalation({ snooze: said(BEN, 9, 13), remindAt: at(13 * HOUR_MS) }),
  'the snooze is over': anEscalation({ snooze: said(BEN, 5, 9) }),
  'Ben ended the snooze': anEscalation({ last: { action: 'wake', by: BEN, at: at(9 * HOUR_MS) } }),
  over: anEscalation({ endedAt: at(9 * HOUR_MS), remindAt: null }),
}
const UNTIL = at(11 * HOUR_MS)
const ACTS: Record<string, Act['what']> = {
  claim: { kind: 'claim' },
  release: { kind: 'release' },
  snooze: { kind: 'snooze', until: UNTIL },
  wake: { kind: 'wake' },
}

/** What becomes of Ana's press, on a card as it is, and on an older one. Each pair of state and act has its line. */
const TABLE: Record<string, Record<string, readonly [fresh: string, stale: string]>> = {
  'nobody is on it': {
    claim: ['claim', 'claim'],
    release: ['not_claimed', 'not_claimed'],
    snooze: ['snooze', 'snooze'],
    wake: ['not_snoozed', 'not_snoozed'],
  },
  'Ana is on it': {
    claim: ['already_claimed', 'already_claimed'],
    release: ['release', 'release'],
    snooze: ['snooze', 'snooze'],
    wake: ['not_snoozed', 'not_snoozed'],
  },
  'Ben is on it': {
    claim: ['claim', 'already_claimed'],
    release: ['already_claimed', 'already_claimed'],
    snooze: ['snooze', 'snooze'],
    wake: ['not_snoozed', 'not_snoozed'],
  },
  "Ben's claim ran out": {
    claim: ['claim', 'claim'],
    release: ['not_claimed', 'not_claimed'],
    snooze: ['snooze', 'snooze'],
    wake: ['not_snoozed', 'not_snoozed'],
  },
  'Ben released it': {
    claim: ['claim', 'claim'],
    release: ['not_claimed', 'not_claimed'],
    snooze: ['snooze', 'snooze'],
    wake: ['not_snoozed', 'not_snoozed'],
  },
  snoozed: {
    claim: ['claim', 'claim'],
    release: ['not_claimed', 'not_claimed'],
    snooze: ['snooze', 'already_snoozed'],
    wake: ['wake', 'wake'],
  },
  'the snooze is over': {
    claim: ['claim', 'claim'],
    release: ['not_claimed', 'not_claimed'],
    snooze: ['snooze', 'snooze'],
    wake: ['not_snoozed', 'not_snoozed'],
  },
  'Ben ended the snooze': {
    claim: ['claim', 'claim'],
    release: ['not_claimed', 'not_claimed'],
    snooze: ['snooze', 'snooze'],
    wake: ['not_snoozed', 'not_snoozed'],
  },
  over: { claim: ['over', 'over'], release: ['over', 'over'], snooze: ['over', 'over'], wake: ['over', 'over'] },
}

describe.each(Object.entries(STATES))('when %s', (name, state) => {
  test.each(Object.entries(ACTS))('%s does what the card that was pressed allows', (act, what) => {
    const decided = [7, 6].map((version) => decideEscalation(state, { by: ANA, version, what }, NOW))
    expect(decided.map(({ kind }) => kind)).toEqual(TABLE[name]?.[act])
    for (const decision of decided) {
      if (!('next' in decision)) continue
      expect(decision.next.last).toEqual({ action: act, by: ANA, at: NOW })
      // Nothing but what the act is about changes.
      if (act === 'claim' || act === 'release')
        expect(decision.next).toMatchObject({ snooze: state.snooze, remindAt: state.remindAt })
      else expect(decision.next.claim).toEqual(state.claim)
    }
  })
})

const decide = (state: Escalation, what: Act['what'], by: string = ANA, version = 7) =>
  decideEscalation(state, { by, version, what }, NOW)

test('a claim holds for four hours, and whoever has it already gets no other', () => {
  expect(decide(anEscalation(), { kind: 'claim' })).toMatchObject({ claim: said(ANA, 10, 14), from: null })
  const own = said(ANA, 9, 13)
  expect(decide(anEscalation({ claim: own }), { kind: 'claim' })).toEqual({ kind: 'already_claimed', claim: own })
})

test('taking over tells from whom', () => {
  expect(decide(anEscalation({ claim: said(BEN, 9, 13) }), { kind: 'claim' })).toMatchObject({
    claim: said(ANA, 10, 14),
    from: BEN,
  })
})

test('what is over is told with who ended it, or that its time ran out', () => {
  const ended = (state: string, what: Act['what']) => decide(STATES[state] ?? anEscalation(), what)
  expect(ended('Ben released it', { kind: 'release' })).toMatchObject({ ended: { by: BEN, at: at(9 * HOUR_MS) } })
  expect(ended("Ben's claim ran out", { kind: 'release' })).toMatchObject({ ended: { by: null, at: at(9 * HOUR_MS) } })
  expect(ended('Ben ended the snooze', { kind: 'wake' })).toMatchObject({ ended: { by: BEN, at: at(9 * HOUR_MS) } })
  expect(ended('the snooze is over', { kind: 'wake' })).toMatchObject({ ended: { by: null, at: at(9 * HOUR_MS) } })
  expect(ended('nobody is on it', { kind: 'release' })).toMatchObject({ ended: null })
})

test('a snooze puts the next reminder to its end, and without it the next one comes when it would have', () => {
  expect(decide(anEscalation(), { kind: 'snooze', until: UNTIL })).toMatchObject({ next: { remindAt: UNTIL } })
  expect(decide(STATES['snoozed'] ?? anEscalation(), { kind: 'wake' })).toMatchObject({ next: { remindAt: at(24 * HOUR_MS) } })
})

test('reminders come after 1, 4 and 24 hours, then daily', () => {
  const hours = [1, 2, 3, 4, 5, 30].map((step) => (reminderAt(at(0), step).getTime() - at(0).getTime()) / HOUR_MS)
  expect(hours).toEqual([1, 4, 24, 48, 72, 672])
  const come = [0, 0.99, 1, 3.99, 4, 23.9, 24, 47.9, 48, 72].map((hour) => stepsCome(at(0), at(hour * HOUR_MS)))
  expect(come).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 5])
})
