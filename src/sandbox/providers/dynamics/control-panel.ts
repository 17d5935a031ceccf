import { appControls, loginControls } from '../entra/controls.ts'
import type { EntraApp } from '../entra/directory.ts'
import type { FakeEntra } from '../entra/fake-entra.ts'
import { type LiveGroup, type ProviderPanel, providerPanel, withPrefix } from '../panel.ts'
import type { Environment } from './environment.ts'
import { environmentGroups } from './environment-controls.ts'

/** What the side panel offers, in the words of people who do marketing. */
export function dynamicsPanel(environments: readonly Environment[], entra: FakeEntra, app: EntraApp): ProviderPanel {
  const usernames = new Set(environments.flatMap(({ users }) => users.map(({ username }) => username)))
  const groups: readonly LiveGroup[] = [
    ...[...usernames].map((username) => ({
      title: `${entra.person(username).displayName}: login`,
      note: 'Ends or blocks it, in every environment at once.',
      controls: loginControls(entra, app, username),
    })),
    ...environments.flatMap((one, place) => withPrefix(`environment${place + 1}`, environmentGroups(one))),
    { title: 'The Redkey app', note: 'These hit everybody at once.', controls: appControls(entra, app) },
  ]
  return providerPanel('Dynamics 365', groups)
}
