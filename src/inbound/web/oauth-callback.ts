import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ToChoose } from '../../domain/access/completion.ts'
import { judgeError } from './answer-errors.ts'
import { parameter } from './callback-parameter.ts'
import { toChoice } from './choose.ts'
import { cookieKey, cookies } from './cookies.ts'
import { sendPage } from './layout.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { outcomePage, resultGonePage } from './outcome-texts.ts'
import { PUBLIC } from './public.ts'
import { resultSchema, toResult } from './result.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { wordsFor } from './words-for.ts'

/** Meta also tells an error by `error_code` and `error_message` alone. */
const callbackQuery = z
  .object({
    state: parameter,
    code: parameter,
    error: parameter,
    error_description: parameter,
    error_code: parameter,
    error_message: parameter,
  })
  .transform(({ state, code, error, error_description, error_code, error_message }) => ({
    state,
    code,
    error: error ?? error_code,
    errorDescription: error_description ?? error_message,
  }))

/**
 * `/oauth/callback/{provider}`: ends the login and answers with a redirect to an address that holds nothing of it. How it ended
 * goes along in a sealed cookie, so nobody else can read it, make one up or send one around.
 */
export function oauthCallback(app: WebApp, deps: WebDeps): void {
  const { config, results } = deps
  const logins = cookies(config.url, 'login')
  const done = cookies(config.url, 'done')

  app.route({
    ...PUBLIC,
    method: 'GET',
    url: '/oauth/callback/:provider',
    schema: { ...PUBLIC.schema, params: z.object({ provider: z.string() }) },
    handler: async (request, reply) => {
      const { provider } = request.params
      const outcome = await finish(deps, request, provider)
      const key = cookieKey(callbackQuery.parse(request.query).state)
      if (key !== undefined) logins.clear(reply, key)
      return outcome.kind === 'choose'
        ? toChoice(deps, request, reply, outcome)
        : toResult(deps, request, reply, outcome, provider)
    },
  })

  app.route({
    ...PUBLIC,
    method: 'GET',
    url: '/done/:id',
    schema: { ...PUBLIC.schema, params: z.object({ id: z.string() }) },
    handler: async (request, reply) => {
      const sealed = done.read(request, request.params.id)
      const text = sealed === undefined ? undefined : await results.open(sealed)
      if (text === undefined) return sendPage(reply, resultGonePage())
      const { outcome, provider } = resultSchema.parse(JSON.parse(text))
      return sendPage(reply, outcomePage(outcome, wordsFor(deps, { provider })))
    },
  })
}

async function finish(
  { actions, config, log, newId }: WebDeps,
  request: FastifyRequest,
  provider: string,
): Promise<Outcome | ToChoose> {
  const { state, code, error, errorDescription } = callbackQuery.parse(request.query)
  const key = cookieKey(state)
  const cookie = key === undefined ? null : (cookies(config.url, 'login').read(request, key) ?? null)
  try {
    const completion = await actions.completeLogin({ provider, state, code, error, errorDescription, cookie })
    return completion.kind === 'choose' ? completion : outcomeOf(completion)
  } catch (cause) {
    // Here and not at the common place: the answer must lead away from an address that holds a code.
    const { problem, reference } = judgeError(log, newId, cause, request)
    return { kind: 'failed', isStorage: problem.code === 'storage_unavailable', reference }
  }
}
