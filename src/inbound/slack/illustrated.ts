import { pause } from '../../clock.ts'
import type { Rendered } from '../../messages/blocks.ts'

/** A message that is complete without its picture, and better with it. */
export interface Illustrated extends Rendered {
  readonly illustration?: Illustration | undefined
}

export interface Illustration {
  /** The picture as a file in Slack, which takes a while; null: there is none. Never rejects. */
  readonly fileId: Promise<string | null>
  /** How long an answer waits for it. */
  readonly patienceMs: number
  render(fileId: string): Rendered
  /** Slack would not show it. */
  refused(): void
}

/** `refused`: Slack does not take the picture. `failed`: the message can't be shown there, or Slack can't be reached. */
export type Showing = 'shown' | 'refused' | 'failed'

/**
 * Tries to show a message with a file that was uploaded a moment ago: until Slack has looked through it, which takes about a second, it
 * refuses blocks that name it ("invalid slack file": https://github.com/slackapi/python-slack-sdk/issues/1521 and 1658, read 2026-11-29).
 * `waitsMs`: before each try.
 */
export async function tryToShow(show: () => Promise<unknown>, waitsMs: readonly number[]): Promise<Showing> {
  for (const waitMs of waitsMs) {
    if (waitMs > 0) await pause(waitMs)
    try {
      await show()
      return 'shown'
    } catch (error) {
      if (!isAboutBlocks(error)) return 'failed'
    }
  }
  return 'refused'
}

/** Of messages, and of windows. */
const ABOUT_BLOCKS: readonly unknown[] = ['invalid_blocks', 'invalid_arguments']

function isAboutBlocks(error: unknown): boolean {
  const data = error instanceof Error && 'data' in error ? error.data : null
  return typeof data === 'object' && data !== null && 'error' in data && ABOUT_BLOCKS.includes(data.error)
}
