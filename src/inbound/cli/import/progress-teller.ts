import { type Clock, SECOND_MS } from '../../../clock.ts'
import type { Progress } from './import-progress.ts'

export interface Terminal {
  write(text: string): unknown
  readonly isTTY?: boolean
}

export interface ProgressTeller {
  tell(progress: Progress): void
  /** Leaves the line, so that what comes next stands below it. */
  end(): void
}

const BAR_EVERY_MS = 100
const LINE_EVERY_MS = 5 * SECOND_MS
const BAR_WIDTH = 24

/** A bar that moves where there is a terminal, else a line every few seconds. `begun` is where this run goes on. */
export function progressTeller(terminal: Terminal, clock: Clock, totalBytes: number, begun: Progress): ProgressTeller {
  const isBar = terminal.isTTY === true
  const startedAt = clock.now().getTime()
  let lastAt = isBar ? 0 : startedAt
  let latest: Progress | undefined

  function words({ place, rows }: Progress): string {
    const seconds = Math.max((clock.now().getTime() - startedAt) / SECOND_MS, 0.001)
    const perSecond = Math.round((rows - begun.rows) / seconds)
    const bytesPerSecond = (place.offset - begun.place.offset) / seconds
    const left = bytesPerSecond > 0 ? ` · ${duration((totalBytes - place.offset) / bytesPerSecond)} left` : ''
    return `${Math.floor(share(place.offset) * 100)} % · ${rows.toLocaleString('en')} rows · ${perSecond.toLocaleString('en')}/s${left}`
  }

  function share(offset: number): number {
    return totalBytes === 0 ? 1 : offset / totalBytes
  }

  function draw(progress: Progress): void {
    terminal.write(isBar ? `\r${bar(share(progress.place.offset))} ${words(progress)}\x1b[K` : `${words(progress)}\n`)
  }

  return {
    tell(progress) {
      latest = progress
      const now = clock.now().getTime()
      if (now - lastAt < (isBar ? BAR_EVERY_MS : LINE_EVERY_MS)) return
      lastAt = now
      draw(progress)
    },
    end() {
      if (!isBar || !latest) return
      draw(latest)
      terminal.write('\n')
    },
  }
}

function bar(share: number): string {
  const done = Math.round(Math.min(share, 1) * BAR_WIDTH)
  return `${'▓'.repeat(done)}${'░'.repeat(BAR_WIDTH - done)}`
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
