import type { Clock } from '../../clock.ts'
import type { Provider, ProviderName, Providers } from '../../domain/provider.ts'
import type { Http } from './http.ts'
import { type SalesforceConfig, salesforce } from './salesforce/salesforce.ts'

/** Undefined: not configured, so not offered. */
export interface ProvidersConfig {
  readonly salesforce: SalesforceConfig | undefined
}

interface ProvidersDeps {
  readonly http: Http
  readonly clock: Clock
}

export function createProviders(config: ProvidersConfig, deps: ProvidersDeps): Providers {
  const byName = {
    salesforce: config.salesforce && salesforce(config.salesforce, deps),
  } satisfies Record<ProviderName, Provider | undefined>
  const configured = new Map(
    Object.entries(byName).filter((entry): entry is [string, (typeof byName)[ProviderName] & Provider] => entry[1] !== undefined),
  )
  return {
    get: (name) => configured.get(name),
    all: () => [...configured.values()],
  }
}
