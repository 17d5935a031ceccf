import type { AllMiddlewareArgs } from '@slack/bolt'
import { nothingToDo } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { rejectsReply } from '../../messages/rejects-reply.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Details, on a card of rejects: what the CRM has refused by now, as the command tells it. */
export function showRejectsClicked({ actions, look, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind === 'refused') return answer(means, refused(asking.reason), log)
    const known = await actions.describeConnectionById(click.value)
    if (known.kind === 'unknown' || known.overview.connection.teamId !== click.teamId)
      return answer(means, nothingToDo(look.command), log)
    const { id, name } = known.overview.connection
    const found = await actions.describeRejects(click.teamId, name)
    const link = asking.kind === 'member' ? await actions.rejectsLink(click.teamId, asking.person, id) : null
    await answer(means, rejectsReply(found, name, link, look), log)
  }
}
