import type { AllMiddlewareArgs } from '@slack/bolt'
import { readPress } from '../../messages/action-ids.ts'
import { escalationReply } from '../../messages/escalation-reply.ts'
import { nothingToDo } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** I'm on it, Take over, Release and Snooze, on cards however old. */
export function escalationClicked({ actions, look, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), log)
    const press = readPress(click.value)
    if (press === undefined) return answer(means, nothingToDo(look.command), log)
    const outcome = await actions.changeEscalation(click.teamId, asking.person, press)
    await answer(means, escalationReply(outcome, click.userId, look.command), log)
  }
}
