import type { AllMiddlewareArgs } from '@slack/bolt'
import { connectionsList } from '../../messages/connections-list.ts'
import { pageOf } from '../../messages/page.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'

/** All connections, on a card that tells of several: the list, for whoever asks. */
export function showConnectionsClicked({ actions, look, clock, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind === 'refused') return answer(means, refused(asking.reason), log)
    const person = asking.kind === 'member' ? asking.person : null
    const page = pageOf(await actions.listConnections(click.teamId), 0, clock.now())
    const listed = await listedFor(actions, click.teamId, person, page.rows)
    await answer(means, connectionsList(page, listed, look, clock.now()), log)
  }
}
