import fc from 'fast-check'
import { test } from 'vitest'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { Settlement, WaitingTouchpoint } from '../../../src/domain/outbox/touchpoint.ts'
import type { Store } from '../../../src/domain/store.ts'
import { expectTrueAccounts } from '../../support/accounts.ts'
import { addConnection, aLoss, aReauthorization, aTouchpoint, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

type Step =
  /** Some of ten ids, each in one of four versions. */
  | { readonly kind: 'accept'; readonly of: readonly { readonly id: number; readonly version: number }[] }
  /** What is claimed may be settled much later, or never: then it is claimed again. */
  | { readonly kind: 'claim'; readonly limit: number }
  | { readonly kind: 'settle'; readonly how: readonly ('pushed' | 'rejected' | 'retry')[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'reauthorize' }
  | { readonly kind: 'retry' | 'dismiss'; readonly code: string | undefined }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: accepts() },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 4, arbitrary: settles() },
  { weight: 2, arbitrary: fc.constant({ kind: 'break' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'withdraw' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'reauthorize' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('retry' as const, 'dismiss' as const), code: someCode() }) },
)

/** One of the two reasons that the CRM gives, or any. */
function someCode(): fc.Arbitrary<string | undefined> {
  return fc.constantFrom('CODE_0', 'CODE_1', undefined)
}

function accepts(): fc.Arbitrary<Step> {
  const one = fc.record({ id: fc.integer({ min: 0, max: 9 }), version: fc.integer({ min: 0, max: 3 }) })
  return fc.record({ kind: fc.constant('accept' as const), of: fc.array(one, { minLength: 1, maxLength: 6 }) })
}

function settles(): fc.Arbitrary<Step> {
  const how = fc.constantFrom('pushed' as const, 'rejected' as const, 'retry' as const)
  return fc.record({ kind: fc.constant('settle' as const), how: fc.array(how, { minLength: 1, maxLength: 5 }) })
}

/** Plays steps on one connection, as its drain, its callers and its people would. */
class Player {
  private readonly connectionId: string
  private clock = 2000
  private claimed: WaitingTouchpoint[] = []

  constructor(connectionId: string) {
    this.connectionId = connectionId
  }

  async play(store: Store, next: Step): Promise<void> {
    this.clock += 1000
    const now = at(this.clock)
    if (next.kind === 'accept') {
      const batch = next.of.map(({ id, version }) => aTouchpoint(`tp-${id}`, version))
      await store.outbox.accept(this.connectionId, batch, now)
    } else if (next.kind === 'claim') {
      this.claimed.push(...(await store.outbox.waiting(this.connectionId, 0, now, next.limit)))
    } else if (next.kind === 'settle') {
      await store.outbox.settle(this.connectionId, this.settlements(next.how), now)
    } else if (next.kind === 'retry') {
      await store.rejects.retry(this.connectionId, { code: next.code }, null)
    } else if (next.kind === 'dismiss') {
      await store.rejects.dismiss(this.connectionId, { code: next.code }, now, null)
    } else {
      await this.turn(store, next.kind, now)
    }
  }

  private settlements(how: readonly ('pushed' | 'rejected' | 'retry')[]): Settlement[] {
    return this.claimed.splice(0, how.length).map(({ key }, index): Settlement => {
      const kind = how[index] ?? 'pushed'
      if (kind === 'rejected') return { kind, key, code: `CODE_${key % 2}`, message: 'No.', field: null }
      return kind === 'retry' ? { kind, key, dueAt: at(this.clock + 1500) } : { kind, key }
    })
  }

  private async turn(store: Store, kind: 'break' | 'withdraw' | 'reauthorize', now: Date): Promise<void> {
    const seen = await store.connections.find(this.connectionId)
    if (!seen) throw new Error('the connection is gone')
    const isRed = seen.health.status !== 'connected'
    if (kind === 'break' && !isRed) await store.connections.changeHealth(aLoss(seen))
    if (kind === 'reauthorize') await store.connections.reauthorize(aReauthorization(seen, { at: now }))
    if (kind === 'withdraw' && isRed) await store.connections.changeHealth(this.withdrawal(seen, now))
  }

  private withdrawal(seen: Connection, now: Date) {
    const { catchUpId, report } = aReauthorization(seen)
    const next = { ...seen.health, status: 'connected' as const, since: now }
    const closeOutage = { how: 'withdrawn' as const, at: now, catchUpId, report, hold: null }
    return aLoss(seen, { next, openOutage: null, card: null, closeOutage })
  }
}

contract('the accounts of an outbox', (world, { name, races }) => {
  const numRuns = name === 'sqlite' ? 150 : 15

  test('are true after every step, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const { store, dialect } = world()
        const { id } = await addConnection(store)
        const player = new Player(id)
        for (const next of steps) {
          await player.play(store, next)
          await expectTrueAccounts(dialect, store, id)
        }
      }),
      { numRuns },
    )
  }, 120_000)

  test.runIf(races)(
    'are true after two processes have worked on them at once',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(step, { minLength: 10, maxLength: 20 }), { minLength: 4, maxLength: 4 }),
          async (lanes) => {
            const { store, other, dialect } = world()
            const { id } = await addConnection(store)
            await Promise.all(
              lanes.map(async (steps, lane) => {
                const player = new Player(id)
                for (const next of steps) await player.play(lane % 2 ? store : other, next)
              }),
            )
            await expectTrueAccounts(dialect, store, id)
          },
        ),
        { numRuns: 25 },
      )
    },
    120_000,
  )
})
