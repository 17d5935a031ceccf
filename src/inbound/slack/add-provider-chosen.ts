import type { AllMiddlewareArgs } from '@slack/bolt'
import { ADD_FIELDS, addForm, nameBlock, readAddFormValue } from '../../messages/add-form.ts'
import { FIELD, viewOf } from '../../messages/form.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** A provider was chosen in the form of *Add*: a free name is put into the next field, unless somebody has typed one. */
export function addProviderChosen({ actions, log }: Inbound) {
  return async ({ action, body, client }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const { view } = body
    const click = readClick({ action, body })
    if (action.block_id !== ADD_FIELDS.provider || !view || click.value === '') return
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return
    const { suggested, round } = readAddFormValue(view.private_metadata)
    const field = (blockId: string) => view.state.values[blockId]?.[FIELD]
    const typed = field(nameBlock(round))?.value ?? ''
    if (typed !== '' && typed !== suggested) return
    const name = await actions.suggestName(click.teamId, click.value)
    const shown = {
      offers: actions.offers(),
      channelId: field(ADD_FIELDS.channelId)?.selected_conversation ?? null,
      ownerId: field(ADD_FIELDS.ownerId)?.selected_user ?? null,
      chosen: click.value,
      suggested: name,
      round: round + 1,
    }
    try {
      await client.views.update({ view_id: view.id, hash: view.hash, view: viewOf(addForm(shown)) })
    } catch (error) {
      // Somebody was quicker: the form was sent, closed, or another provider chosen. It works without the suggestion.
      log.info('slack.form_not_updated', { reason: error instanceof Error ? error.name : 'unknown' })
    }
  }
}
