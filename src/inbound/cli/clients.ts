import { parseArgs } from 'node:util'
import type { Clock } from '../../clock.ts'
import type { Client, ClientDeps } from '../../domain/access/clients.ts'
import { redirectUri } from '../../domain/access/departure.ts'
import { examineClient } from '../../domain/doctor.ts'
import type { ProviderName } from '../../domain/provider.ts'
import { askSecret, type Terminal } from './ask.ts'
import { printFindings } from './doctor.ts'
import { textTable } from './text-table.ts'

/** As long as Slack shows well, and as people type it behind a command: small letters. */
const LABEL = /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/

export const CLIENT_USAGE = `npm run redkey -- client add <label> --provider salesforce --client-id <id> [--login-url https://login.salesforce.com]
npm run redkey -- client list
npm run redkey -- client remove <label> --provider salesforce

The secret is asked for, or read from stdin; it is never an argument.
`

export type ClientCommand =
  | { readonly kind: 'list' }
  | { readonly kind: 'remove'; readonly provider: string; readonly label: string }
  | {
      readonly kind: 'add'
      readonly provider: string
      readonly label: string
      readonly clientId: string
      readonly loginUrl: string | null
    }
  | { readonly kind: 'usage' }

export function readClientCommand(args: readonly string[]): ClientCommand {
  const [verb, ...rest] = args
  try {
    const text = { type: 'string' } as const
    const options = { provider: text, 'client-id': text, 'login-url': text }
    const { positionals, values } = parseArgs({ args: rest, options, allowPositionals: true })
    const [label, ...more] = positionals
    if (verb === 'list' && label === undefined) return { kind: 'list' }
    const { provider } = values
    if (label === undefined || more.length > 0 || !provider) return { kind: 'usage' }
    if (verb === 'remove') return { kind: 'remove', provider, label }
    const clientId = values['client-id']
    if (verb !== 'add' || !clientId) return { kind: 'usage' }
    return { kind: 'add', provider, label, clientId, loginUrl: values['login-url'] ?? null }
  } catch {
    return { kind: 'usage' } // an option that is not known
  }
}

export interface AddDeps extends ClientDeps {
  readonly clock: Clock
  readonly terminal: Terminal
  /** What browsers reach. */
  readonly url: string
  readLoginUrl(
    provider: string,
    url: string | null,
  ): { readonly kind: 'login'; readonly origin: string } | { readonly kind: 'refused'; readonly says: string }
}

export interface Said {
  readonly code: number
  readonly says: string
}

/** Adds a client or gives it a new secret, and asks the provider whether it knows it. */
export async function addClient(deps: AddDeps, command: Extract<ClientCommand, { kind: 'add' }>): Promise<Said> {
  const { label, clientId } = command
  if (!LABEL.test(label)) return bad(`${label} is no label: 2 to 40 small letters, digits and hyphens.`)
  const login = deps.readLoginUrl(command.provider, command.loginUrl)
  if (login.kind === 'refused') return bad(login.says)
  const clientSecret = await askSecret('Client secret (it is not shown; none for an app without one): ', deps.terminal)
  if (clientSecret === null) return bad('Nothing was changed.')
  const binding = { provider: command.provider as ProviderName, clientId, tokenOrigin: login.origin }
  const sealed = await deps.secrets.seal(clientSecret, binding)
  const put = await deps.store.clients.put({ ...binding, label, sealed, addedAt: deps.clock.now() })
  if (put === 'taken') return bad(`Another label has the client id ${clientId} at ${login.origin} already: see client list.`)
  if (put === 'in_use') {
    return bad(`Logins were made with the client that ${label} is. Add the other one under a label of its own.`)
  }
  deps.providers.learn({ ...binding, label, clientSecret })
  const provider = deps.providers.of(binding.provider, { id: clientId, tokenOrigin: login.origin })
  const findings = provider
    ? [await examineClient(provider, redirectUri(deps.url, provider.name), `${provider.label} (${label})`)]
    : []
  const done = put === 'added' ? `${label} was added.` : `${label} has the new secret.`
  return { code: 0, says: `${done} In Slack: /connections add ${binding.provider} ${label}\n\n${printFindings(findings)}` }
}

export async function removeClient(
  { store }: Pick<ClientDeps, 'store'>,
  { provider, label }: { readonly provider: string; readonly label: string },
): Promise<Said> {
  switch (await store.clients.remove(provider, label)) {
    case 'removed':
      return { code: 0, says: `${label} was removed. A Redkey that runs forgets it when it is started again.\n` }
    case 'unknown':
      return bad(`There is no client ${label} of ${provider}: see client list.`)
    case 'in_use':
      return bad(`Logins were made with ${label}, and would die: reauthorize or remove their connections first.`)
  }
}

export function printClients(clients: readonly Client[]): string {
  if (clients.length === 0) return 'No clients but those of the settings.\n'
  const head = ['PROVIDER', 'LABEL', 'LOGIN HOST', 'CLIENT ID', 'ADDED']
  const rows = clients.map(({ provider, label, tokenOrigin, clientId, addedAt }) => [
    provider,
    label,
    tokenOrigin,
    clientId.length > 24 ? `${clientId.slice(0, 23)}…` : clientId,
    addedAt.toISOString().slice(0, 10),
  ])
  return textTable([head, ...rows])
}

function bad(says: string): Said {
  return { code: 1, says: `${says}\n` }
}
