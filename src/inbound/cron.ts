import { schedule } from 'node-cron'
import type { Log } from '../log.ts'

/** Work that comes round. What is due stands in the store with its own time and is leased, so any process may run any job. */
export interface Job {
  readonly name: string
  /** Six fields, seconds first. */
  readonly pattern: string
  /** False: a round may begin while the last one is still at it (what it works on is claimed). */
  readonly alone: boolean
  run(): Promise<unknown>
}

export interface Cron {
  /** No further round begins; resolves when the running ones have ended, or after `patienceMs`. */
  stop(patienceMs: number): Promise<void>
}

/** Starts the beat. A job that fails is told in the log and comes round again. */
export function startCron(jobs: readonly Job[], log: Log): Cron {
  const running = new Set<Promise<unknown>>()
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }
  const tasks = jobs.map((job) =>
    schedule(
      job.pattern,
      () => {
        const round = job
          .run()
          .catch((cause: unknown) => log.error('job.failed', { job: job.name }, cause))
          .finally(() => running.delete(round))
        running.add(round)
        return round
      },
      { name: job.name, noOverlap: job.alone, suppressMissedWarning: true, logger: quiet },
    ),
  )
  return {
    async stop(patienceMs) {
      await Promise.all(tasks.map((task) => task.destroy()))
      await Promise.race([Promise.all(running), new Promise((resolve) => setTimeout(resolve, patienceMs).unref())])
    },
  }
}
