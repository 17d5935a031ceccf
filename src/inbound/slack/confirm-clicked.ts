import type { AllMiddlewareArgs } from '@slack/bolt'
import { confirmReply } from '../../messages/confirm-reply.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Start pushing, on the welcome of a new CRM. */
export function confirmClicked({ actions, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), log)
    await answer(means, confirmReply(await actions.confirmConnection(click.teamId, asking.person, click.value)), log)
  }
}
