/** How many requests may be under way to one CRM: rises by one after a round that went well, halves when the CRM is pressed. */
export interface Pace {
  allowed(): number
  /** A request went through, and no record had to wait for a lock. */
  wentWell(): void
  /** A rate limit, a lock, an overload. */
  pressed(): void
}

const START = 4

/** Begins at 4 and never passes `most`. */
export function createPace(most: number): Pace {
  let allowed = Math.min(START, most)
  let well = 0
  return {
    allowed: () => allowed,
    wentWell() {
      well++
      if (well < allowed) return
      well = 0
      allowed = Math.min(most, allowed + 1)
    },
    pressed() {
      well = 0
      allowed = Math.max(1, Math.floor(allowed / 2))
    },
  }
}
