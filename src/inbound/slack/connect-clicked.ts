import type { AllMiddlewareArgs } from '@slack/bolt'
import { offerLabel, typedOffer } from '../../domain/access/links.ts'
import { connectOpenedWindow } from '../../messages/add-form.ts'
import { connectOpened } from '../../messages/add-reply.ts'
import { viewOf } from '../../messages/form.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Connect: the button has opened the login by itself and is of no use any more, so words take its place. */
export function connectClicked({ actions, look, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const { triggerId, channelId, userId, isInModal } = click
    const asking = await identify(actions, click)
    if (asking.kind === 'refused')
      return answer({ client, respond, triggerId, channelId, userId, isInModal }, refused(asking.reason), log)
    const offer = actions.offers().find((one) => typedOffer(one) === click.value) ?? null
    const { view } = body
    if (!view) return answer({ client, respond, channelId, userId }, connectOpened(offer, look), log, 'in_place')
    const shown = connectOpenedWindow(offer === null ? null : offerLabel(offer), look)
    try {
      await client.views.update({ view_id: view.id, hash: view.hash, view: viewOf(shown) })
    } catch (error) {
      // It was closed meanwhile, and has nothing left to say.
      log.info('slack.form_not_updated', { reason: error instanceof Error ? error.name : 'unknown' })
    }
  }
}
