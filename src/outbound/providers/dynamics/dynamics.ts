import type { Clock } from '../../../clock.ts'
import type { Crm } from '../../../domain/crm.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { entraLogin } from '../entra/login.ts'
import type { Http } from '../http.ts'
import { tokenHosts } from '../token-hosts.ts'
import { DEFAULT_MAPPING, PRESETS } from './default-mapping.ts'
import { describe } from './describe.ts'
import { identify, whoAmI } from './identity.ts'
import { BATCH_SIZE, push } from './push.ts'
import { SCOPES } from './scopes.ts'
import { setup } from './setup.ts'
import { createTables } from './table.ts'
import { createWebApi, type WebApi } from './web-api.ts'

/**
 * Regions (`crm`, `crm4`, … and `crm9` for the US government), GCC High, the US Department of Defense, China.
 * https://learn.microsoft.com/en-us/power-platform/admin/new-datacenter-regions (2026-11)
 */
const ENVIRONMENT_DOMAINS = ['dynamics.com', 'microsoftdynamics.us', 'appsplatform.us', 'dynamics.cn']

export interface DynamicsConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** With or without a tenant at its end. */
  readonly loginUrl: string
  /** Of the environment, as `https://contoso.crm.dynamics.com`. */
  readonly url: string
}

interface DynamicsDeps {
  readonly http: Http
  readonly clock: Clock
}

export function dynamics(config: DynamicsConfig, { http, clock }: DynamicsDeps): Crm {
  const apiOrigin = new URL(config.url).origin
  const login = entraLogin(config, {
    http,
    clock,
    label: 'Dynamics 365',
    scope: `${apiOrigin}/${SCOPES[0]}`,
    tenant: 'organizations',
    apiOrigin,
  })
  const api = createWebApi({ http, clock, hosts: tokenHosts(ENVIRONMENT_DOMAINS, config.url) })
  const tables = createTables(api, clock)

  return {
    ...login,
    name: 'dynamics',
    kind: 'crm',
    label: 'Dynamics 365',
    endsBecause: null,
    batchSize: BATCH_SIZE,
    defaultMapping: DEFAULT_MAPPING,
    presets: PRESETS,
    setup: setup({ api, tables }),
    async refresh(tokens) {
      // The same login gets tokens for any environment of the tenant, so a changed address would go on with another one unnoticed.
      return ['', apiOrigin].includes(tokens.apiOrigin) ? login.refresh(tokens) : otherEnvironment()
    },
    identify: (tokens) => identify(api, tokens),
    probe: (tokens, account) => probe(api, tokens, account),
    push: (tokens, target, records) => push({ api, tables }, tokens, target, records),
    describe: (tokens, object) => describe({ api, tables }, tokens, object),
  }
}

/** Dataverse tells no usage: its limits are of five minutes, and a day's requests are not counted in any answer. */
async function probe(api: WebApi, tokens: Tokens, account: AccountRef): Promise<Asked<null>> {
  const caller = await whoAmI(api, tokens)
  if (caller.kind !== 'ok') return caller
  return caller.value.organizationId.toLowerCase() === account.id.toLowerCase() ? { kind: 'ok', value: null } : otherEnvironment()
}

function otherEnvironment(): Asked<never> {
  const explanation =
    'DYNAMICS_URL leads to another environment than the one that was connected. Put the address back, or connect the other environment as one of its own.'
  return { kind: 'misconfigured', code: 'other_environment', explanation }
}
