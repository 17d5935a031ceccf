import type { AllMiddlewareArgs } from '@slack/bolt'
import { readHistoryValue } from '../../messages/action-ids.ts'
import { historyReply } from '../../messages/history-reply.ts'
import { nothingToDo } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Older and Newest of a history: turns the page where it stands. */
export function historyClicked({ actions, look, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = { client, respond, triggerId: click.triggerId, channelId: click.channelId, userId: click.userId }
    const asking = await identify(actions, click)
    if (asking.kind === 'refused') return answer(means, refused(asking.reason), log)
    const { connectionId, afterId } = readHistoryValue(click.value)
    const page = await actions.readOlderHistory(click.teamId, connectionId, afterId)
    if (page.kind === 'unknown') return answer(means, nothingToDo(look.command), log)
    await answer(means, historyReply(page, page.connection.name, look), log, 'in_place')
  }
}
