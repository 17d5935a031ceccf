import type { Tokens } from '../../src/domain/provider.ts'
import type { Http, HttpAnswer, HttpRequest, HttpResult } from '../../src/outbound/providers/http.ts'

const ORIGIN = 'https://acme.my.salesforce.com'
export const LOGIN = 'https://login.salesforce.com'

/** How one write is answered. `lost_before`: the line drops before anything is written; `lost_after`: afterwards. */
export type WriteAnswer = 'fine' | 'lost_before' | 'lost_after' | 'some_locked' | 'limit' | 'down' | 'odd'

/** A record as it arrived: the touchpoint's id, and what the test wrote into it. */
export interface Written {
  readonly id: string
  readonly content: string
}

/**
 * A Salesforce org in memory, behind the adapter's own HTTP port: no sockets, so that one seed is one course of events. It compares
 * external ids without case, as Marketo Measure's package does.
 */
export interface MemoryCrm {
  readonly http: Http
  /** Newest content by id in lower case. */
  readonly records: ReadonlyMap<string, Written>
  /** Answers of the next writes; afterwards all is fine. */
  answerNext(answers: readonly WriteAnswer[]): void
  /** Refuses these for good, as a validation rule would. */
  refuse(ids: ReadonlySet<string>): void
  /** Called while each write is under way, after it has been carried out and before it is answered. */
  onWrite(act: (() => Promise<void>) | null): void
  /** Called for every record, at the moment in which it is written. */
  onRecord(see: (written: Written) => void): void
  killGrant(): void
  login(): Tokens
}

interface Row {
  readonly attributes: { readonly type: string }
  readonly bizible2__UniqueId__c: string
  readonly bizible2__Ad_Content__c: string
}

type RowAnswer = { readonly success: true; readonly created: boolean; readonly errors: readonly [] } | ReturnType<typeof refusal>

export function memoryCrm(): MemoryCrm {
  const records = new Map<string, Written>()
  const answers: WriteAnswer[] = []
  let refused: ReadonlySet<string> = new Set()
  let act: (() => Promise<void>) | null = null
  let see: (written: Written) => void = () => undefined
  let logins = 0
  let living = ''

  function write({ bizible2__UniqueId__c: id, bizible2__Ad_Content__c: content }: Row): RowAnswer {
    if (refused.has(id)) return refusal('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'A touchpoint must belong to an open campaign.')
    const key = id.toLowerCase()
    const created = !records.has(key)
    records.set(key, { id, content })
    see({ id, content })
    return { success: true, created, errors: [] }
  }

  async function upsert(body: string): Promise<HttpResult> {
    const rows = (JSON.parse(body) as { records: Row[] }).records
    const how = answers.shift() ?? 'fine'
    if (how === 'lost_before') return LOST
    if (how === 'limit') return answer(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }])
    if (how === 'down') return answer(503, undefined)
    const locked = (place: number) => how === 'some_locked' && place % 2 === 0
    const results = rows.map((row, place) => (locked(place) ? refusal('UNABLE_TO_LOCK_ROW', 'unable to lock') : write(row)))
    await act?.()
    if (how === 'lost_after') return LOST
    return answer(200, how === 'odd' ? results.slice(1) : results)
  }

  async function send({ method, url, headers, body }: HttpRequest): Promise<HttpResult> {
    if (url.startsWith(`${LOGIN}/services/oauth2/token`)) {
      return answer(400, { error: 'invalid_grant', error_description: 'expired access/refresh token' })
    }
    if (living === '' || headers?.['authorization'] !== `Bearer ${living}`) {
      return answer(401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }])
    }
    if (method === 'PATCH') return upsert(String(body ?? ''))
    return answer(200, { DailyApiRequests: { Max: 100_000, Remaining: 100_000 } })
  }

  return {
    http: { send, upload: noBulk, download: noBulk, close: () => undefined },
    records,
    answerNext: (next) => void answers.splice(0, answers.length, ...next),
    refuse(ids) {
      refused = ids
    },
    onWrite(next) {
      act = next
    },
    onRecord(next) {
      see = next
    },
    killGrant() {
      living = ''
    },
    login() {
      living = `session-${++logins}`
      return {
        accessToken: living,
        refreshToken: `refresh-${logins}`,
        apiOrigin: ORIGIN,
        identityUrl: null,
        scopes: ['api', 'refresh_token'],
        accessExpiresAt: null,
        refreshExpiresAt: null,
      }
    },
  }
}

const LOST: HttpResult = { kind: 'no_answer', reason: 'reset', sent: true }

function refusal(statusCode: string, message: string) {
  return { success: false as const, errors: [{ statusCode, message, fields: [] }] }
}

function answer(status: number, json: unknown): HttpAnswer {
  return { kind: 'answer', status, headers: {}, text: JSON.stringify(json) ?? '', json, retryAfterMs: null }
}

function noBulk(): never {
  throw new Error('no bulk jobs here')
}
