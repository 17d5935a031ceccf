import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Reply, readForm } from '../http-server.ts'
import type { MetaAccount } from './ad-accounts.ts'
import { insights, reportRun } from './ad-report.ts'
import { changeAd, createCreative, listAds, noObject, readAd, readCreative } from './ads-api.ts'
import { businessUse, ERRORS, type GraphError, refusal, UNAVAILABLE_HTML } from './answers.ts'
import { pageOf } from './paging.ts'
import type { MetaPerson, World } from './world.ts'

interface Caller {
  readonly person: MetaPerson
  readonly scopes: readonly string[]
  readonly hasDataAccess: boolean
}

/** What is read and changed with a user's token. `path` follows the version. */
export async function graphApi(world: World, request: IncomingMessage, path: string, query: URLSearchParams): Promise<Reply> {
  const { switches } = world
  const method = request.method ?? 'GET'
  const given = method === 'POST' ? await readForm(request) : query
  if (switches.down) return { status: 503, html: UNAVAILABLE_HTML }
  const trouble = troubleOfApp(world)
  if (trouble) return refuse(world, trouble)
  const token = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? given.get('access_token')
  if (!token) return refuse(world, ERRORS.noToken)
  const proof = createHmac('sha256', world.clientSecret).update(token).digest('hex')
  const state = world.stateOf(token)
  if (state.kind === 'dead') return refuse(world, state.error)
  if (given.get('appsecret_proof') !== proof) return refuse(world, ERRORS.wrongProof)
  const caller = {
    person: state.person,
    scopes: state.grant.scopes,
    hasDataAccess: world.dataAccessEndsAtMs(state.grant) > world.now().getTime(),
  }
  return answer(world, caller, path, given, method)
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
  return ofAccounts(world, caller, path, query, method)
}

/** Everything that belongs to one ad account: the account itself, its edges, ads, creatives and reports. */
function ofAccounts(world: World, caller: Caller, path: string, given: URLSearchParams, method: string): Reply {
  const isChange = method === 'POST' && !path.endsWith('/insights')
  const guarded = (account: MetaAccount, reply: () => Reply) => refusalFor(world, caller, account, isChange) ?? reply()
  const [, id, edge = ''] = /^\/(act_\d+)(?:\/(\w+))?$/.exec(path) ?? []
  const account = world.accounts.find((one) => one.id === id)
  if (account && edge === '') return guarded(account, () => ({ status: 200, json: shown(account) }))
  if (account && edge === 'insights') return guarded(account, () => insights(world, account, given, method))
  if (account && edge === 'ads') return guarded(account, () => listAds(world, account, given))
  if (account && edge === 'adcreatives' && isChange) return guarded(account, () => createCreative(world, account, given))
  const run = reportRun(world, path, given)
  if (run) return guarded(run.account, () => run.reply)
  for (const one of world.accounts) {
    const ad = one.ads.find(path.slice(1))
    if (ad) return guarded(one, () => (isChange ? changeAd(world, one, ad, given) : readAd(world, one, ad, given)))
    const creative = world.creatives.find(path.slice(1))
    if (creative?.account === one.id) return guarded(one, () => readCreative(creative, given))
  }
  return /^\/(act_)?\d+$/.test(path) ? noObject(path) : refuse(world, ERRORS.unknownPath)
}

/** …/docs/graph-api/reference/user/permissions (2026-11): granted, declined, expired. */
function permissions({ scopes }: Caller): readonly object[] {
  return ['public_profile', 'ads_read', 'ads_management'].map((permission) => ({
    permission,
    status: permission === 'public_profile' || scopes.includes(permission) ? 'granted' : 'declined',
  }))
}

/** Null: this person may do it with this token. */
function refusalFor(world: World, { person, scopes }: Caller, account: MetaAccount, isChange: boolean): Reply | null {
  if (world.switches.tooManyCalls) return refuse(world, ERRORS.tooManyCalls, businessUse(account.id, 7))
  if (!account.people.has(person.id) || !readsAds(scopes)) return refuse(world, ERRORS.noAccountRight)
  if (!isChange) return null
  if (!scopes.includes('ads_management')) return refuse(world, ERRORS.noAccountRight)
  return account.viewers.has(person.id) ? refuse(world, ERRORS.noRightToChange) : null
}

function readsAds(scopes: readonly string[]): boolean {
  return scopes.includes('ads_read') || scopes.includes('ads_management')
}

/** …/docs/marketing-api/reference/user/adaccounts (2026-11) */
function listAccounts(world: World, { person, scopes }: Caller, query: URLSearchParams): Reply {
  if (!readsAds(scopes)) return refuse(world, ERRORS.noAccountRight)
  const mine = world.accounts.filter(({ people }) => people.has(person.id))
  return pageOf(mine.map(shown), query, '/me/adaccounts', world.limits.rowsPerPage)
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
