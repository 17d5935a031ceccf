import { FIELD } from '../../messages/form.ts'
import { connectionGone } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { AGREE_FIRST, REMOVE_AGREED, removedWindow, removeForm } from '../../messages/remove-form.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import type { Inbound } from './inbound.ts'
import { readSubmission, type SubmitArgs } from './submission.ts'

/** Somebody has confirmed that a connection shall go. */
export function removeSubmitted(inbound: Inbound) {
  return async (args: SubmitArgs): Promise<void> => {
    const sent = await readSubmission(inbound, args)
    if (!sent) return
    const tick = sent.values[REMOVE_AGREED]?.[FIELD]
    const isAgreed = (tick?.selected_options ?? []).length > 0
    const removed = await inbound.actions.removeConnection(sent.teamId, sent.asking.person, sent.metadata, isAgreed)
    switch (removed.kind) {
      case 'removed':
        return sent.update(removedWindow(removed))
      case 'asks':
        // Without the tick in the form, what waits has come in since it was opened.
        return tick ? sent.refuse({ [REMOVE_AGREED]: AGREE_FIRST }) : sent.update(removeForm(removed.form, true))
      case 'not_allowed':
        return sent.update(saidInWindow(refused(removed.reason)))
      case 'gone':
        return sent.update(saidInWindow(connectionGone()))
      default:
        return removed satisfies never
    }
  }
}
