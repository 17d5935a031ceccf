import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Job, startCron } from '../../src/inbound/cron.ts'
import { silentLog } from '../../src/log.ts'

const HOUR_MS = 3_600_000

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-23T09:00:00.500Z') }))
afterEach(() => void vi.useRealTimers())

function aJob(over: Partial<Job> = {}): Job & { rounds: number } {
  const job = {
    name: 'job',
    every: 1,
    alone: true,
    rounds: 0,
    async run() {
      job.rounds++
    },
    ...over,
  }
  return job
}

test('goes on each second when the clock is set back, and does not rush when it is set forward', async () => {
  const job = aJob()
  const cron = startCron([job], silentLog)
  await vi.advanceTimersByTimeAsync(3_000)
  vi.setSystemTime(Date.now() - HOUR_MS)
  await vi.advanceTimersByTimeAsync(3_000)
  vi.setSystemTime(Date.now() + 60 * HOUR_MS)
  await vi.advanceTimersByTimeAsync(3_000)
  await cron.stop(1_000)
  expect(job.rounds).toBe(9)
})

test('a pattern follows the clock', async () => {
  const job = aJob({ every: '0 17 * * * *' })
  const cron = startCron([job], silentLog)
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS)
  await cron.stop(1_000)
  expect(job.rounds).toBe(2)
})

test('a pattern goes on when the clock is set back or forward', async () => {
  const job = aJob({ every: '0 * * * * *' })
  const cron = startCron([job], silentLog)
  await vi.advanceTimersByTimeAsync(2 * 60_000)
  expect(job.rounds).toBe(2)
  vi.setSystemTime(Date.now() - 5 * HOUR_MS)
  await vi.advanceTimersByTimeAsync(3 * 60_000)
  expect(job.rounds).toBeGreaterThanOrEqual(4)
  const before = job.rounds
  vi.setSystemTime(Date.now() + 50 * HOUR_MS)
  await vi.advanceTimersByTimeAsync(3 * 60_000)
  expect(job.rounds).toBeGreaterThanOrEqual(before + 2)
  await cron.stop(1_000)
  const stopped = job.rounds
  await vi.advanceTimersByTimeAsync(5 * 60_000)
  expect(job.rounds).toBe(stopped)
})

test('a job that wants to be alone waits for its last round; another does not', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const run = vi.fn(() => promise)
  const both = vi.fn(() => promise)
  const cron = startCron([aJob({ run }), aJob({ run: both, alone: false })], silentLog)
  await vi.advanceTimersByTimeAsync(3_000)
  expect([run.mock.calls.length, both.mock.calls.length]).toEqual([1, 3])
  resolve()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(run.mock.calls.length).toBe(2)
  await cron.stop(1_000)
})

test('a job that fails comes round again, and stopping waits for what runs', async () => {
  let ended = false
  const failing = aJob({
    run: async () => {
      throw new Error('no')
    },
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  const slow = aJob({
    run: async () => {
      await promise
      ended = true
    },
  })
  const errors: unknown[] = []
  const cron = startCron([failing, slow], { ...silentLog, error: (event) => errors.push(event) })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(errors).toEqual(['job.failed', 'job.failed'])
  const stopped = cron.stop(60_000)
  resolve()
  await stopped
  expect(ended).toBe(true)
})
