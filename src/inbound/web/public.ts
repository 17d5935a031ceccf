/** A page for people: not in the description of the API, and limited for each address that asks. */
export const PUBLIC = { schema: { hide: true }, config: { rateLimit: {} } }

/** What a link scanner gets: nothing is read, begun or told. */
export function headRoute(url: string, type = 'text/html; charset=utf-8') {
  return { ...PUBLIC, method: 'HEAD' as const, url, handler: (_request: unknown, reply: Typed) => reply.type(type).send() }
}

interface Typed {
  type(type: string): { send(): unknown }
}
