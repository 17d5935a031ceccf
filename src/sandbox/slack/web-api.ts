import type { IncomingMessage, ServerResponse } from 'node:http'
import { chatMethods } from './api-chat.ts'
import { conversationMethods } from './api-conversations.ts'
import type { Files } from './api-files.ts'
import type { ApiMethod } from './api-method.ts'
import { peopleMethods } from './api-people.ts'
import { ApiRefusal } from './api-refusal.ts'
import { viewMethods } from './api-views.ts'
import type { AppInstalls } from './app-installs.ts'
import type { ArmedFaults, Fault } from './faults.ts'
import { readBody, readFields } from './http-body.ts'
import type { JsonObject } from './json.ts'
import { textField } from './json.ts'
import type { OpenId } from './open-id.ts'
import type { Triggers } from './triggers.ts'
import type { World } from './world.ts'

export interface WebApiDeps {
  readonly world: World
  readonly armed: ArmedFaults
  readonly triggers: Triggers
  readonly files: Files
  readonly installs: AppInstalls
  readonly openId: OpenId
  /** A WebSocket address with a fresh ticket; `null` in HTTP mode. */
  openConnection(): string | null
  /** Where people see this workspace: links to messages lead there, and nowhere off this machine. */
  pageUrl(): string
  /** The app gave its own token back. */
  tokenRevoked(): void
}

export interface WebApi {
  /** Answers `POST {url}/api/{method}`. */
  handle(method: string, request: IncomingMessage, response: ServerResponse): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: JsonObject | string
  readonly headers?: Record<string, string>
}

export function createWebApi(deps: WebApiDeps): WebApi {
  const { world, armed } = deps
  const methods: Record<string, ApiMethod> = {
    ...authMethods(deps),
    ...chatMethods(world, armed.editingRefusal),
    ...conversationMethods(world),
    ...deps.files.methods,
    ...peopleMethods(world),
    ...viewMethods(world, deps.triggers),
    ...deps.installs.methods,
    ...deps.openId.methods,
  }
  return {
    async handle(name, request, response) {
      const args = readFields(await readBody(request), request.headers['content-type'] ?? '')
      const token = readToken(args, request)
      const { token: _, client_secret: __, ...shown } = args
      const fault = armed.next(name, args)
      const log = (answer: string) => {
        world.calls.push({ method: name, args: shown, at: world.now(), answer })
      }
      if (fault !== null && !fault.kind.startsWith('commit')) {
        log(`fault:${fault.kind}`)
        world.changed()
        return strike(fault, response)
      }
      const answer = call(deps, methods, name, args, token)
      log(fault === null ? outcome(answer) : `fault:${fault.kind}`)
      world.changed()
      if (fault?.kind === 'commit_then_reset') response.socket?.resetAndDestroy()
      else if (fault === null) send(world, response, answer)
    },
  }
}

function call(
  deps: WebApiDeps,
  methods: Record<string, ApiMethod>,
  name: string,
  args: JsonObject,
  token: string | null,
): Answer {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  try {
    if (method === undefined) throw new ApiRefusal('unknown_method', { req_method: name })
    const refusal = name === 'apps.connections.open' ? deps.armed.connectionsRefusal() : null
    if (refusal === 'http_500') return { status: 500, body: 'Internal Server Error' }
    if (refusal !== null) throw new ApiRefusal(refusal)
    authorize(deps.world, method, args, token)
    return { status: 200, body: { ok: true, ...method.run(args) } }
  } catch (error) {
    if (error instanceof ApiRefusal) return { status: 200, body: { ok: false, error: error.code, ...error.extra } }
    throw error
  }
}

function authorize(world: World, method: ApiMethod, args: JsonObject, token: string | null): void {
  const { tokens } = world
  if (method.token === 'none') return
  if (token === null || token === '') throw new ApiRefusal('not_authed')
  const wanted = method.token ?? 'bot'
  if (token !== tokens[wanted]) {
    throw new ApiRefusal([tokens.bot, tokens.app].includes(token) ? 'not_allowed_token_type' : 'invalid_auth')
  }
  if (wanted === 'bot' && tokens.botRefusal !== null) throw new ApiRefusal(tokens.botRefusal)
  const needed = method.scope(args)
  if (needed !== null && !tokens.scopes.includes(needed)) {
    throw new ApiRefusal('missing_scope', { needed, provided: tokens.scopes.join(',') })
  }
}

function authMethods({ world, openConnection, pageUrl, tokenRevoked }: WebApiDeps): Record<string, ApiMethod> {
  const { identity } = world
  return {
    'auth.test': {
      scope: () => null,
      run: () => ({
        url: `${pageUrl()}/`,
        team: identity.teamName,
        user: identity.appName.toLowerCase(),
        team_id: identity.teamId,
        user_id: identity.botUserId,
        bot_id: identity.botId,
        is_enterprise_install: false,
      }),
    },
    'auth.revoke': {
      scope: () => null,
      run: (args) => {
        if (textField(args, 'test') === 'true' || textField(args, 'test') === '1') return { revoked: false }
        world.tokens.botRefusal = 'token_revoked'
        tokenRevoked()
        return { revoked: true }
      },
    },
    'apps.connections.open': {
      scope: () => null,
      token: 'app',
      run: () => {
        const url = openConnection()
        if (url === null) throw new ApiRefusal('socket_mode_not_enabled')
        return { url }
      },
    },
  }
}

function readToken(args: JsonObject, request: IncomingMessage): string | null {
  const header = request.headers.authorization
  if (header !== undefined) return header.replace(/^Bearer /i, '')
  return textField(args, 'token') ?? null
}

function outcome(answer: Answer): string {
  if (typeof answer.body === 'string') return String(answer.status)
  return answer.body.ok === true ? 'ok' : String(answer.body.error)
}

function strike(fault: Fault, response: ServerResponse): void {
  if (fault.kind === 'reset') response.socket?.resetAndDestroy()
  else if (fault.kind === 'http_error')
    response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<h1>Server Error</h1>')
  else if (fault.kind === 'refuse') {
    response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify({ ok: false, error: fault.error }))
  } else if (fault.kind === 'rate_limited') {
    const wait = fault.retryAfterSeconds === null ? {} : { 'retry-after': String(fault.retryAfterSeconds) }
    response.writeHead(429, { 'content-type': 'application/json; charset=utf-8', ...wait })
    response.end(JSON.stringify({ ok: false, error: 'ratelimited' }))
  }
}

function send(world: World, response: ServerResponse, answer: Answer): void {
  const isJson = typeof answer.body !== 'string'
  response.writeHead(answer.status, {
    'content-type': isJson ? 'application/json; charset=utf-8' : 'text/plain',
    'x-oauth-scopes': world.tokens.scopes.join(','),
    'x-slack-req-id': world.newId('R'),
  })
  response.end(isJson ? JSON.stringify(answer.body) : answer.body)
}
