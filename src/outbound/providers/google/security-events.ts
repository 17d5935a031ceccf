import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { type Clock, DAY_MS, MINUTE_MS } from '../../../clock.ts'
import type { Ended, Listener } from '../../../domain/provider.ts'
import type { Http } from '../http.ts'
import { asList, asRecord, asText } from '../json.ts'

/** Keys are kept for a day; a message with a key that is not among them has them read anew, at most this often. */
const READ_ANEW_MS = 5 * MINUTE_MS

/** Events after which a login may be dead. `verification` is a test, `account-enabled` and the others end nothing. */
const ENDING =
  /\/(oauth\/event-type\/tokens?-revoked|risc\/event-type\/(sessions-revoked|account-disabled|account-purged|account-credential-change-required))$/

interface Issuer {
  readonly issuer: string
  readonly keys: ReturnType<typeof createLocalJWKSet>
  readonly readAtMs: number
}

interface Listening {
  readonly http: Http
  readonly clock: Clock
}

/**
 * Cross-Account Protection: security event tokens (RFC 8417), a JWT as the whole body. Its issuer and keys stand in the RISC
 * configuration; the audience is our client id, and its expiry is not looked at.
 * https://developers.google.com/identity/protocols/risc (2026-11)
 */
export function googleSecurityEvents(
  { clientId, loginUrl }: { readonly clientId: string; readonly loginUrl: string },
  { http, clock }: Listening,
): Listener {
  let known: Issuer | null = null

  async function read(): Promise<Issuer | null> {
    const configuration = await http.send({ method: 'GET', url: `${loginUrl}/.well-known/risc-configuration` })
    const said = asRecord(configuration.kind === 'answer' ? configuration.json : null)
    const [issuer, keysUrl] = [asText(said.issuer), asText(said.jwks_uri)]
    if (issuer === null || keysUrl === null || !URL.canParse(keysUrl)) return null
    const keys = await http.send({ method: 'GET', url: keysUrl })
    const set = keys.kind === 'answer' ? (keys.json as JSONWebKeySet) : null
    if (set === null || asList(set?.keys).length === 0) return null
    known = { issuer, keys: createLocalJWKSet(set), readAtMs: clock.now().getTime() }
    return known
  }

  async function issuerFor(maxAgeMs: number): Promise<Issuer | null> {
    return known && clock.now().getTime() - known.readAtMs < maxAgeMs ? known : read()
  }

  async function verify(token: string, maxAgeMs: number): Promise<JWTPayload | 'unknown_key' | 'unread'> {
    const issuer = await issuerFor(maxAgeMs)
    if (issuer === null) return 'unread'
    try {
      const options = { issuer: issuer.issuer, audience: clientId, algorithms: ['RS256'], currentDate: new Date(0) }
      return (await jwtVerify(token, issuer.keys, options)).payload
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey) return 'unknown_key'
      throw cause
    }
  }

  return {
    providers: ['google-ads', 'cm360'],
    async hear({ body }) {
      try {
        let payload = await verify(body.trim(), DAY_MS)
        if (payload === 'unknown_key') payload = await verify(body.trim(), READ_ANEW_MS)
        if (payload === 'unread') return { kind: 'unproven', why: "Google's keys can't be read" }
        if (payload === 'unknown_key') return { kind: 'forged', why: 'a key that Google does not name' }
        return { kind: 'heard', id: payload.jti ?? null, ended: endedIn(payload) }
      } catch (cause) {
        if (cause instanceof errors.JOSEError) return { kind: 'forged', why: cause.code }
        throw cause
      }
    },
  }
}

/** `{"events":{"https://schemas.openid.net/secevent/…":{"subject":{"subject_type":"iss-sub","sub":"…"}}}}` */
function endedIn({ events }: JWTPayload): Ended {
  const ending = Object.entries(asRecord(events)).filter(([type]) => ENDING.test(type))
  const users = ending.map(([, event]) => asText(asRecord(asRecord(event).subject).sub))
  return { providerUserIds: users.filter((user) => user !== null), accountIds: [] }
}
