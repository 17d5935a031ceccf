import type { FakeEntra } from '../entra/fake-entra.ts'
import type { FakeProvider, FakeProviderOptions } from '../fake-provider.ts'
import { listen } from '../http-server.ts'
import { dynamicsPanel } from './control-panel.ts'
import { type EnvironmentSeed, environment, type FakeEnvironment } from './environment.ts'
import { environmentServer } from './environment-server.ts'

export interface FakeDynamicsOptions extends FakeProviderOptions {
  /** Where people log in; the app is registered there. */
  readonly entra: FakeEntra
  /** One for each environment, in their order; the first is `port`. 0 or missing takes a free one. */
  readonly environmentPorts?: readonly number[]
  readonly environments?: readonly EnvironmentSeed[]
}

export interface FakeDynamics extends FakeProvider {
  readonly environments: readonly FakeEnvironment[]
  environment(name: string): FakeEnvironment
}

const DEFAULT_ENVIRONMENTS: readonly EnvironmentSeed[] = [
  { name: 'Contoso', isSandbox: false, usernames: ['ana@acme.example', 'tom@acme.example'] },
  { name: 'Contoso UAT', isSandbox: true, usernames: ['ana@acme.example', 'tom@acme.example'] },
]

/** One origin for each environment, in memory, with everything that goes wrong between us and Dataverse. */
export async function startFakeDynamics(options: FakeDynamicsOptions): Promise<FakeDynamics> {
  const { entra, clientId, clientSecret } = options
  const host = options.host ?? '127.0.0.1'
  const now = options.now ?? (() => new Date())
  const environments = (options.environments ?? DEFAULT_ENVIRONMENTS).map((seed) => environment(seed, { entra, clientId }))
  const listeners = await Promise.all(
    environments.map(async (one, place) => {
      const port = options.environmentPorts?.[place] ?? (place === 0 ? options.port : 0)
      const listener = await listen(host, port, environmentServer(one, now))
      one.url = listener.origin
      return listener
    }),
  )
  const app = entra.register({
    clientId,
    clientSecret,
    redirectUris: options.redirectUris,
    scopes: Object.fromEntries(
      environments.map(({ name, url }) => [`${url}/user_impersonation`, `Access Dynamics 365 (${name}) as you`]),
    ),
  })
  const panel = dynamicsPanel(environments, entra, app)

  return {
    name: 'dynamics',
    label: 'Dynamics 365',
    env: {
      DYNAMICS_CLIENT_ID: clientId,
      DYNAMICS_CLIENT_SECRET: clientSecret,
      DYNAMICS_URL: environments[0]?.url ?? '',
      MICROSOFT_LOGIN_URL: entra.loginUrl,
    },
    environments,
    environment(name) {
      const found = environments.find((one) => one.name === name)
      if (!found) throw new Error(`The fake Dynamics 365 has no environment ${name}`)
      return found
    },
    panelGroups: panel.groups,
    run: panel.run,
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()))
    },
  }
}
