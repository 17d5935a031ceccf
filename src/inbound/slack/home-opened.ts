import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt'
import type { RenderedHome } from '../../messages/blocks.ts'
import { homeView } from '../../messages/home-view.ts'
import { refused } from '../../messages/refused.ts'
import { identify } from './asker.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'

/** Somebody opened the app's Home tab (the event also comes for its Messages tab). */
export function homeOpened({ actions, look, clock }: Inbound) {
  return async ({ event, body, client }: SlackEventMiddlewareArgs<'app_home_opened'> & AllMiddlewareArgs): Promise<void> => {
    if (event.tab !== 'home') return
    const teamId = body.authorizations?.[0]?.team_id ?? body.team_id
    const asking = await identify(actions, { userId: event.user, userTeamId: null, teamId, channelId: null })
    if (asking.kind === 'refused') return publishHome(client, event.user, { type: 'home', blocks: refused(asking.reason).blocks })
    const person = asking.kind === 'member' ? asking.person : null
    const listed = await listedFor(actions, teamId, person, await actions.listConnections(teamId))
    await publishHome(client, event.user, homeView(listed, 0, look, clock.now()))
  }
}

export async function publishHome(client: AllMiddlewareArgs['client'], userId: string, view: RenderedHome): Promise<void> {
  await client.views.publish({ user_id: userId, view: { type: view.type, blocks: [...view.blocks] } })
}
