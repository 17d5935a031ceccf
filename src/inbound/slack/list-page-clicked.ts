import type { AllMiddlewareArgs } from '@slack/bolt'
import { connectionsList } from '../../messages/connections-list.ts'
import { pageOf, readPageValue } from '../../messages/page.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'
import type { OpenHomes } from './open-homes.ts'

/** Previous and Next of the list: turns the page where it stands. */
export function listPageClicked({ actions, look, clock, log }: Inbound, homes: OpenHomes) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const { teamId, userId } = click
    const { page, filter } = readPageValue(click.value)
    if (click.isInHome) return homes.show({ teamId, userId, page, filter, client })
    const means = { client, respond, triggerId: click.triggerId, channelId: click.channelId, userId }
    const asking = await identify(actions, click)
    if (asking.kind === 'refused') return answer(means, refused(asking.reason), log)
    const person = asking.kind === 'member' ? asking.person : null
    const shown = pageOf(await actions.listConnections(teamId), page, clock.now(), filter)
    const listed = await listedFor(actions, teamId, person, shown.rows)
    await answer(means, connectionsList(shown, listed, look, clock.now()), log, 'in_place')
  }
}

/** Another choice of connections in the Home tab. */
export function homeFilterClicked(homes: OpenHomes) {
  return async ({ action, body, client }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const { teamId, userId, value } = readClick({ action, body })
    await homes.show({ teamId, userId, ...readPageValue(`0 ${value}`), client })
  }
}
