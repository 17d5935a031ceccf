import type { TaggingWish } from '../../domain/tags/change-tagging.ts'
import { FIELD } from '../../messages/form.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import { readTaggingFormValue, TAGGING_FIELDS, taggingForm, taggingSaved } from '../../messages/tagging-form.ts'
import { noTaggingReply } from '../../messages/tagging-replies.ts'
import type { Inbound } from './inbound.ts'
import { type FormValues, readSubmission, type SubmitArgs } from './submission.ts'

/** The form of auto-tagging was saved. Its ack says what to change, or what became of it. */
export function taggingSubmitted(inbound: Inbound) {
  return async (args: SubmitArgs): Promise<void> => {
    const sent = await readSubmission(inbound, args)
    if (!sent) return
    const { connectionId, settingsAt } = readTaggingFormValue(sent.metadata)
    const wish = readWish(sent.values, settingsAt)
    const changed = await inbound.actions.changeTagging(sent.teamId, sent.asking.person, connectionId, wish)
    switch (changed.kind) {
      case 'done':
        return sent.update(taggingSaved(changed.form, inbound.look.command))
      case 'outdated':
        return sent.update(taggingForm(changed.form, true))
      case 'refused':
        return sent.refuse({ [TAGGING_FIELDS[changed.field]]: changed.says })
      default:
        return sent.update(saidInWindow(noTaggingReply(changed)))
    }
  }
}

function readWish(values: FormValues, settingsAt: string | null): TaggingWish {
  const field = (id: keyof typeof TAGGING_FIELDS) => values[TAGGING_FIELDS[id]]?.[FIELD]
  const isTicked = (id: keyof typeof TAGGING_FIELDS) => (field(id)?.selected_options ?? []).length > 0
  return {
    isTagging: field('isTagging')?.selected_option?.value === 'on',
    parameters: field('parameters')?.value ?? '',
    withMarketoMeasure: isTicked('marketoMeasure'),
    isAgreed: isTicked('agreement'),
    settingsAt: settingsAt === null ? null : new Date(settingsAt),
  }
}
