import type { AllMiddlewareArgs } from '@slack/bolt'
import { connectionDetails } from '../../messages/connection-details.ts'
import { nothingToDo } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'

/** Details, on cards however old, in the list and in the Home tab: how the connection is now. */
export function detailsClicked({ actions, look, clock, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const { triggerId, channelId, userId, isInModal } = click
    const means = { client, respond, triggerId, channelId, userId, isInModal }
    const asking = await identify(actions, click)
    if (asking.kind === 'refused') return answer(means, refused(asking.reason), log)
    const found = await actions.describeConnectionById(click.value)
    if (found.kind === 'unknown' || found.overview.connection.teamId !== click.teamId)
      return answer(means, nothingToDo(look.command), log)
    const person = asking.kind === 'member' ? asking.person : null
    for (const listed of await listedFor(actions, click.teamId, person, [found.overview])) {
      await answer(means, connectionDetails(listed, found, look, clock.now()), log)
    }
  }
}
