import type { Rendered } from '../../messages/blocks.ts'
import { pause } from './bounded.ts'

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

/**
 * Tries to show a message with a file that was uploaded a moment ago: until Slack has looked through it, which takes about a second, it
 * refuses the message as `invalid_blocks` (slackapi/python-slack-sdk issues 1521 and 1658, read 2026-11-29). False: it always did.
 *
 * @param waitsMs before each try.
 * @param isRefusal tells Slack's refusal from what is thrown on.
 */
export async function tryToShow(
  show: () => Promise<unknown>,
  waitsMs: readonly number[],
  isRefusal: (error: unknown) => boolean,
): Promise<boolean> {
  for (const waitMs of waitsMs) {
    if (waitMs > 0) await pause(waitMs, NEVER)
    try {
      await show()
      return true
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }
  return false
}

const NEVER = new AbortController().signal
