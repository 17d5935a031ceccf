import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiMethod } from './api-method.ts'
import { ApiRefusal } from './api-refusal.ts'
import { readBody } from './http-body.ts'
import type { JsonObject } from './json.ts'
import { type OAuthClient, oneTimeCodes } from './one-time-codes.ts'
import { html } from './page-html.ts'
import type { Person } from './people.ts'
import type { Platform } from './platform.ts'
import type { World } from './world.ts'

/** What can be odd about the next code that is exchanged. */
export type InstallFault = 'org_wide' | 'rotating' | 'expired_code' | 'without_users_read'

export interface AppInstalls {
  readonly methods: Record<string, ApiMethod>
  /** False: this is none of its addresses. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Strikes with the next code that is exchanged. */
  fail(fault: InstallFault): void
}

interface Request {
  readonly redirectUri: string
  readonly state: string
  readonly scopes: readonly string[]
}

interface Code extends Request {
  readonly world: World
  readonly userId: string
}

/**
 * OAuth v2 of an app: a page on which a person chooses the workspace, and `oauth.v2.access`
 * (https://docs.slack.dev/authentication/installing-with-oauth and /reference/methods/oauth.v2.access, read 2026-11-29).
 */
export function createAppInstalls(platform: () => Platform, client: OAuthClient | null): AppInstalls {
  const waiting = new Map<string, Request>()
  const codes = oneTimeCodes<Code>(client)
  let fault: InstallFault | null = null

  function authorize(query: URLSearchParams): { status: number; page: string } {
    const wrong = whatIsWrong(client, query)
    if (wrong !== null) return { status: 400, page: draw('Something went wrong', html`<p>${wrong}</p>`) }
    const id = randomBytes(12).toString('hex')
    const scopes = (query.get('scope') ?? '').split(',')
    waiting.set(id, { redirectUri: query.get('redirect_uri') ?? '', state: query.get('state') ?? '', scopes })
    const teams = platform().teams.map(({ world: { identity } }) => identity)
    const form = html`<p>It asks for: ${scopes.join(', ')}</p>
<form method="post" action="/oauth/v2/authorize"><input type="hidden" name="request" value="${id}">
${teams.map(({ teamId, teamName }) => html`<p><button name="team" value="${teamId}">Allow in ${teamName}</button></p>`)}
<p><button name="team" value="">Cancel</button></p></form>`
    return { status: 200, page: draw('Install Redkey', form) }
  }

  /** Where the browser goes on; null: nobody waits for that. */
  function decide(form: URLSearchParams): string | null {
    const id = form.get('request') ?? ''
    const request = waiting.get(id)
    if (request === undefined) return null
    waiting.delete(id)
    const back = new URL(request.redirectUri)
    const world = platform().teams.find((team) => team.world.identity.teamId === form.get('team'))?.world
    if (world === undefined) back.searchParams.set('error', 'access_denied')
    else {
      const userId = form.get('user') ?? installerOf(world)?.id ?? ''
      back.searchParams.set('code', codes.issue({ ...request, world, userId }))
    }
    back.searchParams.set('state', request.state)
    return back.href
  }

  function access(args: JsonObject): JsonObject {
    const code = codes.redeem(args)
    const struck = fault
    fault = null
    if (struck === 'expired_code') throw new ApiRefusal('code_expired')
    return install(code, struck)
  }

  return {
    methods: { 'oauth.v2.access': { scope: () => null, token: 'none', run: access } },
    fail(next) {
      fault = next
    },
    async handle(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      if (pathname !== '/oauth/v2/authorize') return false
      if (request.method === 'POST') {
        const location = decide(new URLSearchParams(await readBody(request)))
        if (location === null) answer(response, 400, draw('Something went wrong', html`<p>This was answered already.</p>`))
        else response.writeHead(303, { location, 'cache-control': 'no-store' }).end()
      } else {
        const { status, page } = authorize(searchParams)
        answer(response, status, page)
      }
      return true
    },
  }
}

/** The workspace gives the app a token. One that has the app already keeps the token it has. */
function install({ world, scopes, userId }: Code, fault: InstallFault | null): JsonObject {
  const { tokens, identity } = world
  if (tokens.botRefusal !== null) tokens.bot = `xoxb-${randomBytes(18).toString('hex')}`
  tokens.botRefusal = null
  tokens.scopes = scopes.filter((scope) => fault !== 'without_users_read' || scope !== 'users:read')
  world.changed()
  const team = { id: identity.teamId, name: identity.teamName }
  return {
    access_token: tokens.bot,
    token_type: 'bot',
    scope: tokens.scopes.join(','),
    bot_user_id: identity.botUserId,
    app_id: identity.appId,
    team: fault === 'org_wide' ? null : team,
    enterprise: fault === 'org_wide' ? { id: 'E0ORG', name: 'The Organization' } : null,
    is_enterprise_install: fault === 'org_wide',
    authed_user: { id: userId },
    ...(fault === 'rotating' ? { expires_in: 43_200, refresh_token: 'xoxe-1-refresh' } : {}),
  }
}

function installerOf(world: World): Person | undefined {
  return [...world.people.values()].find(({ isAdmin }) => isAdmin === true)
}

function whatIsWrong(client: OAuthClient | null, query: URLSearchParams): string | null {
  if (client === null || query.get('client_id') !== client.clientId) return 'invalid_client_id'
  if (!client.redirectUris.includes(query.get('redirect_uri') ?? '')) return 'redirect_uri did not match any configured URIs'
  return (query.get('scope') ?? '') === '' ? 'invalid_scope' : null
}

function draw(title: string, main: ReturnType<typeof html>): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} (sandbox fake)</title></head>
<body><main><h1>${title}</h1>${main}</main></body></html>
`.html
}

function answer(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(page)
}

/**
 * Goes through Slack's page as a browser would, without JavaScript: allows the app in this workspace (null: cancels) as this person.
 * Answers the address that the browser is sent to. @throws with what the page says instead.
 */
export async function allowInstall(authorizeUrl: string, teamId: string | null, userId?: string): Promise<string> {
  const shown = await (await fetch(authorizeUrl)).text()
  const [, request] = /name="request" value="(\w+)"/.exec(shown) ?? []
  if (request === undefined) throw new Error(`Slack asks for nothing: ${shown.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')}`)
  const body = new URLSearchParams({ request, team: teamId ?? '', ...(userId === undefined ? {} : { user: userId }) })
  const answer = await fetch(new URL('/oauth/v2/authorize', authorizeUrl), { method: 'POST', body, redirect: 'manual' })
  return answer.headers.get('location') ?? ''
}
