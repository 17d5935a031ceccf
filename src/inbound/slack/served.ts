import type { AnyMiddlewareArgs, AuthorizeResult, Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt'
import type { BotToken, BotTokens } from '../../domain/workspaces/bot-tokens.ts'
import type { Log } from '../../log.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { viewOf } from '../../messages/form.ts'
import { notServed } from '../../messages/not-served.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import { answer } from './answer.ts'
import type { Inbound } from './inbound.ts'
import { payloadTeam } from './payload-team.ts'

/** Where `authorize` leaves word why there is no token. */
const WHY = 'notServed'

/**
 * Bolt's `authorize`: the token of the workspace that the payload is for. Never throws for a missing one, since Bolt would say nothing
 * then. It does not ask for `app_uninstalled` and `tokens_revoked`, which come when there may be none any more (@slack/bolt 5.1.0).
 */
export function authorizeBy(tokens: BotTokens, log: Log) {
  return async (_source: unknown, body: object = {}): Promise<AuthorizeResult> => {
    const teamId = payloadTeam(body)
    const found = await tokens.of(teamId ?? '').catch((cause: unknown): BotToken => {
      log.error('slack.token_not_read', { teamId: teamId ?? null }, cause)
      return { kind: 'none', reason: 'storage_unavailable' }
    })
    const team = teamId === undefined ? {} : { teamId }
    return found.kind === 'token' ? { ...team, botToken: found.token } : { ...team, [WHY]: found }
  }
}

/** Answers payloads of workspaces that are not served, and does nothing else with them. */
export function onlyServed({ log, installUrl }: Pick<Inbound, 'log' | 'installUrl'>): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    const { body, context, client } = args
    const why: Exclude<BotToken, { kind: 'token' }> | undefined = context[WHY]
    if (why === undefined) return args.next()
    const teamId = payloadTeam(body) ?? null
    log.warn('slack.payload_not_served', { teamId, why: why.kind === 'none' ? why.reason : why.kind })
    const message = notServed(why, installUrl)
    if ('view' in args) return body.type === 'view_submission' ? inWindow(args.ack, message) : args.ack()
    if ('respond' in args) await answer({ client, respond: args.respond }, message, log)
  }
}

/** Bolt's types leave open which kind of view it is. */
function inWindow(
  ack: SlackViewMiddlewareArgs<ViewSubmitAction>['ack'] | (() => Promise<void>),
  message: Rendered,
): Promise<void> {
  return (ack as SlackViewMiddlewareArgs<ViewSubmitAction>['ack'])({
    response_action: 'update',
    view: viewOf(saidInWindow(message)),
  })
}
