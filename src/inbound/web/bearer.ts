import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in constant time with every configured token; says nothing about which one came near. */
export function tokenCheck(apiTokens: readonly string[]): (authorization: string | undefined) => boolean {
  const known = apiTokens.map(digest)
  return (authorization) => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
    if (token === undefined) return false
    const given = digest(token)
    let matches = 0
    for (const one of known) matches += Number(timingSafeEqual(one, given))
    return matches > 0
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
