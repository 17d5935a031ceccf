import { createHash, timingSafeEqual } from 'node:crypto'

/** The token of an `Authorization` header. Undefined: there is none. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
}

/** Which of the configured tokens it is, from 1; 0: none. Compares in constant time with each; says nothing about which one came near. */
export function tokenCheck(apiTokens: readonly string[]): (authorization: string | undefined) => number {
  const known = apiTokens.map(digest)
  return (authorization) => {
    const token = bearerOf(authorization)
    if (token === undefined) return 0
    const given = digest(token)
    let matching = 0
    for (const [index, one] of known.entries()) matching = Math.max(matching, Number(timingSafeEqual(one, given)) * (index + 1))
    return matching
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
