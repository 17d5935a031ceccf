import type { Reply } from '../http-server.ts'
import { API_ERRORS, refusal } from './answers.ts'
import type { Caller, LinkedInAccount, World } from './world.ts'

/** `AdDynamicTrackingParameterValue`: …/integrations/ads-reporting/dynamic-utm-tracking (2026-11) */
const DYNAMIC_VALUES = [
  'ACCOUNT_ID',
  'ACCOUNT_NAME',
  'CAMPAIGN_GROUP_ID',
  'CAMPAIGN_GROUP_NAME',
  'CAMPAIGN_ID',
  'CAMPAIGN_NAME',
  'CREATIVE_ID',
  'CREATIVE_NAME',
]
/** …/integrations/ads/account-structure/create-and-manage-account-users (2026-11) */
const WRITERS = ['ACCOUNT_BILLING_ADMIN', 'ACCOUNT_MANAGER', 'CAMPAIGN_MANAGER']
const KEY = /^\/rest\/adTrackingParameters\/\(adEntity:\((sponsoredAccount|sponsoredCampaign):urn%3Ali%3A\1%3A(\d+)\)\)$/

export interface TrackingCall {
  readonly method: string
  readonly pathname: string
  readonly query: URLSearchParams
  readonly body: string
}

/** Whose parameters are meant: an account's or a campaign's. Both have them as text in the library. */
interface Target {
  readonly account: LinkedInAccount
  readonly entity: string
  readonly urn: string
  readonly holder: { parameters: string }
}

/** URL parameters of an ad account or a campaign ("Dynamic UTM"). */
export function trackingParameters(world: World, { person, scopes }: Caller, call: TrackingCall): Reply {
  const target = targetOf(world, call.pathname)
  if (target === null) return refusal(API_ERRORS.wrongParameter)
  if (target === undefined) return refusal(API_ERRORS.notFound)
  const role = target.account.roles.get(person.id)
  if (role === undefined) return refusal(API_ERRORS.noRole)
  if (call.method === 'GET') return shown(target)
  if (!scopes.includes('rw_ads')) return refusal(API_ERRORS.noWriting)
  if (!WRITERS.includes(role)) return refusal(API_ERRORS.viewer)
  if (call.method === 'PUT') return replaced(target, call)
  if (call.method !== 'DELETE') return { status: 405, json: { status: 405, message: 'Method not allowed' } }
  if (target.holder.parameters === '') return refusal(API_ERRORS.notFound)
  target.holder.parameters = ''
  return { status: 204, text: '' }
}

/** `null`: it is no key of Rest.li; undefined: there is no such account or campaign. */
function targetOf({ accounts }: World, pathname: string): Target | null | undefined {
  const [, entity, id] = KEY.exec(pathname) ?? []
  if (entity === undefined || id === undefined) return null
  const urn = `urn:li:${entity}:${id}`
  if (entity === 'sponsoredAccount') {
    const account = accounts.find((one) => String(one.id) === id)
    return account && { account, entity, urn, holder: account.library }
  }
  const account = accounts.find(({ library }) => library.campaigns.some((one) => one.id === id))
  const campaign = account?.library.campaigns.find((one) => one.id === id)
  return account && campaign && { account, entity, urn, holder: campaign }
}

/** Maps have no order of their own: they are told in another than they were set in. */
function shown({ entity, urn, holder }: Target): Reply {
  if (holder.parameters === '') return refusal(API_ERRORS.notFound)
  const dynamicValueParameters: Record<string, string> = {}
  const customValueParameters: Record<string, string> = {}
  for (const part of holder.parameters.split('&').sort().reverse()) {
    const [name = '', value = ''] = part.split(/=(.*)/s).map(decodeURIComponent)
    const macro = /^\{([A-Z_]+)\}$/.exec(part.slice(part.indexOf('=') + 1))?.[1]
    if (macro === undefined) customValueParameters[name] = value
    else dynamicValueParameters[name] = macro
  }
  return { status: 200, json: { adEntity: { [entity]: urn }, dynamicValueParameters, customValueParameters } }
}

function replaced({ entity, urn, holder }: Target, { query, body }: TrackingCall): Reply {
  // scripts that set parameters say so (2026-09)
  if (!query.get('idempotencyToken')) return refusal(API_ERRORS.serverError)
  const told = JSON.parse(body) as Record<string, Record<string, unknown> | undefined>
  if (told['adEntity']?.[entity] !== urn) return refusal(API_ERRORS.noEntity)
  const dynamic = Object.entries(told['dynamicValueParameters'] ?? {})
  const custom = Object.entries(told['customValueParameters'] ?? {})
  const isWrong =
    Object.keys(told).some((name) => !['adEntity', 'dynamicValueParameters', 'customValueParameters'].includes(name)) ||
    dynamic.some(([, value]) => !DYNAMIC_VALUES.includes(String(value))) ||
    custom.some(([, value]) => typeof value !== 'string')
  if (isWrong) return refusal(API_ERRORS.wrongBody)
  const isNew = holder.parameters === ''
  holder.parameters = [
    ...custom.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`),
    ...dynamic.map(([name, value]) => `${encodeURIComponent(name)}={${value}}`),
  ].join('&')
  return isNew ? { status: 201, json: {} } : { status: 204, text: '' }
}
