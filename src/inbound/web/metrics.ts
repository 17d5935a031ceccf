import type { FastifyRequest } from 'fastify'
import { Counter, Gauge, Registry } from 'prom-client'
import { z } from 'zod'
import { STATUSES } from '../../domain/connections/connection.ts'
import { REFUSAL_CODES, type RefusalCode } from '../../domain/outbox/refusal.ts'
import { type AccessRead, accessBy, challenge } from './api-access.ts'
import { problems } from './api-schemas.ts'
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
export function metricsRoute(app: WebApp, deps: WebDeps, { registry }: Meter, sendProblem: SendProblem): void {
  const { actions, config } = deps
  const accessOf = accessBy(deps)
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
        ...problems('unauthorized', 'insufficient_scope', 'storage_unavailable'),
      },
    },
    handler: async (request, reply) => {
      const local = config.trustProxy === false && comesFromThisMachine(request)
      const { authorization } = request.headers
      const read: AccessRead | null = local ? null : await accessOf(authorization, 'connections:read')
      if (read?.kind === 'refused') {
        // Who has no token at all learns no more than that there are metrics.
        const problem = read.problem.code === 'insufficient_scope' ? read.problem : NEEDS_TOKEN
        reply.header('www-authenticate', challenge(undefined, problem))
        return sendProblem(reply, problem)
      }
      // A registry of its own: what one scrape is told of its workspace, another never sees.
      const now = new Registry()
      gauges(now)(await actions.metrics(read === null ? 'all' : read.access))
      // Counts of the whole process are not for one workspace among several.
      const common = read === null || read.access.isOfSettings ? await registry.metrics() : ''
      const text = common + (await now.metrics())
      return reply.header('cache-control', 'no-store').type(registry.contentType).serializer(String).send(text)
    },
  })
}

const NEEDS_TOKEN = { code: 'unauthorized', detail: 'Send a token of REDKEY_API_TOKENS, or ask from this machine.' } as const

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
    labelNames: ['provider', 'status', 'workspace'] as const,
    registers,
  })
  const waiting = new Gauge({
    name: 'redkey_touchpoints_waiting',
    help: 'Touchpoints not yet settled, by connection.',
    labelNames: ['connection', 'workspace'] as const,
    registers,
  })
  const outages = new Gauge({ name: 'redkey_outages_open', help: 'Open outages.', registers })
  const sockets = new Gauge({ name: 'redkey_slack_sockets_connected', help: 'Socket Mode links to Slack.', registers })
  const failed = new Gauge({ name: 'redkey_messages_failed', help: 'Slack messages that were given up.', registers })

  return (facts) => {
    for (const { provider, workspace } of facts.connections) {
      for (const status of STATUSES) connections.set({ provider, status, ...ofWorkspace(workspace) }, 0)
    }
    for (const { name, provider, status, waiting: count, workspace } of facts.connections) {
      connections.inc({ provider, status, ...ofWorkspace(workspace) })
      waiting.set({ connection: name, ...ofWorkspace(workspace) }, count)
    }
    outages.set(facts.openOutages)
    sockets.set(facts.socketsConnected)
    failed.set(facts.messagesFailed)
  }
}

/** Where one workspace is served there is no such label. */
function ofWorkspace(workspace: string | null): { readonly workspace?: string } {
  return workspace === null ? {} : { workspace }
}
