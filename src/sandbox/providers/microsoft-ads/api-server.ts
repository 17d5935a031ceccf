import type { IncomingMessage } from 'node:http'
import type { CallLog } from '../call-log.ts'
import type { FakeEntra } from '../entra/fake-entra.ts'
import { type Handle, type Reply, readBody, sendReply } from '../http-server.ts'
import { type AdsBook, type AdsUser, accountJson, userJson } from './accounts.ts'
import type { AdsContent } from './ad-libraries.ts'
import { adReports } from './ad-report.ts'
import { ADS_FAULTS, type AdsFaultName, faultBody, UNAVAILABLE_HTML } from './answers.ts'
import { type BulkRequest, bulkDownloads } from './bulk-download.ts'
import { campaignApi } from './campaign-api.ts'
import { fileStore } from './files.ts'

export const ADS_SCOPE = 'https://ads.microsoft.com/msads.manage'

/** Read at each call; set them as you like. */
export interface AdsSwitches {
  /** HTML with 503 from every service. */
  down: boolean
  /** Every call of everybody is refused with it. */
  refusesWith: AdsFaultName | null
  /** Faults come with status 200, as SOAP faults sometimes did. */
  faultsWith200: boolean
  /** Calls of these paths are refused, each with its own fault. */
  readonly refusesPath: Map<string, AdsFaultName>
  /** How long reports and bulk files take. */
  reportTakesMs: number
  bulkTakesMs: number
  /** Reports and bulk files can't be made. */
  filesFail: boolean
  /** Changes only are not to be had of any account. */
  bulkNeedsFull: boolean
  /** Files break off after so many bytes; null: they don't. */
  cutFilesAfter: number | null
  /** Where files are said to lie; null: here. */
  filesAt: string | null
}

interface ApiServerOptions {
  readonly entra: FakeEntra
  readonly book: AdsBook
  readonly contents: ReadonlyMap<string, AdsContent>
  readonly switches: AdsSwitches
  readonly calls: CallLog
  developerToken(): string
  now(): Date
}

type Outcome = { readonly json: object } | AdsFaultName

/** Customer Management, Campaign Management, Reporting and Bulk v13, REST: POSTs with JSON, also where something is only read. */
export function apiServer(options: ApiServerOptions): Handle {
  const { entra, book, contents, switches, calls, now } = options
  const files = fileStore({ now, cutAfter: () => switches.cutFilesAfter })
  const fails = () => switches.filesFail
  const reports = adReports({ contents, files, now, fails, takesMs: () => switches.reportTakesMs })
  const takesMs = () => switches.bulkTakesMs
  const bulk = bulkDownloads({ contents, files, now, fails, takesMs, needsFull: () => switches.bulkNeedsFull })
  let count = 0

  async function outcomeOf(request: IncomingMessage, path: string): Promise<Outcome | null> {
    const user = userOf(request)
    if (typeof user === 'string') return user
    const body = readJson(await readBody(request))
    if (body === null) return 'badRequest'
    const refusal = switches.refusesPath.get(path)
    if (refusal) return refusal
    const [, service = '', , ...rest] = path.split('/')
    const operation = `/${rest.join('/')}`
    return service === 'CustomerManagement'
      ? customers(user, operation, body)
      : inAccount(request, user, service, operation, body)
  }

  function customers(user: AdsUser, operation: string, body: Body): Outcome | null {
    switch (operation) {
      case '/User/Query':
        return { json: userJson(user, customerOf(user)) }
      case '/Accounts/Search':
        return search(user, body)
      case '/Account/Query':
        return getAccount(user, String(body.AccountId ?? ''))
      default:
        return null
    }
  }

  /** The services that want an account in the headers. */
  function inAccount(request: IncomingMessage, user: AdsUser, service: string, operation: string, body: Body): Outcome | null {
    const accountId = String(request.headers.customeraccountid ?? '')
    const origin = switches.filesAt ?? `http://${request.headers.host}`
    if (accountId === '') return 'missingHeaders'
    const mayRead = (id: string) => user.access.has(id) && isThere(id)
    switch (`${service}${operation}`) {
      case 'Reporting/GenerateReport/Submit':
        return reports.submit(user.username, body.ReportRequest ?? {}, mayRead)
      case 'Reporting/GenerateReport/Poll':
        return reports.poll(user.username, body.ReportRequestId, origin)
      case 'Bulk/Campaigns/DownloadByAccountIds':
        return bulk.submit(user.username, body, mayRead)
      case 'Bulk/BulkDownloadStatus/Query':
        return bulk.status(user.username, body.RequestId, origin)
    }
    const content = contents.get(accountId)
    if (service !== 'CampaignManagement') return null
    if (!content || !isThere(accountId)) return 'unknownAccount'
    if (!mayRead(accountId)) return 'notAuthorized'
    return campaignApi(operation, body, content, accountId, user.role !== 'viewer')
  }

  function isThere(id: string): boolean {
    return book.accounts.some((account) => account.id === id && !account.isDeleted)
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
    const log = (status: number) =>
      calls.add({ at: now(), method: request.method ?? '', path, status, username: null, records: 0 })
    if (request.method === 'GET') {
      const given = files.answer(request, path, response)
      if (given !== null) return log(given)
    }
    const reply: Reply = switches.down ? { status: 503, html: UNAVAILABLE_HTML } : replyOf(await outcomeOf(request, path))
    log(reply.status)
    sendReply(response, reply)
  }
}

interface Body extends BulkRequest {
  readonly AccountId?: unknown
  readonly Predicates?: readonly { readonly Field?: unknown; readonly Operator?: unknown; readonly Value?: unknown }[]
  readonly PageInfo?: { readonly Index?: number; readonly Size?: number }
  readonly ReportRequest?: object
  readonly ReportRequestId?: unknown
  readonly RequestId?: unknown
}

function readJson(text: string): Body | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : null
  } catch {
    return null
  }
}
