import type { FastifyReply, FastifyRequest } from 'fastify'

/** Cookies of one kind, many beside each other: one for each login or sign-in under way, each choice, or each result. */
export interface Cookies {
  /** Undefined when this browser has none under that key. */
  read(request: FastifyRequest, key: string): string | undefined
  /** Also forgets the oldest, so that a browser never sends more than it may. */
  set(request: FastifyRequest, reply: FastifyReply, key: string, value: string, maxAgeMs: number): void
  clear(reply: FastifyReply, key: string): void
}

/** More logins at once in one browser than anybody needs; each cookie has about a kilobyte, and Node takes 16 of headers. */
const KEPT = 4

/** Behind https nothing but this very host can set or see them (`__Host-`). */
export function cookies(url: string, kind: 'login' | 'choose' | 'done' | 'sign-in' | 'who'): Cookies {
  const secure = url.startsWith('https:')
  const prefix = `${secure ? '__Host-' : ''}redkey-${kind === 'login' ? '' : `${kind}.`}`
  const name = new RegExp(kind === 'login' ? `^${prefix}[\\w-]{1,16}$` : `^${prefix}`)
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax' as const, secure }
  return {
    read: (request, key) => request.cookies[prefix + key],
    set(request, reply, key, value, maxAgeMs) {
      // Browsers send the older ones first (RFC 6265, 5.4).
      const others = Object.keys(request.cookies).filter((other) => name.test(other) && other !== prefix + key)
      for (const other of others.slice(0, Math.max(0, others.length - KEPT + 1))) reply.clearCookie(other, attributes)
      reply.setCookie(prefix + key, value, { ...attributes, maxAge: Math.floor(maxAgeMs / 1000) })
    },
    clear: (reply, key) => reply.clearCookie(prefix + key, attributes),
  }
}

/** The part of a `state` that names its cookie. Undefined for what can't be a state of ours. */
export function cookieKey(state: string | null): string | undefined {
  return state !== null && /^[\w-]{32,128}$/.test(state) ? state.slice(0, 16) : undefined
}
