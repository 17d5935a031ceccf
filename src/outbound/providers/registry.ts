import type { Clock } from '../../clock.ts'
import type { ProvidersConfig } from '../../config/providers.ts'
import type { Provider, ProviderName, Providers } from '../../domain/provider.ts'
import type { Http } from './http.ts'
import { linkedin } from './linkedin/linkedin.ts'
import { meta } from './meta/meta.ts'
import { salesforce } from './salesforce/salesforce.ts'

interface ProvidersDeps {
  readonly http: Http
  readonly clock: Clock
}

export function createProviders(config: Partial<ProvidersConfig>, deps: ProvidersDeps): Providers {
  const byName: Partial<Record<ProviderName, Provider | undefined>> = {
    salesforce: config.salesforce && salesforce(config.salesforce, deps),
    meta: config.meta && meta(config.meta, deps),
    linkedin: config.linkedin && linkedin(config.linkedin, deps),
  }
  const all = Object.values(byName).filter((provider) => provider !== undefined)
  const configured = new Map<string, Provider>(all.map((provider) => [provider.name, provider]))
  return {
    get: (name) => configured.get(name),
    all: () => all,
  }
}
