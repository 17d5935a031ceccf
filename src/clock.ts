/** Where the time comes from: `run.ts` gives the system's, tests one that is turned by hand. */
export interface Clock {
  now(): Date
}

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export const systemClock: Clock = { now: () => new Date() }

export function later(from: Date, byMs: number): Date {
  return new Date(from.getTime() + byMs)
}

/** Real time, for pacing what has no deadline. What must happen at a time compares it with a clock instead. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
