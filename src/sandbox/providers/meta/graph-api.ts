import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Reply } from '../http-server.ts'
import { businessUse, ERRORS, type GraphError, refusal, UNAVAILABLE_HTML, unknownObject } from './answers.ts'
import type { MetaAccount, MetaPerson, World } from './world.ts'

interface Caller {
  readonly person: MetaPerson
  readonly scopes: readonly string[]
  readonly hasDataAccess: boolean
}

/** Edges that are read with a user's token. `path` follows the version. */
export function graphApi(world: World, request: IncomingMessage, path: string, query: URLSearchParams): Reply {
  const { switches } = world
  if (switches.down) return { status: 503, html: UNAVAILABLE_HTML }
  const trouble = troubleOfApp(world)
  if (trouble) return refuse(world, trouble)
  const token = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? query.get('access_token')
  if (!token) return refuse(world, ERRORS.noToken)
  const proof = createHmac('sha256', world.clientSecret).update(token).digest('hex')
  const state = world.stateOf(token)
  if (state.kind === 'dead') return refuse(world, state.error)
  if (query.get('appsecret_proof') !== proof) return refuse(world, ERRORS.wrongProof)
  const caller = {
    person: state.person,
    scopes: state.grant.scopes,
    hasDataAccess: world.dataAccessEndsAtMs(state.grant) > world.now().getTime(),
  }
  return answer(world, caller, path, query, request.method ?? 'GET')
}

function answer(world: World, caller: Caller, path: string, query: URLSearchParams, method: string): Reply {
  const { person } = caller
  if (path === '/me') return { status: 200, json: { id: person.id, name: person.displayName } }
  if (path === '/me/permissions' && method === 'DELETE') {
    world.kill(person, 'appRemoved')
    return { status: 200, json: { success: true } }
  }
  if (path === '/me/permissions') return { status: 200, json: { data: permissions(caller) } }
  if (!caller.hasDataAccess) return refuse(world, ERRORS.dataAccessOver)
  if (path === '/me/adaccounts') return listAccounts(world, caller, query)
  const account = world.accounts.find(({ id }) => path === `/${id}`)
  if (path.startsWith('/act_') && !account) return refuse(world, unknownObject(path.slice(1)))
  return account ? readAccount(world, caller, account) : refuse(world, ERRORS.unknownPath)
}

/** …/docs/graph-api/reference/user/permissions (2026-11): granted, declined, expired. */
function permissions({ scopes }: Caller): readonly object[] {
  return ['public_profile', 'ads_read'].map((permission) => ({
    permission,
    status: permission === 'public_profile' || scopes.includes(permission) ? 'granted' : 'declined',
  }))
}

function readAccount(world: World, { person, scopes }: Caller, account: MetaAccount): Reply {
  if (world.switches.tooManyCalls) return refuse(world, ERRORS.tooManyCalls, businessUse(account.id, 7))
  if (!account.people.has(person.id) || !scopes.includes('ads_read')) return refuse(world, ERRORS.noAccountRight)
  return { status: 200, json: shown(account) }
}

/** …/docs/marketing-api/reference/user/adaccounts and …/docs/graph-api/results (cursor paging), 2026-11. */
function listAccounts(world: World, { person, scopes }: Caller, query: URLSearchParams): Reply {
  if (!scopes.includes('ads_read')) return refuse(world, ERRORS.noAccountRight)
  const mine = world.accounts.filter(({ people }) => people.has(person.id))
  const limit = Number(query.get('limit') ?? 25)
  const after = query.get('after')
  const start = after === null ? 0 : Number(Buffer.from(after, 'base64url').toString())
  const page = mine.slice(start, start + limit)
  const end = start + page.length
  const cursors = { before: cursor(start), after: cursor(end) }
  const next = end < mine.length ? { next: `https://graph.facebook.com/v26.0/me/adaccounts?after=${cursors.after}` } : {}
  return { status: 200, json: { data: page.map(shown), ...(page.length > 0 && { paging: { cursors, ...next } }) } }
}

function cursor(place: number): string {
  return Buffer.from(String(place)).toString('base64url')
}

function shown({ id, name, status, currency, timezone }: MetaAccount): object {
  const disable_reason = status === 2 ? 1 : 0
  return {
    id,
    account_id: id.replace('act_', ''),
    name,
    account_status: status,
    disable_reason,
    currency,
    timezone_name: timezone,
  }
}

function troubleOfApp({ switches }: World): GraphError | null {
  if (switches.serviceDown) return ERRORS.serviceDown
  if (switches.oldVersion) return ERRORS.oldVersion
  if (switches.deactivated) return ERRORS.deactivated
  if (switches.noCapability) return ERRORS.noCapability
  return switches.blocked ? ERRORS.blocked : null
}

function refuse(world: World, error: GraphError, headers: Record<string, string> = {}): Reply {
  return refusal(error, { under200: world.switches.errorsUnder200, headers })
}
