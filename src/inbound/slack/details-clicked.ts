import type { AllMiddlewareArgs } from '@slack/bolt'
import { nothingToDo } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import { details } from './details.ts'
import type { Inbound } from './inbound.ts'

/** Details, on cards however old, in the list and in the Home tab: how the connection is now. */
export function detailsClicked(inbound: Inbound) {
  const { actions, look, log } = inbound
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind === 'refused') return answer(means, refused(asking.reason), log)
    const found = await actions.describeConnectionById(click.value)
    if (found.kind === 'unknown' || found.overview.connection.teamId !== click.teamId)
      return answer(means, nothingToDo(look.command), log)
    const person = asking.kind === 'member' ? asking.person : null
    await answer(means, await details(inbound, click.teamId, person, found), log)
  }
}
