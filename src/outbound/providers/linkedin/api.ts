import type { Clock } from '../../../clock.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import type { Http, HttpAnswer } from '../http.ts'
import { asRecord, type JsonRecord } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import { refusedHost } from '../refusals.ts'
import { allowedOrigin, type TokenHosts } from '../token-hosts.ts'
import { readApiAnswer, readSilence } from './verdicts.ts'

/**
 * Versions come monthly and live a year at least; 202607 ends on 2027-07-15, so this one about a month later. It is the first with
 * URL parameters of an ad account.
 * https://learn.microsoft.com/linkedin/marketing/versioning, …/marketing/integrations/migrations, …/recent-changes (2026-11)
 */
const LINKEDIN_VERSION = '202608'

/** Authorised calls. `path` has its query, which Rest.li wants encoded in its own way. */
export interface Api {
  /** `method`: of Rest.li, where a resource wants it named. */
  get(tokens: Tokens, path: string, method?: 'FINDER'): Promise<Asked<JsonRecord>>
  /** `null`: there is no such thing. */
  find(tokens: Tokens, path: string): Promise<Asked<JsonRecord | null>>
  /** Several at once, by id; what is refused or not there is left out. */
  getBatch(tokens: Tokens, path: string): Promise<Asked<JsonRecord>>
  put(tokens: Tokens, path: string, body: object): Promise<Asked<null>>
  /** Fine also where nothing is left to take away. */
  remove(tokens: Tokens, path: string): Promise<Asked<null>>
}

interface ApiDeps {
  readonly http: Http
  readonly clock: Clock
  readonly hosts: TokenHosts
}

interface Call {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  readonly path: string
  readonly restMethod?: 'FINDER' | 'BATCH_GET' | undefined
  readonly body?: object
}

type Accepts = (answer: HttpAnswer, refusal: Verdict) => boolean

export function createApi({ http, clock, hosts }: ApiDeps): Api {
  async function send(tokens: Tokens, call: Call, accepts: Accepts = () => false): Promise<Asked<HttpAnswer>> {
    const origin = allowedOrigin(hosts, tokens.apiOrigin)
    if (origin === null) return refusedHost('LinkedIn')
    const { method, path, restMethod, body } = call
    const headers = {
      authorization: `Bearer ${tokens.accessToken}`,
      'linkedin-version': LINKEDIN_VERSION,
      'x-restli-protocol-version': '2.0.0',
      ...(restMethod && { 'x-restli-method': restMethod }),
      ...(body && { 'content-type': 'application/json' }),
    }
    const answer = await http.send({ method, url: `${origin}${path}`, headers, ...(body && { body: JSON.stringify(body) }) })
    if (answer.kind === 'no_answer') return readSilence(answer)
    const refusal = readApiAnswer(answer, clock.now())
    if (refusal === null || accepts(answer, refusal)) return { kind: 'ok', value: answer }
    return refusal.kind === 'authorization_required' && !refusal.certain ? mayBeStale(refusal, tokens) : refusal
  }

  return {
    async get(tokens, path, restMethod) {
      const asked = await send(tokens, { method: 'GET', path, restMethod })
      return asked.kind === 'ok' ? { kind: 'ok', value: asRecord(asked.value.json) } : asked
    },
    async find(tokens, path) {
      const asked = await send(tokens, { method: 'GET', path }, isNotThere)
      return asked.kind === 'ok' ? { kind: 'ok', value: asked.value.status === 404 ? null : asRecord(asked.value.json) } : asked
    },
    async getBatch(tokens, path) {
      const asked = await send(tokens, { method: 'GET', path, restMethod: 'BATCH_GET' }, isBatch)
      if (asked.kind !== 'ok') return asked
      const { results, errors } = asRecord(asked.value.json)
      const hasFailed = Object.values(asRecord(errors)).some((error) => !isFinal(asRecord(error).status))
      return hasFailed ? verdictOf(PART_FAILED, 'part_failed', null) : { kind: 'ok', value: asRecord(results) }
    },
    async put(tokens, path, body) {
      const asked = await send(tokens, { method: 'PUT', path, body })
      return asked.kind === 'ok' ? { kind: 'ok', value: null } : asked
    },
    async remove(tokens, path) {
      const asked = await send(tokens, { method: 'DELETE', path }, isNotThere)
      return asked.kind === 'ok' ? { kind: 'ok', value: null } : asked
    },
  }
}

const isNotThere: Accepts = ({ status }, refusal) => status === 404 && refusal.kind === 'rejected'

/** The errors in it are those of single parts. */
const isBatch: Accepts = ({ status, json }) => status === 200 && asRecord(json).results !== undefined

/** Refused or not there, and not only for now. */
function isFinal(status: unknown): boolean {
  return typeof status === 'number' && status >= 400 && status < 500 && status !== 429
}

const PART_FAILED = passes('LinkedIn answered only in part and asks to try again.')

/** A refusal that a new access token may cure, where there is a refresh token to get one with. The token endpoint then tells the truth. */
function mayBeStale(refusal: Exclude<Asked<never>, { kind: 'ok' }>, { refreshToken }: Tokens): Asked<never> {
  if (refreshToken === null) return refusal
  return {
    kind: 'refresh',
    code: refusal.code,
    explanation: 'LinkedIn did not accept the access token, so a new one is asked for.',
  }
}
