import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt'
import { SECOND_MS } from '../../clock.ts'
import type { Inbound } from './inbound.ts'

/** An admin removed the app from a workspace. */
export function appUninstalled({ actions }: Inbound) {
  return async ({ body }: SlackEventMiddlewareArgs<'app_uninstalled'> & AllMiddlewareArgs): Promise<void> => {
    const at = new Date(body.event_time * SECOND_MS)
    await actions.hearEnd({ teamId: body.team_id, how: 'uninstalled', botUserIds: null, at })
  }
}

/** Tokens of the app were revoked, by people or bots of a workspace. */
export function tokensRevoked({ actions }: Inbound) {
  return async ({ event, body }: SlackEventMiddlewareArgs<'tokens_revoked'> & AllMiddlewareArgs): Promise<void> => {
    const at = new Date(body.event_time * SECOND_MS)
    await actions.hearEnd({ teamId: body.team_id, how: 'token_revoked', botUserIds: event.tokens.bot ?? [], at })
  }
}
