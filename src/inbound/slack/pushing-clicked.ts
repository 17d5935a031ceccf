import type { AllMiddlewareArgs } from '@slack/bolt'
import type { PushingChange } from '../../domain/outbox/change-pushing.ts'
import { pushingReply } from '../../messages/pushing-reply.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Pause, Resume and Push now, on cards however old and in the details. */
export function pushingClicked({ actions, log }: Inbound, what: PushingChange) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), log)
    const outcome = await actions.changePushing(click.teamId, asking.person, click.value, what)
    await answer(means, pushingReply(what, outcome), log)
  }
}
