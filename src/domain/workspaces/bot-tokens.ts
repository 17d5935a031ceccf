import { AppError } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import type { FirstWorkspace } from './first-workspace.ts'
import type { BotSealer } from './installation.ts'

/** With what Slack is asked for a workspace. */
export type BotToken =
  | { readonly kind: 'token'; readonly token: string }
  /** The workspace has the app no more. */
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'none'
      readonly reason:
        | 'unknown_workspace'
        | 'not_in_redkey_workspaces'
        | 'seal_broken'
        /** It may be the workspace of the settings, and Slack can't be asked whether it is. */
        | 'slack_unreachable'
        | 'storage_unavailable'
    }

/** Never the token of another workspace. */
export interface BotTokens {
  of(teamId: string): Promise<BotToken>
}

/** Where one workspace is served: its token, whoever asks. */
export function oneBotToken(token: string): BotTokens {
  return { of: async () => ({ kind: 'token', token }) }
}

/** Read anew each time, since another process may hear that a workspace has gone, or see it come. */
export function botTokens(deps: {
  readonly store: Deps['store']
  readonly bots: BotSealer
  readonly first: FirstWorkspace
  /** Of the settings. */
  readonly firstToken: string | null
  /** Ids of the workspaces that may install the app. */
  readonly allowed: readonly string[]
  readonly log: Deps['log']
}): BotTokens {
  const { store, bots, first, firstToken, allowed, log } = deps

  async function ofFirst(teamId: string): Promise<BotToken> {
    if (firstToken === null) return { kind: 'none', reason: 'unknown_workspace' }
    await first.learn()
    const told = first.toldTeamId()
    if (told === teamId) return { kind: 'token', token: firstToken }
    return { kind: 'none', reason: told === undefined ? 'slack_unreachable' : 'unknown_workspace' }
  }

  return {
    async of(teamId) {
      const installed = await store.installations.find(teamId)
      if (!installed) return ofFirst(teamId)
      if (installed.sealed === null) return { kind: 'gone' }
      if (!allowed.includes(teamId)) return { kind: 'none', reason: 'not_in_redkey_workspaces' }
      try {
        return { kind: 'token', token: await bots.open(installed.sealed, installed) }
      } catch (cause) {
        if (!(cause instanceof AppError)) throw cause
        log.error('workspace.seal_broken', { teamId }, cause)
        return { kind: 'none', reason: 'seal_broken' }
      }
    },
  }
}
