import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Identification, NotIdentified, SignInDeparture, Visit } from '../../domain/access/identify.ts'
import { judgeError } from './answer-errors.ts'
import { parameter } from './callback-parameter.ts'
import { cookieKey, cookies } from './cookies.ts'
import { sendPage } from './layout.ts'
import type { Outcome } from './outcome.ts'
import { PUBLIC } from './public.ts'
import { toResult } from './result.ts'
import { notIdentifiedPage } from './sign-in-texts.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { wordsFor } from './words-for.ts'

/** A browser is one person at a time, whatever workspace asks. */
const WHO = 'slack'

const callbackQuery = z.object({ state: parameter, code: parameter, error: parameter })

/** A link, and whom this browser has proved to be lately. */
export function visitOf(url: string, request: FastifyRequest, ticket: string): Visit {
  return { ticket, identity: cookies(url, 'who').read(request, WHO) ?? null }
}

/** Off to Slack, or the page that says why this person can't go on; then Slack is asked anew the next time. */
export function toSlackOrRefusal(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: SignInDeparture | NotIdentified,
): FastifyReply {
  const { url } = deps.config
  if (outcome.kind === 'not_identified') {
    cookies(url, 'who').clear(reply, WHO)
    return sendPage(reply, notIdentifiedPage(outcome.why, wordsFor(deps, {})))
  }
  const key = cookieKey(outcome.state)
  if (key === undefined) throw new Error('a state that makes no cookie name')
  cookies(url, 'sign-in').set(request, reply, key, outcome.cookie, outcome.cookieMaxAgeMs)
  return reply.header('cache-control', 'no-store').redirect(outcome.url, 303)
}

/** `/identity/slack/callback`: Slack has told who it is. On to the link that was opened, at an address that holds nothing of it. */
export function signInCallback(app: WebApp, deps: WebDeps): void {
  const { actions, config, log, newId } = deps
  const flows = cookies(config.url, 'sign-in')
  const who = cookies(config.url, 'who')

  async function finish(request: FastifyRequest): Promise<Identification | Extract<Outcome, { kind: 'failed' }>> {
    const { state, code, error } = callbackQuery.parse(request.query)
    const key = cookieKey(state)
    const cookie = key === undefined ? null : (flows.read(request, key) ?? null)
    try {
      return await actions.completeSignIn({ state, code, error, cookie })
    } catch (cause) {
      const { problem, reference } = judgeError(log, newId, cause, request)
      return { kind: 'failed', isStorage: problem.code === 'storage_unavailable', reference }
    }
  }

  app.route({
    ...PUBLIC,
    method: 'GET',
    url: '/identity/slack/callback',
    handler: async (request, reply) => {
      const outcome = await finish(request)
      const key = cookieKey(callbackQuery.parse(request.query).state)
      if (key !== undefined) flows.clear(reply, key)
      if (outcome.kind !== 'identified') {
        who.clear(reply, WHO)
        return toResult(deps, request, reply, outcome, '')
      }
      who.set(request, reply, WHO, outcome.identity, outcome.maxAgeMs)
      return reply.header('cache-control', 'no-store').redirect(`${config.url}/${outcome.path}/${outcome.ticket}`, 303)
    },
  })
}
