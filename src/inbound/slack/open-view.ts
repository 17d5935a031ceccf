import type { AllMiddlewareArgs } from '@slack/bolt'
import type { Rendered } from '../../messages/blocks.ts'
import { type RenderedForm, viewOf } from '../../messages/form.ts'
import { tooLate } from '../../messages/problem.ts'

/** What a window is opened with: within three seconds, once. */
export interface Window {
  readonly client: AllMiddlewareArgs['client']
  readonly triggerId: string
  /** It was asked for in a window, and goes on top of that. */
  readonly isInModal: boolean
}

export type Opened = { readonly kind: 'shown'; readonly viewId: string } | { readonly kind: 'too_late' }

/** Shows a window, unless Slack does not take it any more. */
export async function openView({ client, triggerId, isInModal }: Window, shown: RenderedForm): Promise<Opened> {
  const asked = { trigger_id: triggerId, view: viewOf(shown) }
  try {
    const { view } = await (isInModal ? client.views.push(asked) : client.views.open(asked))
    return { kind: 'shown', viewId: view?.id ?? '' }
  } catch (error) {
    if (isTooLate(error)) return { kind: 'too_late' }
    throw error
  }
}

/** The same; answers what to say instead, or null. */
export async function openOrSay(window: Window, shown: RenderedForm): Promise<Rendered | null> {
  const opened = await openView(window, shown)
  return opened.kind === 'too_late' ? tooLate() : null
}

/** The three seconds are over (https://docs.slack.dev/reference/methods/views.open, read 2026-11-30). */
function isTooLate(error: unknown): boolean {
  if (!(error instanceof Error && 'data' in error && typeof error.data === 'object' && error.data !== null)) return false
  return (
    'error' in error.data && ['trigger_expired', 'expired_trigger_id', 'trigger_exchanged'].includes(String(error.data.error))
  )
}
