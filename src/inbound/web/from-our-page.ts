import type { FastifyReply, FastifyRequest } from 'fastify'

/** Else anybody could send a browser on to log in for a link of their own, without its owner having read the page. */
export function isFromOurPage({ headers }: FastifyRequest, url: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === undefined || headers.origin === new URL(url).origin
}

/**
 * A login goes through redirects that nobody can list (the provider's, the customer's own identity provider), and Chromium holds
 * all of them against `form-action`. So a page that begins one allows any https host, and http on this machine only.
 */
export const LOGIN_FORM = "form-action 'self' https: http://localhost:* http://127.0.0.1:*"

/** For a page with a form: where it may lead, as a directive. */
export function allowForm(reply: FastifyReply, formAction: string): void {
  const policy = String(reply.getHeader('content-security-policy')).replace("form-action 'none'", formAction)
  reply.header('content-security-policy', policy)
  // With `no-referrer` a browser says `Origin: null` with the form, and the form could not be told from a foreign one.
  reply.header('referrer-policy', 'same-origin')
}
