import type { Clock } from '../../src/clock.ts'

/** A clock that stands still until it is turned. Starts now, since Slack's signatures and browsers keep real time. */
export interface HandClock extends Clock {
  turn(ms: number): void
}

export function handClock(start: Date = new Date(Math.floor(Date.now() / 1000) * 1000)): HandClock {
  let now = start.getTime()
  return {
    now: () => new Date(now),
    turn(ms) {
      now += ms
    },
  }
}
