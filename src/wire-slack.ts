import type { Config } from './config/config.ts'
import { groupsAmong } from './config/values.ts'
import type { Deps } from './domain/deps.ts'
import type { Slack } from './domain/slack.ts'
import { type BotTokens, botTokens, oneBotToken } from './domain/workspaces/bot-tokens.ts'
import { type FirstWorkspace, firstWorkspace } from './domain/workspaces/first-workspace.ts'
import { beginInstall, completeInstall, type InstallDeps } from './domain/workspaces/install-app.ts'
import type { Installs } from './inbound/web/web-deps.ts'
import type { Chart } from './messages/charts/chart.ts'
import { lookOf } from './messages/look.ts'
import { toPng } from './outbound/charts/png.ts'
import { botSealer } from './outbound/seal.ts'
import { type ChartUploader, chartUploader } from './outbound/slack/chart-uploader.ts'
import { illustrated } from './outbound/slack/illustrated-poster.ts'
import { slackInstaller } from './outbound/slack/installer.ts'
import { slackPoster } from './outbound/slack/poster.ts'
import { slackOfWorkspaces } from './outbound/slack/slack-of-workspaces.ts'
import { slackWebClient } from './outbound/slack/web-client.ts'
import { workspacePool } from './outbound/slack/workspace-pool.ts'
import { sealedTexts } from './outbound/tickets.ts'

/** With what comes before and after it, people have their answer within three seconds. */
export const PICTURE_WAIT_MS = 1_200

/** Like `ChartUploader`, in each workspace. */
export interface ChartsOfWorkspaces {
  upload(teamId: string, about: string, chart: Chart): Promise<string | null>
  refused(teamId: string, about: string): void
}

/** Slack for the workspace of the settings alone, or for all that install the app. */
export interface WiredSlack {
  readonly slack: Slack
  readonly charts: ChartsOfWorkspaces
  readonly tokens: BotTokens
  readonly first: FirstWorkspace
  /** How workspaces install the app; null where `REDKEY_WORKSPACES` names none. */
  installs(deps: Deps): Installs | null
}

export function wireSlack(
  config: Config,
  parts: Pick<Deps, 'store' | 'clock' | 'log'> & { readonly keys: readonly Buffer[]; readonly pictureWaitMs?: number },
): WiredSlack {
  const { store, clock, log, keys, pictureWaitMs: waitMs = PICTURE_WAIT_MS } = parts
  const { botToken, apiUrl, signIn: client } = config.slack
  const look = lookOf(config.emoji, config.command)
  const groupIds = groupsAmong(config)
  const open = (token: string) => {
    const client = slackWebClient(token, apiUrl)
    const charts = chartUploader({ client, toPng, clock, log })
    return { poster: illustrated(slackPoster({ client, look, clock, log, groupIds }), { charts, waitMs }), charts }
  }
  const whoseToken = (token: string) => open(token).poster.whoAmI()
  const first = firstWorkspace(parts, botToken === null ? null : () => whoseToken(botToken))
  const bots = botSealer(keys)
  const allowed = config.workspaces
  const tokens =
    allowed.length === 0 && botToken !== null
      ? oneBotToken(botToken)
      : botTokens({ store, bots, first, firstToken: botToken, allowed, log })
  const pool = workspacePool(tokens, open)

  /** Null where there is none: then charts are drawn as text. */
  async function ofTeam<T>(teamId: string, what: (charts: ChartUploader) => T | Promise<T>): Promise<T | null> {
    const asked = pool.ask<T | null>(
      teamId,
      ({ charts }) => what(charts),
      () => null,
    )
    return asked.catch((cause: unknown) => {
      log.error('slack.chart_failed', { teamId }, cause)
      return null
    })
  }

  return {
    slack: slackOfWorkspaces(pool),
    charts: {
      upload: (teamId, about, chart) => ofTeam(teamId, (charts) => charts.upload(about, chart)),
      refused: (teamId, about) => void ofTeam(teamId, (charts) => charts.refused(about)),
    },
    tokens,
    first,
    installs(deps) {
      if (allowed.length === 0 || client === null) return null
      const installer = slackInstaller({ ...client, apiUrl }, whoseToken)
      const flows = sealedTexts(keys, clock, 'install')
      const install: InstallDeps = { ...deps, installer, bots, first, allowed, flows }
      return { begin: () => beginInstall(install), complete: (callback) => completeInstall(install, callback) }
    },
  }
}
