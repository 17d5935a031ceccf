import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import fastify, { type FastifyHttpOptions, type FastifySchemaCompiler } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { MINUTE_MS } from '../../clock.ts'
import { answerBadAddress, answerErrors, answerUnparsable } from './answer-errors.ts'
import { browserRoutes } from './browser-routes.ts'
import { meterRequests } from './metrics.ts'
import { refuseOtherMethods } from './only-methods.ts'
import { apiDescription } from './openapi.ts'
import { operations } from './operations.ts'
import { STYLE_SOURCE } from './page-style.ts'
import { problemSender, type SendProblem } from './problem.ts'
import { TooManyRequests } from './problem-of-error.ts'
import { providerMessages } from './provider-messages.ts'
import { slackEvents } from './slack-events.ts'
import { v1 } from './v1.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

/** Longest path segment: tickets are some 300 characters, a touchpoint id percent-encoded up to 3,060. */
const MAX_PARAM_LENGTH = 4096
const MAX_BODY_BYTES = 1024 * 1024
/** Requests under way have this long to end when the server closes; a slow upload is cut off, and was answered nothing. */
const DRAIN_MS = 3_000

export interface WebServer {
  /** Port 0 takes a free one. Answers with the port. */
  listen(place: { readonly host: string; readonly port: number }): Promise<number>
  /** Takes no more requests, lets those under way finish for some seconds, closes all connections. */
  close(): Promise<void>
  readonly fastify: WebApp
}

/** The one HTTP server: Slack's events, the pages of a login, the API, operations. Its parts are made when it starts to listen. */
export function createWebServer(deps: WebDeps): WebServer {
  const { config } = deps
  const sendProblem = problemSender(deps.newId)
  const app = newFastify(deps, sendProblem)
  answerErrors(app, deps, sendProblem)
  const refuseOthers = refuseOtherMethods(app, sendProblem)
  const meter = meterRequests(app)
  void app.register(helmet, securityHeaders(config.url))
  void app.register(cookie)
  void app.register(rateLimit, {
    global: false,
    max: config.publicPerMinute ?? 60,
    timeWindow: MINUTE_MS,
    errorResponseBuilder: (_, { ttl }) => new TooManyRequests(Math.ceil(ttl / 1000)),
  })
  void app.register(swagger, apiDescription(config.url))
  void app.register(operations(deps, meter, sendProblem))
  void app.register(browserRoutes(deps))
  void app.register(providerMessages(deps, sendProblem))
  void app.register(v1(deps, meter, sendProblem))
  if (deps.slackListener) void app.register(slackEvents(deps.slackListener, deps.log, sendProblem))
  void app.register(refuseOthers)

  return {
    async listen(place) {
      await app.listen(place)
      return (app.server.address() as AddressInfo).port
    },
    async close() {
      const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS)
      await app.close()
      clearTimeout(cut)
    },
    fastify: app,
  }
}

function newFastify({ config, newId }: WebDeps, sendProblem: SendProblem): WebApp {
  const requestTimeout = config.requestTimeoutMs ?? MINUTE_MS
  const options: FastifyHttpOptions<Server> = {
    logger: false,
    trustProxy: config.trustProxy === true ? nearestProxy : config.trustProxy,
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    requestTimeout,
    http: { connectionsCheckingInterval: Math.min(requestTimeout, MINUTE_MS) / 2, headersTimeout: requestTimeout },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: answerUnparsable(newId),
    frameworkErrors: answerBadAddress(sendProblem),
  }
  return fastify(options)
    .withTypeProvider<ZodTypeProvider>()
    .setValidatorCompiler(validateAllButBodies)
    .setSerializerCompiler(serializerCompiler)
}

/** The schema of a body describes it. The domain judges bodies, touchpoints one by one: a bad one must not refuse the others. */
const validateAllButBodies: FastifySchemaCompiler<z.ZodType> = (part) =>
  part.httpPart === 'body' ? (value) => ({ value }) : validatorCompiler(part)

/** The one proxy in front says who asks; what that one was told by others it can't know. */
function nearestProxy(_address: string, hop: number): boolean {
  return hop === 0
}

/** The strictest that the pages work with; the page with a form widens `form-action` itself. */
function securityHeaders(url: string) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: [STYLE_SOURCE],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' as const },
    referrerPolicy: { policy: 'no-referrer' as const },
    strictTransportSecurity: url.startsWith('https:') ? { maxAge: 15_552_000, includeSubDomains: false } : false,
  }
}
