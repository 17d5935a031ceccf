import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ToChoose } from '../../domain/access/completion.ts'
import { choiceGonePage, choosePage, type Picking } from './choose-page.ts'
import { cookies } from './cookies.ts'
import { allowForm, isFromOurPage } from './from-our-page.ts'
import { sendPage } from './layout.ts'
import { outcomeOf } from './outcome.ts'
import { crossSitePage } from './page-texts.ts'
import { PUBLIC } from './public.ts'
import { toResult } from './result.ts'
import type { WebApp, WebDeps } from './web-deps.ts'
import { wordsFor } from './words-for.ts'

/** Thousands of ticked accounts. */
const BODY_LIMIT = 256 * 1024

const choiceSchema = z.object({ choice: z.string() })
const params = z.object({ id: z.string() })
const ids = z.union([z.array(z.string()), z.string().transform((one) => [one])])
const pickBody = z.object({ account: ids.catch([]), q: z.string().catch(''), act: z.string().catch('connect') })

/** On to the page with the accounts. Which choice it is stands in a sealed cookie of this browser only. */
export async function toChoice(
  { clock, config, newId, results }: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { choiceId, expiresAt }: ToChoose,
): Promise<FastifyReply> {
  const id = newId()
  const sealed = await results.seal(JSON.stringify({ choice: choiceId }), expiresAt)
  cookies(config.url, 'choose').set(request, reply, id, sealed, expiresAt.getTime() - clock.now().getTime())
  return reply.header('cache-control', 'no-store').redirect(`${config.url}/choose/${id}`, 303)
}

/** `/choose/{id}`: the accounts that a login reaches; a POST searches among them or connects those that are ticked. */
export function chooseRoutes(app: WebApp, deps: WebDeps): void {
  const { actions, config, results } = deps
  const url = '/choose/:id'

  async function choiceOf(request: FastifyRequest, id: string): Promise<string | undefined> {
    const sealed = cookies(config.url, 'choose').read(request, id)
    const text = sealed === undefined ? undefined : await results.open(sealed)
    return text === undefined ? undefined : choiceSchema.safeParse(JSON.parse(text)).data?.choice
  }

  async function show(reply: FastifyReply, choiceId: string | undefined, picking: Picking): Promise<FastifyReply> {
    const choice = choiceId === undefined ? undefined : await actions.readChoice(choiceId)
    if (choice?.kind !== 'choose') return sendPage(reply, choiceGonePage(wordsFor(deps, {})))
    allowForm(reply, "form-action 'self'")
    return sendPage(reply, choosePage(choice, picking, wordsFor(deps, choice)))
  }

  app.route({
    ...PUBLIC,
    method: 'GET',
    url,
    schema: { ...PUBLIC.schema, params },
    handler: async (request, reply) =>
      show(reply, await choiceOf(request, request.params.id), { ticked: null, search: '', problem: null }),
  })

  app.route({
    ...PUBLIC,
    method: 'POST',
    url,
    bodyLimit: BODY_LIMIT,
    schema: { ...PUBLIC.schema, params },
    handler: async (request, reply) => {
      if (!isFromOurPage(request, config.url)) return sendPage(reply, crossSitePage())
      const choiceId = await choiceOf(request, request.params.id)
      const { account, q, act } = pickBody.parse(request.body ?? {})
      const picking = { ticked: new Set(account), search: q, problem: null }
      if (choiceId === undefined || act === 'search') return show(reply, choiceId, picking)
      const choice = await actions.readChoice(choiceId)
      const chosen = await actions.connectChosen(choiceId, account)
      switch (chosen.kind) {
        case 'connected':
        case 'connected_several':
          return toResult(deps, request, reply, outcomeOf(chosen), choice.kind === 'choose' ? choice.provider : '')
        case 'choice_gone':
          return sendPage(reply, choiceGonePage(wordsFor(deps, {})))
        default:
          return show(reply, choiceId, { ...picking, problem: chosen })
      }
    },
  })
}
