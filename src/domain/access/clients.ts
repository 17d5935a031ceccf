import type { Deps } from '../deps.ts'
import type { Provider, ProviderName } from '../provider.ts'
import type { Grant } from './grant.ts'
import type { Sealed } from './secrets.ts'

/** An app at a provider beside the one of the settings: orgs that trust no app from outside register their own. */
export interface Client {
  readonly provider: ProviderName
  /** As people type it; unique at a provider. */
  readonly label: string
  readonly clientId: string
  /** Origin of the login host. */
  readonly tokenOrigin: string
  /** The client secret. */
  readonly sealed: Sealed
  readonly addedAt: Date
}

/** What we ask of the store for clients; whole facts like those of `Store`. */
export interface ClientStore {
  /** By provider and label. */
  all(): Promise<Client[]>
  /**
   * Adds one, or gives the one of this label another secret. `taken`: another label has this client id and login host. `in_use`: a
   * login was made with what this label was before, so it keeps its client id and login host.
   */
  put(client: Client): Promise<'added' | 'replaced' | 'taken' | 'in_use'>
  /** `in_use`: a login was made with it, and would die. */
  remove(provider: string, label: string): Promise<'removed' | 'unknown' | 'in_use'>
  /** The same secret under another key, if it is still the one that was seen. */
  reseal(seen: Client, sealed: Sealed): Promise<boolean>
}

export type ClientBinding = Pick<Client, 'provider' | 'clientId' | 'tokenOrigin'>

/** Seals client secrets, bound to the provider, the client id and the login host. */
export interface SecretSealer {
  seal(secret: string, binding: ClientBinding): Promise<Sealed>
  /** Throws `SEAL_BROKEN` when the text was not sealed for this binding or its key is gone. */
  open(sealed: Sealed, binding: ClientBinding): Promise<string>
  /** An older key sealed it. */
  isOutdated(sealed: Sealed): boolean
}

export type ClientDeps = Pick<Deps, 'store' | 'providers' | 'secrets' | 'log'>

/** Lets the adapters know the clients that the store has: they are added by a command, maybe beside a process that runs. */
export async function learnClients({ store, providers, secrets, log }: ClientDeps): Promise<void> {
  for (const client of await store.clients.all()) {
    try {
      const clientSecret = await secrets.open(client.sealed, client)
      providers.learn({ ...client, clientSecret })
    } catch (cause) {
      log.error('client.seal_broken', { provider: client.provider }, cause)
    }
  }
}

/** The adapter with the very client that a login was made with. Undefined: no such client is known, not even in the store. */
export async function providerOfGrant(
  deps: ClientDeps,
  { provider, clientId, tokenOrigin }: Pick<Grant, 'provider' | 'clientId' | 'tokenOrigin'>,
): Promise<Provider | undefined> {
  const client = { id: clientId, tokenOrigin }
  const known = deps.providers.of(provider, client)
  if (known) return known
  await learnClients(deps)
  return deps.providers.of(provider, client)
}
