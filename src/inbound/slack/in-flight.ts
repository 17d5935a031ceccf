import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt'
import { within } from './bounded.ts'

export interface InFlight {
  readonly middleware: Middleware<AnyMiddlewareArgs>
  /** Waits for the listeners that are running, but not longer than `ms`. Answers how many are still at it. */
  drain(ms: number): Promise<number>
}

/** Neither receiver waits for running listeners when it stops; this one knows them. */
export function createInFlight(): InFlight {
  const running = new Set<Promise<void>>()
  return {
    async middleware({ next }) {
      const work = next()
      running.add(work)
      try {
        await work
      } finally {
        running.delete(work)
      }
    },
    async drain(ms) {
      await within(Promise.allSettled(running), ms)
      return running.size
    },
  }
}
