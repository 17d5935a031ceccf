import type { Tokens } from '../../src/domain/provider.ts'
import type { Http, HttpAnswer, HttpRequest, HttpResult } from '../../src/outbound/providers/http.ts'
import { LOGIN } from './memory-crm.ts'

/** What one login of an org is like now. */
export interface OrgLogin {
  /** What its refresh token is answered; null: with a new access token. */
  refusal: readonly [error: string, description: string] | null
  endAccess(): void
  /** The next refresh is carried out, and its answer lost. */
  loseAnswer: boolean
}

/** What every org answers while it is set. */
export type Weather = 'html_503' | 'html_400' | 'empty_502' | 'limit_403' | 'reset' | null

/** Salesforce with many orgs in memory, behind the adapter's own HTTP port: what its answers mean is for the adapter to read. */
export interface MemorySalesforces {
  readonly http: Http
  of(user: string): OrgLogin
  logIn(user: string): Tokens
  weather: Weather
  readonly calls: { refresh: number; data: number }
  /** Told whenever a login is refused. */
  onRefusal(see: (user: string) => void): void
}

interface Kept extends OrgLogin {
  access: string
  refresh: string
}

const GONE: HttpResult = { kind: 'no_answer', reason: 'reset', sent: true }

export function memorySalesforces(): MemorySalesforces {
  const logins = new Map<string, Kept>()
  const calls = { refresh: 0, data: 0 }
  let see: (user: string) => void = () => undefined
  let made = 0

  function of(user: string): Kept {
    const known = logins.get(user)
    if (known) return known
    const login: Kept = {
      refusal: null,
      loseAnswer: false,
      access: '',
      refresh: `${user}.refresh`,
      endAccess: () => {
        login.access = ''
      },
    }
    logins.set(user, login)
    return login
  }

  function refresh(token: string): HttpResult {
    calls.refresh++
    const user = token.split('.')[0] ?? ''
    const login = of(user)
    const refusal = token === login.refresh ? login.refusal : (['invalid_grant', 'expired access/refresh token'] as const)
    if (refusal) {
      see(user)
      return answer(400, { error: refusal[0], error_description: refusal[1] })
    }
    login.access = `${user}.${++made}`
    if (login.loseAnswer) {
      login.loseAnswer = false
      return GONE
    }
    return answer(200, {
      access_token: login.access,
      instance_url: originOf(user),
      token_type: 'Bearer',
      scope: 'api refresh_token',
    })
  }

  function data(token: string): HttpResult {
    calls.data++
    const user = token.split('.')[0] ?? ''
    if (of(user).access !== token || token === '') {
      return answer(401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }])
    }
    return answer(200, { DailyApiRequests: { Max: 100_000, Remaining: 99_000 } })
  }

  async function send({ url, headers, body }: HttpRequest): Promise<HttpResult> {
    const storm = inWeather(api.weather)
    if (storm) return storm
    if (url.startsWith(`${LOGIN}/services/oauth2/token`))
      return refresh(new URLSearchParams(String(body)).get('refresh_token') ?? '')
    return data((headers?.['authorization'] ?? '').replace('Bearer ', ''))
  }

  const api: MemorySalesforces = {
    http: { send, upload: noBulk, download: noBulk, close: () => undefined },
    of,
    logIn(user) {
      const login = of(user)
      Object.assign(login, { refusal: null, refresh: `${user}.refresh-${++made}`, access: `${user}.${++made}` })
      return {
        accessToken: login.access,
        refreshToken: login.refresh,
        apiOrigin: originOf(user),
        identityUrl: null,
        scopes: ['api', 'refresh_token'],
        accessExpiresAt: null,
        refreshExpiresAt: null,
      }
    },
    weather: null,
    calls,
    onRefusal(next) {
      see = next
    },
  }
  return api
}

function originOf(user: string): string {
  return `https://${user}.my.salesforce.com`
}

function inWeather(weather: Weather): HttpResult | null {
  switch (weather) {
    case null:
      return null
    case 'html_503':
      return answer(503, '<html><body>Service Unavailable</body></html>')
    case 'html_400':
      return answer(400, '<html><body>Bad Request</body></html>')
    case 'empty_502':
      return answer(502, '')
    case 'limit_403':
      return answer(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests Limit exceeded.' }])
    case 'reset':
      return GONE
  }
}

function answer(status: number, said: unknown): HttpAnswer {
  const isJson = typeof said !== 'string'
  const text = isJson ? JSON.stringify(said) : said
  return { kind: 'answer', status, headers: {}, text, json: isJson ? said : undefined, retryAfterMs: null }
}

function noBulk(): never {
  throw new Error('no bulk jobs here')
}
