import type { IncomingMessage } from 'node:http'
import { type Reply, readBody } from '../http-server.ts'
import { API_FAULTS, CM360_FAULTS, frontPage } from './answers.ts'
import { refusedBy } from './cm360-answers.ts'
import { media, reports } from './cm360-reports.ts'
import { trafficking } from './cm360-trafficking.ts'
import type { CmAccount } from './cm360-world.ts'
import { bearer } from './login-server.ts'
import type { GoogleWorld, Profile } from './world.ts'

const SERVICE = 'dfareporting.googleapis.com'
const REPORTING = 'https://www.googleapis.com/auth/dfareporting'
const TRAFFICKING = 'https://www.googleapis.com/auth/dfatrafficking'

/** Null: this is no address of the Campaign Manager 360 API. Of versions only v5 lives (…/doubleclick-advertisers/deprecation, 2026-11). */
export async function cm360Api(world: GoogleWorld, request: IncomingMessage, url: URL, origin: string): Promise<Reply | null> {
  const { pathname, searchParams: query } = url
  if (!pathname.startsWith('/dfareporting/')) return null
  const body = await readBody(request)
  const path = /^\/dfareporting\/v5\/(.+)$/.exec(pathname)?.[1]
  if (world.switches.apisDown) return { status: 502, html: frontPage(502, pathname) }
  if (path === undefined) return { status: 404, html: frontPage(404, pathname) }
  const grant = world.oauth.session(bearer(request) ?? '')?.grant
  if (!grant) return refusedBy(API_FAULTS.stale(SERVICE))
  const { cm360Fault } = world.switches
  if (cm360Fault) return refusedBy(cm360Fault)
  const { email } = world.personOf(grant)
  const mine = world.profiles.filter((profile) => profile.isActive && profile.email === email)
  if (path === 'userprofiles') {
    if (![REPORTING, TRAFFICKING].some((scope) => grant.scopes.includes(scope))) return refusedBy(API_FAULTS.scope(SERVICE))
    return { status: 200, json: { kind: 'dfareporting#userProfileList', etag: '"fake"', items: mine.map(shown) } }
  }
  const [, id, below = ''] = /^userprofiles\/(\d+)\/(.+)$/.exec(path) ?? []
  const isReporting = /^(userprofiles\/\d+\/)?reports\b/.test(path)
  if (!grant.scopes.includes(isReporting ? REPORTING : TRAFFICKING)) return refusedBy(API_FAULTS.scope(SERVICE))
  const asking = { world: world.cm, now: world.now(), origin }
  if (id === undefined) return mediaOf(world, asking, mine, path, query)
  const profile = mine.find(({ profileId }) => profileId === id)
  if (!profile) return refusedBy(CM360_FAULTS.profileGone)
  const account = accountOf(world, profile)
  if (isReporting && !profile.maySeeReports) return refusedBy(CM360_FAULTS.forbidden)
  const asked = { method: request.method ?? '', path: below, query, body }
  const reply = isReporting ? reports({ ...asking, account, profile }, asked) : trafficking(world.cm, account, profile, asked)
  return reply ?? refusedBy(API_FAULTS.notFound)
}

/** A file is asked for without a profile: its report says whose it is. */
function mediaOf(
  world: GoogleWorld,
  asking: { readonly world: GoogleWorld['cm']; readonly now: Date; readonly origin: string },
  mine: readonly Profile[],
  path: string,
  query: URLSearchParams,
): Reply {
  const [, reportId, fileId] = /^reports\/(\d+)\/files\/(\d+)$/.exec(path) ?? []
  const file = world.cm.files.find((one) => one.id === fileId && one.reportId === reportId)
  const report = world.cm.reports.find(({ id }) => id === reportId)
  const profile = mine.find(({ profileId }) => profileId === report?.profileId)
  if (!file || !profile || query.get('alt') !== 'media') return refusedBy(API_FAULTS.notFound)
  if (!profile.maySeeReports) return refusedBy(CM360_FAULTS.forbidden)
  return media({ ...asking, account: accountOf(world, profile), profile }, file)
}

function accountOf({ cm }: GoogleWorld, { accountId }: Profile): CmAccount {
  const account = cm.accounts.find(({ id }) => id === accountId)
  if (!account) throw new Error(`The fake Campaign Manager 360 has no account ${accountId}`)
  return account
}

/** googleapis, dfareporting v5, UserProfile (2026-11-24). */
function shown({ profileId, email, accountId, accountName, subAccountId, subAccountName }: Profile): object {
  return {
    kind: 'dfareporting#userProfile',
    etag: '"fake"',
    profileId,
    userName: email,
    accountId,
    accountName,
    ...(subAccountId !== null && { subAccountId, subAccountName }),
  }
}
