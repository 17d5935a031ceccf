import { SAID_VIEW } from './action-ids.ts'
import type { Rendered } from './blocks.ts'
import { form, type RenderedForm } from './form.ts'

/** A reply in a window, or in place of one that was submitted. */
export function saidInWindow({ blocks }: Pick<Rendered, 'blocks'>): RenderedForm {
  return form(SAID_VIEW, 'Redkey', '', blocks, { submit: null, close: 'Close' })
}
