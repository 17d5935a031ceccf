import type { Clock } from '../../clock.ts'
import type { Listener, OwnClient, Provider, ProviderName, Providers } from '../../domain/provider.ts'
import { cm360 } from './cm360/cm360.ts'
import { type DynamicsConfig, dynamics } from './dynamics/dynamics.ts'
import type { GoogleConfig } from './google/google-login.ts'
import { googleSecurityEvents } from './google/security-events.ts'
import { googleAds } from './google-ads/google-ads.ts'
import type { Http } from './http.ts'
import { type HubSpotConfig, hubspot } from './hubspot/hubspot.ts'
import { hubspotLifecycleEvents } from './hubspot/lifecycle-events.ts'
import { type LinkedInConfig, linkedin } from './linkedin/linkedin.ts'
import { metaDeauthorization } from './meta/deauthorization.ts'
import { type MetaConfig, meta } from './meta/meta.ts'
import { type MicrosoftAdsConfig, microsoftAds } from './microsoft-ads/microsoft-ads.ts'
import { type LoginUrl, readLoginUrl } from './salesforce/login-url.ts'
import { type SalesforceConfig, salesforce } from './salesforce/salesforce.ts'

/** Undefined: not configured, so not offered. */
export interface ProvidersConfig {
  readonly salesforce: SalesforceConfig | undefined
  readonly dynamics: DynamicsConfig | undefined
  readonly hubspot: HubSpotConfig | undefined
  readonly googleAds: GoogleConfig | undefined
  readonly microsoftAds: MicrosoftAdsConfig | undefined
  readonly meta: MetaConfig | undefined
  readonly linkedin: LinkedInConfig | undefined
  readonly cm360: GoogleConfig | undefined
}

interface ProvidersDeps {
  readonly http: Http
  readonly clock: Clock
}

/** What makes an adapter with a client of its own, where a provider may have several. */
const WITH_OWN_CLIENT: Partial<Record<ProviderName, (client: OwnClient, deps: ProvidersDeps) => Provider>> = {
  salesforce: ({ clientId, clientSecret, tokenOrigin }, deps) =>
    salesforce({ clientId, clientSecret, loginUrl: tokenOrigin }, deps),
}

export function createProviders(config: Partial<ProvidersConfig>, deps: ProvidersDeps): Providers {
  const byName: Record<ProviderName, Provider | undefined> = {
    salesforce: config.salesforce && salesforce(config.salesforce, deps),
    dynamics: config.dynamics && dynamics(config.dynamics, deps),
    hubspot: config.hubspot && hubspot(config.hubspot, deps),
    meta: config.meta && meta(config.meta, deps),
    'google-ads': config.googleAds && googleAds(config.googleAds, deps),
    cm360: config.cm360 && cm360(config.cm360, deps),
    'microsoft-ads': config.microsoftAds && microsoftAds(config.microsoftAds, deps),
    linkedin: config.linkedin && linkedin(config.linkedin, deps),
  }
  const all = Object.values(byName).filter((provider) => provider !== undefined)
  const listening: readonly (readonly [string, Listener | undefined])[] = [
    ['google', config.googleAds && googleSecurityEvents(config.googleAds, deps)],
    ['hubspot', config.hubspot && hubspotLifecycleEvents(deps.clock, config.hubspot)],
    ['meta', config.meta && metaDeauthorization(config.meta)],
  ]
  const listeners = new Map(listening.flatMap(([name, listener]) => (listener ? [[name, listener] as const] : [])))
  const configured = new Map<string, Provider>(all.map((provider) => [provider.name, provider]))
  return { ...ownClients(configured, deps), all: () => all, listener: (name) => listeners.get(name) }
}

/** One adapter a client, kept as long as its client is the same: adapters remember what they learned of an org. */
function ownClients(configured: ReadonlyMap<string, Provider>, deps: ProvidersDeps): Omit<Providers, 'all' | 'listener'> {
  const learned = new Map<string, { readonly client: OwnClient; readonly provider: Provider }>()
  const own = () => [...learned.values()]
  return {
    get: (name) => configured.get(name) ?? own().find(({ provider }) => provider.name === name)?.provider,
    of(name, { id, tokenOrigin }) {
      const candidates = [configured.get(name), ...own().map(({ provider }) => provider)]
      return candidates.find((one) => one?.name === name && one.client.id === id && one.client.tokenOrigin === tokenOrigin)
    },
    own: () => own().map(({ client, provider }) => ({ label: client.label, provider })),
    learn(client) {
      const make = WITH_OWN_CLIENT[client.provider]
      if (!make) return false
      const key = JSON.stringify([client.provider, client.label])
      const known = learned.get(key)?.client
      const isKnown = (['clientId', 'clientSecret', 'tokenOrigin'] as const).every((part) => known?.[part] === client[part])
      if (!isKnown) learned.set(key, { client, provider: make(client, deps) })
      return true
    },
  }
}

/** Where logins with a client of its own go, out of what somebody gave; null: the provider's common host. */
export function readOwnLoginUrl(provider: string, url: string | null): LoginUrl {
  if (provider === 'salesforce') return readLoginUrl(url ?? 'https://login.salesforce.com')
  return { kind: 'refused', says: `${provider} takes its client from the settings only; salesforce may have several.` }
}
