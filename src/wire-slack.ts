import type { Config } from './config/config.ts'
import type { Deps } from './domain/deps.ts'
import type { Slack } from './domain/slack.ts'
import { type BotTokens, botTokens, oneBotToken } from './domain/workspaces/bot-tokens.ts'
import { type FirstWorkspace, firstWorkspace } from './domain/workspaces/first-workspace.ts'
import { beginInstall, completeInstall, type InstallDeps } from './domain/workspaces/install-app.ts'
import type { Installs } from './inbound/web/web-deps.ts'
import { lookOf } from './messages/look.ts'
import { botSealer } from './outbound/seal.ts'
import { slackInstaller } from './outbound/slack/installer.ts'
import { type Poster, slackPoster } from './outbound/slack/poster.ts'
import { slackOfWorkspaces } from './outbound/slack/slack-of-workspaces.ts'
import { slackWebClient } from './outbound/slack/web-client.ts'
import { sealedTexts } from './outbound/tickets.ts'

/** Slack for the workspace of the settings alone, or for all that install the app. */
export interface WiredSlack {
  readonly slack: Slack
  readonly tokens: BotTokens
  readonly first: FirstWorkspace
  /** How workspaces install the app; null where `REDKEY_WORKSPACES` names none. */
  installs(deps: Deps): Installs | null
}

export function wireSlack(
  config: Config,
  parts: Pick<Deps, 'store' | 'clock' | 'log'> & { readonly keys: readonly Buffer[] },
): WiredSlack {
  const { store, clock, log, keys } = parts
  const { botToken, apiUrl, signIn: client } = config.slack
  const look = lookOf(config.emoji, config.command)
  const groupIds = config.admins.filter((id) => id.startsWith('S'))
  const open = (token: string): Poster => slackPoster({ client: slackWebClient(token, apiUrl), look, clock, log, groupIds })
  const first = firstWorkspace(parts, botToken === null ? null : () => open(botToken).whoAmI())
  const bots = botSealer(keys)
  const allowed = config.workspaces
  const tokens =
    allowed.length === 0 && botToken !== null
      ? oneBotToken(botToken)
      : botTokens({ store, bots, first, firstToken: botToken, allowed, log })
  return {
    slack: slackOfWorkspaces(tokens, open),
    tokens,
    first,
    installs(deps) {
      if (allowed.length === 0 || client === null) return null
      const installer = slackInstaller({ ...client, apiUrl }, (token) => open(token).whoAmI())
      const flows = sealedTexts(keys, clock, 'install')
      const install: InstallDeps = { ...deps, installer, bots, first, allowed, flows }
      return { begin: () => beginInstall(install), complete: (callback) => completeInstall(install, callback) }
    },
  }
}
