import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt'
import type { TaggingWish } from '../../domain/tags/change-tagging.ts'
import { FIELD, viewOf } from '../../messages/form.ts'
import { refused } from '../../messages/refused.ts'
import { readTaggingFormValue, TAGGING_FIELDS, taggingForm, taggingSaved } from '../../messages/tagging-form.ts'
import { noTaggingReply, saidInWindow } from '../../messages/tagging-replies.ts'
import { identify } from './asker.ts'
import type { Inbound } from './inbound.ts'

type SubmitArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs

/** The form of auto-tagging was saved. Its ack says what to change, or what became of it. */
export function taggingSubmitted({ actions, look }: Inbound) {
  return async ({ ack, body, view }: SubmitArgs): Promise<void> => {
    const update = (shown: Parameters<typeof viewOf>[0]) => ack({ response_action: 'update', view: viewOf(shown) })
    const teamId = view.app_installed_team_id ?? view.team_id
    const asking = await identify(actions, {
      userId: body.user.id,
      userTeamId: body.user.team_id ?? null,
      teamId,
      channelId: null,
    })
    if (asking.kind !== 'member')
      return update(saidInWindow(refused(asking.kind === 'refused' ? asking.reason : 'unknown_person')))
    const { connectionId, settingsAt } = readTaggingFormValue(view.private_metadata)
    const wish = readWish(view.state.values, settingsAt)
    const changed = await actions.changeTagging(teamId, asking.person, connectionId, wish)
    switch (changed.kind) {
      case 'done':
        return update(taggingSaved(changed.form, look.command))
      case 'outdated':
        return update(taggingForm(changed.form, true))
      case 'refused':
        return ack({ response_action: 'errors', errors: { [TAGGING_FIELDS[changed.field]]: changed.says } })
      default:
        return update(saidInWindow(noTaggingReply(changed)))
    }
  }
}

type Values = SubmitArgs['view']['state']['values']

function readWish(values: Values, settingsAt: string | null): TaggingWish {
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
