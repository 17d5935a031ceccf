import type { SendProblem } from './problem.ts'
import type { WebApp } from './web-deps.ts'

/**
 * Remembers every route from here on. The plugin that it returns, registered last, makes each address answer 405 with `Allow` to
 * the methods that it doesn't have; without it they would look as if the address did not exist.
 */
export function refuseOtherMethods(app: WebApp, sendProblem: SendProblem): (last: WebApp) => Promise<void> {
  const methodsOf = new Map<string, Set<string>>()
  let closed = false
  app.addHook('onRoute', ({ url, method }) => {
    if (closed) return
    const methods = methodsOf.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    methodsOf.set(url, methods)
  })
  return async (last) => {
    closed = true
    for (const [url, methods] of methodsOf) {
      const allow = [...methods].sort().join(', ')
      last.route({
        method: last.supportedMethods.filter((method) => !methods.has(method)),
        url,
        schema: { hide: true },
        // Before the body is looked at: of what kind it is doesn't matter.
        onRequest: async (request, reply) => {
          reply.header('allow', allow)
          return sendProblem(reply, { code: 'method_not_allowed', detail: `${request.method} is not among ${allow}.` })
        },
        handler: async () => undefined,
      })
    }
  }
}
