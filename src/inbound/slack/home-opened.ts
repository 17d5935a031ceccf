import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt'
import type { OpenHomes } from './open-homes.ts'

/** Somebody opened the app's Home tab (the event also comes for its Messages tab). */
export function homeOpened(homes: OpenHomes) {
  return async ({ event, body, client }: SlackEventMiddlewareArgs<'app_home_opened'> & AllMiddlewareArgs): Promise<void> => {
    if (event.tab !== 'home') return
    const teamId = body.authorizations?.[0]?.team_id ?? body.team_id
    await homes.show({ teamId, userId: event.user, page: 0, filter: 'all', client })
  }
}
