import type { LineStream } from './pino-log.ts'

/** Passes lines on, but keeps those that come before `letGo`. */
export interface HeldLines extends LineStream {
  /** `first` is said before those that were kept, if any were. */
  letGo(first: string): void
}

export function heldLines(to: LineStream): HeldLines {
  let kept: string[] | null = []
  return {
    write(line) {
      if (kept === null) to.write(line)
      else kept.push(line)
    },
    letGo(first) {
      const lines = kept ?? []
      kept = null
      for (const line of lines.length === 0 ? [] : [first, ...lines]) to.write(line)
    },
  }
}
