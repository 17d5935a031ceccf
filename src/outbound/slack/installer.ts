import { type OauthV2AccessResponse, WebAPIPlatformError } from '@slack/web-api'
import type { Exchanged, Installer } from '../../domain/workspaces/installer.ts'
import { BOT_SCOPES } from './scopes.ts'
import { slackWebClient } from './web-client.ts'

export interface InstallerConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** `https://slack.com/api/`; Slack's page is of the same origin. */
  readonly apiUrl: string
}

/** Refusals of `oauth.v2.access` that are about our client and not about the code (its reference, read 2026-11-29). */
const OURS = new Set([
  'invalid_client_id',
  'bad_client_secret',
  'bad_redirect_uri',
  'invalid_grant_type',
  'oauth_authorization_url_mismatch',
])

/**
 * OAuth v2 of the Slack app: https://docs.slack.dev/authentication/installing-with-oauth (read 2026-11-29). Without PKCE: turning that
 * on makes a Slack app a public client for good.
 */
export function slackInstaller(
  { clientId, clientSecret, apiUrl }: InstallerConfig,
  whoAmI: (token: string) => ReturnType<Installer['whoseToken']>,
): Installer {
  return {
    scopes: BOT_SCOPES,
    authorizationUrl({ redirectUri, state }) {
      const query = { client_id: clientId, scope: BOT_SCOPES.join(','), redirect_uri: redirectUri, state }
      return `${new URL(apiUrl).origin}/oauth/v2/authorize?${new URLSearchParams(query)}`
    },
    async exchange(code, redirectUri) {
      const args = { client_id: clientId, client_secret: clientSecret, code, redirect_uri: redirectUri }
      try {
        return read(await slackWebClient(null, apiUrl).oauth.v2.access(args))
      } catch (error) {
        if (!(error instanceof WebAPIPlatformError)) return { kind: 'unreachable', reason: nameOf(error) }
        const reason = error.data.error
        return { kind: OURS.has(reason) ? 'misconfigured' : 'refused', reason }
      }
    },
    whoseToken: whoAmI,
    async revoke(token) {
      try {
        return (await slackWebClient(token, apiUrl).auth.revoke()).ok
      } catch {
        return false // the caller tells
      }
    },
  }
}

function read(answer: OauthV2AccessResponse): Exchanged {
  const { access_token: token, bot_user_id: botUserId, authed_user: user, team, token_type: type } = answer
  if (token === undefined || type !== 'bot' || botUserId === undefined || user?.id === undefined)
    return { kind: 'refused', reason: 'no_bot_token' }
  return {
    kind: 'ok',
    approval: {
      token,
      team: team?.id === undefined ? null : { id: team.id, name: team.name ?? team.id },
      isOrganization: answer.is_enterprise_install === true || !team?.id,
      isRotating: answer.refresh_token !== undefined || answer.expires_in !== undefined,
      botUserId,
      scopes: (answer.scope ?? '').split(',').filter(Boolean),
      installedBy: user.id,
    },
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
