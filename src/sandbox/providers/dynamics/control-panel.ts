import { appControls, loginControls } from '../entra/controls.ts'
import type { EntraApp } from '../entra/directory.ts'
import type { FakeEntra } from '../entra/fake-entra.ts'
import { type LiveGroup, type ProviderPanel, providerPanel } from '../panel.ts'
import type { Environment } from './environment.ts'
import { environmentControls } from './environment-controls.ts'

/** What the side panel offers, in the words of people who do marketing. */
export function dynamicsPanel(environments: readonly Environment[], entra: FakeEntra, app: EntraApp): ProviderPanel {
  const usernames = new Set(environments.flatMap(({ users }) => users.map(({ username }) => username)))
  const logins = [...usernames].flatMap((username) => loginControls(entra, app, username))
  const groups: readonly LiveGroup[] = [
    ...environments.map((one, place) => ({
      title: one.name,
      note: one.isSandbox ? 'A sandbox environment for tests.' : 'The production environment.',
      controls: environmentControls(one).map((control) => ({ ...control, id: `environment${place + 1}-${control.id}` })),
    })),
    { title: 'Logins', note: 'These hit every environment at once.', controls: logins },
    { title: 'The Redkey app', note: 'These hit everybody at once.', controls: appControls(entra, app) },
  ]
  return providerPanel('Dynamics 365', groups)
}
