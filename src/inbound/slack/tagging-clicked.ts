import type { AllMiddlewareArgs } from '@slack/bolt'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'
import { openTagging } from './open-tagging.ts'

/** Auto-tagging…, in the details of an ad platform. */
export function taggingClicked({ actions, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const { triggerId } = click
    const means = { client, respond, triggerId, channelId: click.channelId, userId: click.userId }
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), log)
    const instead = await openTagging({ client, triggerId }, actions, click.teamId, asking.person, click.value)
    if (instead) await answer(means, instead, log)
  }
}
