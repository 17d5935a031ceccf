import type { IncomingMessage } from 'node:http'
import type { Reply } from '../http-server.ts'
import { API_FAULTS, type ApiFault, apiError, CM360_FAULTS, frontPage } from './answers.ts'
import { bearer } from './login-server.ts'
import type { GoogleWorld, Profile } from './world.ts'

const SERVICE = 'dfareporting.googleapis.com'
const SCOPES = ['https://www.googleapis.com/auth/dfareporting', 'https://www.googleapis.com/auth/dfatrafficking']

/** Null: this is no address of the Campaign Manager 360 API. Of versions only v5 lives (…/doubleclick-advertisers/deprecation, 2026-11). */
export function cm360Api(world: GoogleWorld, request: IncomingMessage, { pathname }: URL): Reply | null {
  if (!pathname.startsWith('/dfareporting/')) return null
  const path = /^\/dfareporting\/v5\/(.+)$/.exec(pathname)?.[1]
  if (world.switches.apisDown) return { status: 502, html: frontPage(502, pathname) }
  if (path === undefined) return { status: 404, html: frontPage(404, pathname) }
  const grant = world.oauth.session(bearer(request) ?? '')?.grant
  if (!grant) return refused(API_FAULTS.stale(SERVICE))
  const { cm360Fault } = world.switches
  if (cm360Fault) return refused(cm360Fault)
  const { email } = world.personOf(grant)
  const mine = world.profiles.filter((profile) => profile.isActive && profile.email === email)
  if (path === 'userprofiles') {
    if (!SCOPES.some((scope) => grant.scopes.includes(scope))) return refused(API_FAULTS.scope(SERVICE))
    return { status: 200, json: { kind: 'dfareporting#userProfileList', etag: '"fake"', items: mine.map(shown) } }
  }
  const id = /^userprofiles\/(\d+)\/reports$/.exec(path)?.[1]
  if (id === undefined) return refused(API_FAULTS.notFound)
  if (!grant.scopes.includes(SCOPES[0] ?? '')) return refused(API_FAULTS.scope(SERVICE))
  const profile = mine.find(({ profileId }) => profileId === id)
  if (!profile) return refused(CM360_FAULTS.profileGone)
  if (!profile.maySeeReports) return refused(CM360_FAULTS.forbidden)
  return { status: 200, json: { kind: 'dfareporting#reportList', etag: '"fake"', items: [] } }
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

function refused(fault: ApiFault): Reply {
  return { status: fault.status, json: apiError(fault) }
}
