import type { AllMiddlewareArgs } from '@slack/bolt'
import { readRetryRejectsValue } from '../../messages/action-ids.ts'
import { refused } from '../../messages/refused.ts'
import { retryReply } from '../../messages/retry-reply.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Retry these, in a report or in the answer to `rejects`, however old. */
export function retryRejectsClicked({ actions, look, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), log)
    const { connectionId, groupId } = readRetryRejectsValue(click.value)
    const outcome = await actions.retryRejectGroup(click.teamId, asking.person, connectionId, groupId)
    await answer(means, retryReply(outcome, look), log)
  }
}
