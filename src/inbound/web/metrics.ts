import type { FastifyRequest } from 'fastify'
import { Counter, Gauge, Registry } from 'prom-client'
import { z } from 'zod'
import { STATUSES } from '../../domain/connections/connection.ts'
import { REFUSAL_CODES, type RefusalCode } from '../../domain/outbox/refusal.ts'
import { problems } from './api-schemas.ts'
import { tokenCheck } from './bearer.ts'
import type { SendProblem } from './problem.ts'
import type { MetricsFacts, WebApp, WebDeps } from './web-deps.ts'

export interface Meter {
  readonly registry: Registry
  /** Counts records that were refused on arrival. */
  refused(codes: readonly { readonly code: RefusalCode }[]): void
}

/** Counts every answered request by route pattern, never by path: paths hold tickets. */
export function meterRequests(app: WebApp): Meter {
  const registry = new Registry()
  const requests = new Counter({
    name: 'redkey_http_requests_total',
    help: 'Answered HTTP requests.',
    labelNames: ['route', 'method', 'status'] as const,
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    requests.inc({ route: request.routeOptions.url ?? 'none', method: request.method, status: reply.statusCode })
  })
  const refused = new Counter({
    name: 'redkey_touchpoints_refused_total',
    help: 'Records refused on arrival, by code.',
    labelNames: ['code'] as const,
    registers: [registry],
  })
  for (const code of REFUSAL_CODES) refused.inc({ code }, 0)
  return {
    registry,
    refused(records) {
      for (const { code } of records) refused.inc({ code })
    },
  }
}

/** `/metrics`, for those with an API token and for this machine. */
export function metricsRoute(app: WebApp, { actions, config }: WebDeps, { registry }: Meter, sendProblem: SendProblem): void {
  const tokenOf = tokenCheck(config.apiTokens)
  const show = gauges(registry)
  app.route({
    method: 'GET',
    url: '/metrics',
    schema: {
      operationId: 'metrics',
      summary: 'Prometheus metrics',
      description: 'With an API token, or from this machine itself.',
      tags: ['operations'],
      response: {
        200: { description: 'Prometheus text format.', content: { 'text/plain': { schema: z.string() } } },
        ...problems('unauthorized', 'storage_unavailable'),
      },
    },
    handler: async (request, reply) => {
      const local = config.trustProxy === false && comesFromThisMachine(request)
      if (!local && tokenOf(request.headers.authorization) === 0) {
        reply.header('www-authenticate', 'Bearer realm="redkey"')
        return sendProblem(reply, {
          code: 'unauthorized',
          detail: 'Send a token of REDKEY_API_TOKENS, or ask from this machine.',
        })
      }
      show(await actions.metrics())
      const text = await registry.metrics()
      return reply.header('cache-control', 'no-store').type(registry.contentType).serializer(String).send(text)
    },
  })
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** A peer on loopback that forwards for somebody else is a proxy on this machine. */
function comesFromThisMachine({ raw, headers }: FastifyRequest): boolean {
  return LOOPBACK.test(raw.socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined)
}

function gauges(registry: Registry): (facts: MetricsFacts) => void {
  const registers = [registry]
  const connections = new Gauge({
    name: 'redkey_connections',
    help: 'Connections by provider and status.',
    labelNames: ['provider', 'status'] as const,
    registers,
  })
  const waiting = new Gauge({
    name: 'redkey_touchpoints_waiting',
    help: 'Touchpoints not yet settled, by connection.',
    labelNames: ['connection'] as const,
    registers,
  })
  const outages = new Gauge({ name: 'redkey_outages_open', help: 'Open outages.', registers })
  const sockets = new Gauge({ name: 'redkey_slack_sockets_connected', help: 'Socket Mode links to Slack.', registers })
  const failed = new Gauge({ name: 'redkey_messages_failed', help: 'Slack messages that were given up.', registers })

  return (facts) => {
    connections.reset()
    waiting.reset()
    for (const provider of new Set(facts.connections.map((one) => one.provider))) {
      for (const status of STATUSES) connections.set({ provider, status }, 0)
    }
    for (const { name, provider, status, waiting: count } of facts.connections) {
      connections.inc({ provider, status })
      waiting.set({ connection: name }, count)
    }
    outages.set(facts.openOutages)
    sockets.set(facts.socketsConnected)
    failed.set(facts.messagesFailed)
  }
}
