import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { later, MINUTE_MS } from '../../clock.ts'
import type { Installed } from '../../domain/workspaces/install-app.ts'
import { plain } from '../../messages/mrkdwn.ts'
import { judgeError } from './answer-errors.ts'
import { cookieKey, cookies } from './cookies.ts'
import { depart } from './depart.ts'
import { type InstallOutcome, installOutcomeSchema, installPage } from './install-texts.ts'
import { sendPage } from './layout.ts'
import { resultGonePage } from './outcome-texts.ts'
import { headRoute, PUBLIC } from './public.ts'
import type { Installs, WebApp, WebDeps } from './web-deps.ts'

/** Given twice, or too long to be ours or Slack's: as if it were not there. */
const parameter = z.string().min(1).max(4096).nullable().catch(null)
const callbackQuery = z.object({ state: parameter, code: parameter, error: parameter })
const resultSchema = z.object({ install: installOutcomeSchema })

/** How long the page at the end can be looked at again. */
const RESULT_MS = 10 * MINUTE_MS

/** `/slack/install`: one redirect to Slack's page; and the way back from there, which ends at an address that holds nothing of it. */
export function slackInstallRoutes(app: WebApp, deps: WebDeps, installs: Installs): void {
  const { clock, config, newId, results } = deps
  const logins = cookies(config.url, 'login')
  const done = cookies(config.url, 'done')

  app.route({
    ...PUBLIC,
    method: 'GET',
    url: '/slack/install',
    handler: async (request, reply) => depart(config.url, await installs.begin(), request, reply),
  })
  app.route(headRoute('/slack/install'))

  app.route({
    ...PUBLIC,
    method: 'GET',
    url: '/slack/oauth_redirect',
    handler: async (request, reply) => {
      const outcome = await finish(deps, installs, request)
      const key = cookieKey(callbackQuery.parse(request.query).state)
      if (key !== undefined) logins.clear(reply, key)
      const id = newId()
      const sealed = await results.seal(JSON.stringify({ install: outcome }), later(clock.now(), RESULT_MS))
      done.set(request, reply, id, sealed, RESULT_MS)
      return reply.header('cache-control', 'no-store').redirect(`${config.url}/slack/installed/${id}`, 303)
    },
  })

  app.route({
    ...PUBLIC,
    method: 'GET',
    url: '/slack/installed/:id',
    schema: { ...PUBLIC.schema, params: z.object({ id: z.string() }) },
    handler: async (request, reply) => {
      const sealed = done.read(request, request.params.id)
      const text = sealed === undefined ? undefined : await results.open(sealed)
      const read = text === undefined ? undefined : resultSchema.safeParse(JSON.parse(text)).data
      if (read === undefined) return sendPage(reply, resultGonePage())
      return sendPage(reply, installPage(read.install, config.command ?? '/connections', `${config.url}/slack/install`))
    },
  })
}

async function finish({ config, log, newId }: WebDeps, installs: Installs, request: FastifyRequest): Promise<InstallOutcome> {
  const { state, code, error } = callbackQuery.parse(request.query)
  const key = cookieKey(state)
  const cookie = key === undefined ? null : (cookies(config.url, 'login').read(request, key) ?? null)
  try {
    return shortened(await installs.complete({ state, code, error, cookie }))
  } catch (cause) {
    // Here and not at the common place: the answer must lead away from an address that holds a code.
    const { reference } = judgeError(log, newId, cause, request)
    return { kind: 'failed', reference }
  }
}

/** It crosses the redirect in a cookie, so it is kept short. */
function shortened(installed: Installed): InstallOutcome {
  switch (installed.kind) {
    case 'installed': {
      const { workspace, channelId, connections } = installed
      return { kind: 'installed', name: plain(workspace.name), channelId, connections }
    }
    case 'first_workspace':
    case 'not_allowed':
      return { ...installed, name: plain(installed.name) }
    case 'scope_missing':
      return { kind: 'scope_missing', missing: [...installed.missing] }
    default:
      return installed
  }
}
