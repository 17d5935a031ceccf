import { schedule } from 'node-cron'
import { SECOND_MS, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'

/** Work that comes round. What is due stands in the store with its own time and is leased, so any process may run any job. */
export interface Job {
  readonly name: string
  /**
   * Seconds between two rounds, or a pattern of node-cron (six fields, seconds first). The beat of seconds keeps its own time; a
   * pattern follows the clock.
   */
  readonly every: number | string
  /** False: a round may begin while the last one is still at it (what it works on is claimed). */
  readonly alone: boolean
  run(): Promise<unknown>
}

export interface Cron {
  /** No further round begins; resolves when the running ones have ended, or after `patienceMs`. */
  stop(patienceMs: number): Promise<void>
}

/** A clock that was set back is noticed after this; node-cron 4.6.0 does not notice. */
const LOOK_AT_CLOCK_MS = 30 * SECOND_MS

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }

/** Starts the beat. A job that fails is told in the log and comes round again. */
export function startCron(jobs: readonly Job[], log: Log): Cron {
  const running = new Set<Promise<unknown>>()

  function roundOf(job: Job): () => void {
    let atIt = 0
    return () => {
      if (job.alone && atIt > 0) return
      atIt++
      const round = job
        .run()
        .catch((cause: unknown) => log.error('job.failed', { job: job.name }, cause))
        .finally(() => {
          atIt--
          running.delete(round)
        })
      running.add(round)
    }
  }

  const stops = jobs.map((job) => begin(job, roundOf(job)))
  return {
    async stop(patienceMs) {
      await Promise.all(stops.map((stop) => stop()))
      await Promise.race([Promise.all(running), new Promise((resolve) => setTimeout(resolve, patienceMs).unref())])
    },
  }
}

function begin({ name, every }: Job, round: () => void): () => unknown {
  if (typeof every === 'number') {
    const timer = setInterval(round, every * 1000)
    return () => clearInterval(timer)
  }
  const begun = () => schedule(every, round, { name, suppressMissedWarning: true, logger: QUIET })
  let task = begun()
  let last = systemClock.now()
  const watch = setInterval(() => {
    const now = systemClock.now()
    // Set back: the task would be silent until the clock has caught up with what it was.
    if (now < last) {
      void task.destroy()
      task = begun()
    }
    last = now
  }, LOOK_AT_CLOCK_MS)
  return () => {
    clearInterval(watch)
    return task.destroy()
  }
}
