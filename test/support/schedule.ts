import fc from 'fast-check'
import type { WriteAnswer } from './memory-crm.ts'
import type { Death } from './schedule-machine.ts'

/** One of a few ids, or the same in capitals, which is another id to us and the same one to the CRM. */
export interface Sent {
  readonly id: string
  /** False: exactly what was sent last. */
  readonly changed: boolean
}

/** What happens while others are at work. */
export type Event =
  | { readonly kind: 'accept'; readonly of: readonly Sent[] }
  /** Noticed: a check comes at once. */
  | { readonly kind: 'the grant dies'; readonly noticed: boolean }
  | { readonly kind: 'somebody logs in' }
  | { readonly kind: 'check' }
  | { readonly kind: 'retry rejects' }
  | { readonly kind: 'dismiss rejects' }
  | { readonly kind: 'wait'; readonly seconds: number }

export type Step =
  | Event
  /** The CRM refuses these from now on. */
  | { readonly kind: 'rule'; readonly refused: readonly string[] }
  | { readonly kind: 'crash' }
  | {
      readonly kind: 'drain'
      readonly answers: readonly WriteAnswer[]
      /** While that write is under way; the process may also stand still for so long that the other one takes its work over. */
      readonly meanwhile: { readonly write: number; readonly events: readonly Event[]; readonly standsStill: boolean } | null
      readonly death: Death | null
    }

/** Which of the two processes takes each step. */
export type Turn = Step & { readonly machine: 0 | 1 }

export interface Schedule {
  /** One process, as on SQLite: it frees the leases that a crash left behind when it starts. Otherwise two. */
  readonly alone: boolean
  /** Most requests under way at once. With one, some of what was claimed has to wait. */
  readonly lanes: number
  readonly turns: readonly Turn[]
}

const IDS = ['tp_a', 'tp_b', 'tp_c', 'tp_d']
const anId = fc.constantFrom(...IDS, 'TP_A')
const some = <T>(arbitrary: fc.Arbitrary<T>, most: number) => fc.array(arbitrary, { minLength: 1, maxLength: most })
const just = <K extends string>(kind: K) => fc.constant({ kind } as const)

const accepted: fc.Arbitrary<Event> = fc.record({
  kind: fc.constant('accept' as const),
  of: some(fc.record({ id: anId, changed: fc.boolean() }), 5),
})

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: accepted },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('the grant dies' as const), noticed: fc.boolean() }) },
  { weight: 3, arbitrary: just('somebody logs in') },
  { weight: 2, arbitrary: just('check') },
  { weight: 1, arbitrary: just('retry rejects') },
  { weight: 1, arbitrary: just('dismiss rejects') },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 12, 60, 4000) }) },
)

const writeAnswer = fc.constantFrom<WriteAnswer[]>(
  'fine',
  'fine',
  'lost_before',
  'lost_after',
  'some_locked',
  'limit',
  'down',
  'odd',
)

type Drain = Extract<Step, { kind: 'drain' }>

const drain: fc.Arbitrary<Drain> = fc.record<Drain>({
  kind: fc.constant('drain' as const),
  answers: fc.array(writeAnswer, { maxLength: 4 }),
  meanwhile: fc.option(fc.record({ write: fc.integer({ min: 0, max: 2 }), events: some(event, 3), standsStill: fc.boolean() })),
  death: fc.option(
    fc.record({
      at: fc.constantFrom('push' as const, 'settle' as const),
      call: fc.integer({ min: 0, max: 2 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
    { freq: 3 },
  ),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: event },
  { weight: 6, arbitrary: drain },
  { weight: 1, arbitrary: just('crash') },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rule' as const), refused: fc.subarray(IDS) }) },
)

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  alone: fc.boolean(),
  lanes: fc.constantFrom(1, 4),
  turns: fc.array(
    fc.tuple(step, fc.constantFrom(0 as const, 1 as const)).map(([one, machine]): Turn => ({ ...one, machine })),
    { minLength: 5, maxLength: 30 },
  ),
})

/** Schedules in which an older version once was written over a newer one. They are lived through first. */
export const ONCE_WRONG: readonly Schedule[] = [
  {
    // A process that stood still settled the newer of two ids that differ in case, while another pushed the older again.
    alone: false,
    lanes: 4,
    turns: [
      {
        machine: 0,
        kind: 'accept',
        of: [
          { id: 'tp_a', changed: true },
          { id: 'TP_A', changed: false },
          { id: 'tp_c', changed: false },
          { id: 'tp_d', changed: false },
        ],
      },
      {
        machine: 1,
        kind: 'drain',
        answers: [],
        meanwhile: { write: 1, events: [{ kind: 'somebody logs in' }], standsStill: true },
        death: null,
      },
    ],
  },
  {
    // What was claimed before a long standstill went out after another process had pushed a newer version.
    alone: false,
    lanes: 1,
    turns: [
      { machine: 0, kind: 'accept', of: ['tp_a', 'tp_b', 'tp_c'].map((id) => ({ id, changed: true })) },
      {
        machine: 0,
        kind: 'drain',
        answers: [],
        meanwhile: { write: 0, events: [{ kind: 'accept', of: [{ id: 'tp_c', changed: true }] }], standsStill: true },
        death: null,
      },
    ],
  },
  {
    // A locked record was tried again after its newer version, whose id differs in case only.
    alone: true,
    lanes: 1,
    turns: [
      { machine: 0, kind: 'accept', of: ['tp_a', 'TP_A', 'tp_b'].map((id) => ({ id, changed: true })) },
      { machine: 0, kind: 'drain', answers: ['some_locked'], meanwhile: null, death: null },
    ],
  },
]
