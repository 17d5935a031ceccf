import { expect, test } from 'vitest'
import { claimedWork } from '../../src/domain/claimed-work.ts'
import { createRounds } from '../../src/domain/leases.ts'
import { anId, at } from '../support/builders.ts'
import { handClock } from '../support/hand-clock.ts'

/** Claims up to `limit` of what is due, after `answer`; each ends when it is told to. */
function aLine(due: number, answer: () => Promise<unknown> | undefined = () => undefined) {
  const rounds = createRounds(() => anId('holder'))
  const ends: PromiseWithResolvers<void>[] = []
  let left = due
  const claim = async (_now: Date, _until: Date, _holder: string, limit: number) => {
    const taken = Math.min(limit, left)
    left -= taken
    await answer()
    return Array.from({ length: taken })
  }
  const work = () => {
    const end = Promise.withResolvers<void>()
    ends.push(end)
    return end.promise
  }
  return { rounds, ends, work: claimedWork({ rounds, clock: handClock(at(0)) }, 6, claim, work) }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('no more than so many are under way, also when a round begins while another still claims', async () => {
  const slow = Promise.withResolvers<void>()
  const { ends, work } = aLine(20, () => slow.promise)
  const all = [work.run(), work.run(), work.run()]
  slow.resolve()
  await settled()
  expect(ends).toHaveLength(6)
  for (const { resolve } of ends) resolve()
  await Promise.all(all)
  const next = work.run()
  await settled()
  expect(ends).toHaveLength(12)
  for (const { resolve } of ends) resolve()
  await next
})

test('a claim that fails takes no place for good', async () => {
  const answers = [Promise.reject(new Error('the database is gone')), Promise.resolve()]
  const { ends, work } = aLine(20, () => answers.shift())
  await expect(work.run()).rejects.toThrow('the database is gone')
  const round = work.run()
  await settled()
  expect(ends).toHaveLength(6)
  for (const { resolve } of ends) resolve()
  await round
})

test('the claims of a round are kept alive until all of its work has ended, also when some of it fails', async () => {
  const { ends, rounds, work } = aLine(2)
  const round = work.run()
  await settled()
  const [first, second] = ends
  first?.reject(new Error('the database is gone'))
  await settled()
  expect(rounds.holders()).toHaveLength(1)
  second?.resolve()
  await expect(round).rejects.toThrow('the database is gone')
  expect(rounds.holders()).toEqual([])
})
