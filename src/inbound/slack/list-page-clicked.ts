import type { AllMiddlewareArgs } from '@slack/bolt'
import { connectionsList } from '../../messages/connections-list.ts'
import { homeView } from '../../messages/home-view.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, readClick } from './click.ts'
import { publishHome } from './home-opened.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'

/** Previous and Next of the list: turns the page where it stands. */
export function listPageClicked({ actions, look, clock, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = { client, respond, triggerId: click.triggerId, channelId: click.channelId, userId: click.userId }
    const asking = await identify(actions, click)
    if (asking.kind === 'refused') return answer(means, refused(asking.reason), log)
    const person = asking.kind === 'member' ? asking.person : null
    const listed = await listedFor(actions, click.teamId, person, await actions.listConnections(click.teamId))
    const page = Number.parseInt(click.value, 10) || 0
    if (click.isInHome) return publishHome(client, click.userId, homeView(listed, page, look, clock.now()))
    await answer(means, connectionsList(listed, page, look, clock.now()), log, 'in_place')
  }
}
