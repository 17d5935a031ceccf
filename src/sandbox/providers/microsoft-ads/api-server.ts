import type { IncomingMessage } from 'node:http'
import type { CallLog } from '../call-log.ts'
import type { FakeEntra } from '../entra/fake-entra.ts'
import { type Handle, type Reply, readBody, sendReply } from '../http-server.ts'
import { type AdsBook, type AdsUser, accountJson, userJson } from './accounts.ts'
import { ADS_FAULTS, type AdsFaultName, faultBody, UNAVAILABLE_HTML } from './answers.ts'

export const ADS_SCOPE = 'https://ads.microsoft.com/msads.manage'

/** Read at each call; set them as you like. */
export interface AdsSwitches {
  /** HTML with 503 from every service. */
  down: boolean
  /** Every call of everybody is refused with it. */
  refusesWith: AdsFaultName | null
  /** Faults come with status 200, as SOAP faults sometimes did. */
  faultsWith200: boolean
}

interface ApiServerOptions {
  readonly entra: FakeEntra
  readonly book: AdsBook
  readonly switches: AdsSwitches
  readonly calls: CallLog
  developerToken(): string
  now(): Date
}

type Outcome = { readonly json: object } | AdsFaultName

/** Customer Management v13, REST: POSTs with JSON, also where something is only read. */
export function apiServer(options: ApiServerOptions): Handle {
  const { entra, book, switches, calls } = options
  let count = 0

  async function outcomeOf(request: IncomingMessage, path: string): Promise<Outcome | null> {
    const user = userOf(request)
    if (typeof user === 'string') return user
    const body = readJson(await readBody(request))
    if (body === null) return 'badRequest'
    switch (path) {
      case '/CustomerManagement/v13/User/Query':
        return { json: userJson(user, customerOf(user)) }
      case '/CustomerManagement/v13/Accounts/Search':
        return search(user, body)
      case '/CustomerManagement/v13/Account/Query':
        return getAccount(user, String(body.AccountId ?? ''))
      default:
        return null
    }
  }

  /** Who calls, or why nobody may. */
  function userOf({ headers }: IncomingMessage): AdsUser | AdsFaultName {
    if (switches.refusesWith) return switches.refusesWith
    const token = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
    const developerToken = headers.developertoken
    if (token === undefined || developerToken === undefined) return 'missingHeaders'
    if (developerToken !== options.developerToken()) return 'invalidCredentials'
    const session = entra.session(token)
    if (session === null) return 'tokenExpired'
    if (!session.scopes.includes(ADS_SCOPE)) return 'wrongScope'
    const user = book.users.find(({ username }) => username === session.person.username)
    return user ? (user.refusedWith ?? user) : 'userNotFound'
  }

  function search(user: AdsUser, { Predicates, PageInfo }: Body): Outcome {
    const [predicate] = Array.isArray(Predicates) ? Predicates : []
    const { Index = 0, Size = 0 } = PageInfo ?? {}
    if (predicate?.Field !== 'UserId' || predicate.Operator !== 'Equals' || Size > 1000) return 'badRequest'
    if (String(predicate.Value) !== user.id) return 'noRight'
    const reachable = book.accounts.filter(({ id, isDeleted }) => user.access.has(id) && !isDeleted)
    return { json: { Accounts: reachable.slice(Index * Size, (Index + 1) * Size).map(accountJson) } }
  }

  function getAccount(user: AdsUser, id: string): Outcome {
    const account = book.accounts.find((one) => one.id === id)
    if (!account || account.isDeleted) return 'unknownAccount'
    return user.access.has(id) ? { json: { Account: accountJson(account) } } : 'notAuthorized'
  }

  function customerOf({ access }: AdsUser): string {
    return book.accounts.find(({ id }) => access.has(id))?.customerId ?? '250000009'
  }

  function replyOf(outcome: Outcome | null): Reply {
    count += 1
    if (outcome === null) return { status: 404, text: '' }
    if (typeof outcome !== 'string') return { status: 200, json: outcome.json }
    const status = switches.faultsWith200 ? 200 : ADS_FAULTS[outcome].status
    return { status, json: faultBody(outcome, `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`) }
  }

  return async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://fake').pathname
    const reply: Reply = switches.down ? { status: 503, html: UNAVAILABLE_HTML } : replyOf(await outcomeOf(request, path))
    const { status } = reply
    calls.add({ at: options.now(), method: request.method ?? '', path, status, username: null, records: 0 })
    sendReply(response, reply)
  }
}

interface Body {
  readonly AccountId?: unknown
  readonly Predicates?: readonly { readonly Field?: unknown; readonly Operator?: unknown; readonly Value?: unknown }[]
  readonly PageInfo?: { readonly Index?: number; readonly Size?: number }
}

function readJson(text: string): Body | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : null
  } catch {
    return null
  }
}
