import type { AllMiddlewareArgs } from '@slack/bolt'
import { pushOnReply } from '../../messages/push-on-reply.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Push on, on the card of a stop, however old. */
export function pushOnClicked({ actions, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), log)
    await answer(means, pushOnReply(await actions.pushOn(click.teamId, asking.person, click.value)), log)
  }
}
