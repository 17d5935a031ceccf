import type { Readiness } from '../../domain/operations.ts'
import { answer, healthSchema, problems, readySchema } from './api-schemas.ts'
import { type Meter, metricsRoute } from './metrics.ts'
import type { SendProblem } from './problem.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

/** What whoever runs Redkey asks: is it up, is it ready, how is it doing, what can it do. */
export function operations(deps: WebDeps, meter: Meter, sendProblem: SendProblem) {
  return async (app: WebApp): Promise<void> => {
    healthRoutes(app, deps, sendProblem)
    metricsRoute(app, deps, meter, sendProblem)
    app.route({ method: 'GET', url: '/openapi.json', schema: { hide: true }, handler: async () => app.swagger() })
  }
}

/** `/healthz`: the process runs. `/readyz`: it can take work. */
function healthRoutes(app: WebApp, { actions, log }: WebDeps, sendProblem: SendProblem): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/healthz',
    schema: {
      operationId: 'isUp',
      summary: 'The process runs',
      tags: ['operations'],
      security: [],
      response: { 200: answer('It runs.', healthSchema) },
    },
    handler: async () => ({ status: 'up' as const }),
  })

  app.route({
    method: ['GET', 'HEAD'],
    url: '/readyz',
    schema: {
      operationId: 'isReady',
      summary: 'The store is migrated and Slack is connected',
      tags: ['operations'],
      security: [],
      response: { 200: answer('It takes work.', readySchema), ...problems('not_ready') },
    },
    handler: async (_request, reply) => {
      const failed = (await readiness()).filter((check) => !check.ok)
      if (failed.length === 0) return { status: 'ready' as const }
      return sendProblem(reply, {
        code: 'not_ready',
        detail: failed.map(({ name, detail }) => (detail === null ? `${name}: not yet.` : `${name}: ${detail}`)).join(' '),
        retryAfterSeconds: 5,
        more: { failed: failed.map(({ name, detail }) => ({ check: name, detail })) },
      })
    },
  })

  async function readiness(): Promise<readonly Readiness[]> {
    try {
      return await actions.readiness()
    } catch (cause) {
      log.warn('http.readiness_failed', { reason: cause instanceof Error ? cause.name : 'unknown' })
      return [{ name: 'store', ok: false, detail: "The database doesn't answer." }]
    }
  }
}
