import type { Deps } from '../deps.ts'
import type { BotSealer } from '../workspaces/installation.ts'
import type { ClientDeps } from './clients.ts'
import type { Grant } from './grant.ts'
import { bindingOf } from './grant.ts'
import type { Sealed, Sealer } from './secrets.ts'

export interface ResealerDeps extends Pick<Deps, 'store'> {
  readonly sealer: Sealer & {
    /** An older key sealed it. */
    isOutdated(sealed: Sealed): boolean
  }
}

export interface Resealing {
  readonly resealed: number
  /** The newest key had sealed them already. */
  readonly current: number
  /** Ids of those that no key at hand opens. */
  readonly broken: readonly string[]
  /** Ids of those that changed again and again meanwhile: another run takes them. */
  readonly busy: readonly string[]
}

/** A refresh takes seconds and comes every hour or two: twice in a row would be odd. */
const MOST_TRIES = 5

/**
 * Seals every grant with the newest key that an older one sealed. The others may work meanwhile: a grant that is refreshed or
 * replaced in between is read again, and what a refresh stores is never overwritten.
 */
export async function resealGrants(deps: ResealerDeps): Promise<Resealing> {
  const found = { resealed: [] as string[], current: [] as string[], broken: [] as string[], busy: [] as string[] }
  for (const { id } of await deps.store.grants.all()) {
    const outcome = await reseal(deps, id)
    if (outcome !== 'gone') found[outcome].push(id)
  }
  return { ...found, resealed: found.resealed.length, current: found.current.length }
}

type Outcome = keyof Resealing | 'gone'

async function reseal({ store, sealer }: ResealerDeps, id: string): Promise<Outcome> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const grant = await store.grants.find(id)
    if (!grant) return 'gone'
    if (!sealer.isOutdated(grant.sealed)) return 'current'
    const sealed = await sealedAnew(sealer, grant)
    if (sealed === undefined) return 'broken'
    if (await store.grants.reseal(grant, sealed)) return 'resealed'
  }
  return 'busy'
}

async function sealedAnew(sealer: Sealer, grant: Grant): Promise<Sealed | undefined> {
  try {
    return await sealer.seal(await sealer.open(grant.sealed, bindingOf(grant)), bindingOf(grant))
  } catch {
    return undefined // SEAL_BROKEN: the caller tells which grant
  }
}

/** As `resealGrants`, of the secrets of clients; they change only when somebody adds them again, so once is enough. */
export async function resealClients({ store, secrets }: Pick<ClientDeps, 'store' | 'secrets'>): Promise<Resealing> {
  const found: Tally = { resealed: 0, current: 0, broken: [], busy: [] }
  for (const client of await store.clients.all()) {
    await resealOnce(found, `${client.provider} ${client.label}`, secrets, client.sealed, client, (sealed) =>
      store.clients.reseal(client, sealed),
    )
  }
  return found
}

/** The same of the bot tokens of workspaces that installed the app. */
export async function resealInstallations({
  store,
  bots,
}: Pick<Deps, 'store'> & { readonly bots: BotSealer }): Promise<Resealing> {
  const found: Tally = { resealed: 0, current: 0, broken: [], busy: [] }
  for (const installation of await store.installations.all()) {
    const { teamId, sealed } = installation
    if (sealed === null) continue
    await resealOnce(found, teamId, bots, sealed, installation, (anew) => store.installations.reseal(installation, anew))
  }
  return found
}

interface Tally {
  resealed: number
  current: number
  readonly broken: string[]
  readonly busy: string[]
}

/** Notes what became of it under `name`. */
async function resealOnce<B>(
  found: Tally,
  name: string,
  sealer: {
    seal(secret: string, binding: B): Promise<Sealed>
    open(sealed: Sealed, binding: B): Promise<string>
    isOutdated(sealed: Sealed): boolean
  },
  sealed: Sealed,
  binding: B,
  store: (anew: Sealed) => Promise<boolean>,
): Promise<void> {
  if (!sealer.isOutdated(sealed)) {
    found.current += 1
    return
  }
  const secret = await sealer.open(sealed, binding).catch(() => undefined) // SEAL_BROKEN: the caller tells which
  if (secret === undefined) found.broken.push(name)
  else if (await store(await sealer.seal(secret, binding))) found.resealed += 1
  else found.busy.push(name)
}
