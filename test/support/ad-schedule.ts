import fc from 'fast-check'
import type { AdDeath } from './ad-machine.ts'
import type { AdAnswer } from './memory-ad-platform.ts'

/** What happens at an account, at the platform or in Slack, while others are at work. */
export type AdEvent =
  | { readonly kind: 'wait'; readonly seconds: number }
  /** Noticed: a check comes at once. */
  | { readonly kind: 'the grant dies'; readonly noticed: boolean }
  | { readonly kind: 'somebody logs in' }
  | { readonly kind: 'check' }
  /** Costs and ads come empty from now on, and the probe refuses; or all is well again. */
  | { readonly kind: 'access'; readonly has: boolean }
  /** The platform changes what a day of so long ago cost. */
  | { readonly kind: 'restate'; readonly daysAgo: number }
  | { readonly kind: 'a new ad'; readonly untaggable: boolean }
  /** Somebody takes away at the platform what Redkey has set; or sets a parameter of their own beside it. */
  | { readonly kind: 'strip' }
  | { readonly kind: 'edit' }
  /** Somebody saves the form of auto-tagging. */
  | { readonly kind: 'save'; readonly isTagging: boolean; readonly parameters: string }
  /** Take back, of the newest change. */
  | { readonly kind: 'undo' }

export type AdStep =
  | AdEvent
  | { readonly kind: 'crash' }
  | {
      readonly kind: 'run'
      /** How often a report of costs is not ready. */
      readonly reportTakes: number
      readonly answers: readonly AdAnswer[]
      /** While that call to the platform is under way; the process may also stand still for so long that the other one takes over. */
      readonly meanwhile: { readonly call: number; readonly events: readonly AdEvent[]; readonly standsStill: boolean } | null
      readonly death: AdDeath | null
    }

export interface AdSchedule {
  readonly kind: 'inherited' | 'each_ad'
  readonly timeZone: string
  /** Which of the two processes takes each step. */
  readonly turns: readonly (AdStep & { readonly machine: 0 | 1 })[]
}

/** Both have a key that the other one has not, and one in common with another value. */
export const TWO_WISHES = ['utm_source=ads&utm_content={id}', 'utm_source=other&utm_medium=cpc'] as const

const just = <K extends string>(kind: K) => fc.constant({ kind } as const)
const HOUR = 3600

const event: fc.Arbitrary<AdEvent> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 15, 600, 2 * HOUR, 7 * HOUR, 26 * HOUR, 9 * 24 * HOUR),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('the grant dies' as const), noticed: fc.boolean() }) },
  { weight: 3, arbitrary: just('somebody logs in') },
  { weight: 1, arbitrary: just('check') },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('access' as const), has: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restate' as const), daysAgo: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('a new ad' as const), untaggable: fc.boolean() }) },
  { weight: 1, arbitrary: just('strip') },
  { weight: 1, arbitrary: just('edit') },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('save' as const),
      isTagging: fc.constantFrom(true, true, true, false),
      parameters: fc.constantFrom(...TWO_WISHES),
    }),
  },
  { weight: 1, arbitrary: just('undo') },
)

const run: fc.Arbitrary<Extract<AdStep, { kind: 'run' }>> = fc.record({
  kind: fc.constant('run' as const),
  reportTakes: fc.constantFrom(0, 0, 1, 2),
  answers: fc.array(fc.constantFrom<AdAnswer[]>('fine', 'fine', 'lost_before', 'lost_after', 'limit'), { maxLength: 6 }),
  meanwhile: fc.option(
    fc.record({
      call: fc.integer({ min: 0, max: 8 }),
      events: fc.array(event, { minLength: 1, maxLength: 3 }),
      standsStill: fc.boolean(),
    }),
  ),
  death: fc.option(
    fc.record({ write: fc.integer({ min: 0, max: 8 }), when: fc.constantFrom('before' as const, 'after' as const) }),
    { freq: 3 },
  ),
})

const step: fc.Arbitrary<AdStep> = fc.oneof(
  { weight: 8, arbitrary: event },
  { weight: 8, arbitrary: run },
  { weight: 1, arbitrary: just('crash') },
)

export const adSchedule: fc.Arbitrary<AdSchedule> = fc.record({
  kind: fc.constantFrom('inherited' as const, 'each_ad' as const),
  timeZone: fc.constantFrom('America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati'),
  turns: fc.array(
    fc.tuple(step, fc.constantFrom(0 as const, 1 as const)).map(([one, machine]) => ({ ...one, machine })),
    { minLength: 5, maxLength: 25 },
  ),
})
