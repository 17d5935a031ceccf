import type { Grant } from '../access/grant.ts'
import { bindingOf } from '../access/grant.ts'
import type { Deps, Settings } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import type { Asked, Provider, Tokens, Verdict } from '../provider.ts'

type RefreshDeps = Pick<Deps, 'store' | 'sealer' | 'clock' | 'log'> & { readonly settings: Pick<Settings, 'machine'> }

export interface Refresher {
  /** Fresh tokens of a grant whose access token `stale` was refused. Callers in this process share one refresh. */
  refresh(grantId: string, provider: Provider, stale: Tokens): Promise<Asked<Tokens>>
}

/**
 * One refresher per grant over all machines: whoever has the lease re-reads the stored grant, refreshes, stores what came, and
 * only then uses it. Several providers revoke the whole family when an old refresh token is shown twice.
 */
export function createRefresher(deps: RefreshDeps): Refresher {
  const running = new Map<string, Promise<Asked<Tokens>>>()
  /** What a refresh gave and the store could not take: the old refresh token may be worthless now, so this is stored first. */
  const unsaved = new Map<string, Tokens>()
  /** What each refused refresh was last refused with. */
  const refused = new Map<string, string>()

  async function refreshUnderLease(grantId: string, provider: Provider, stale: Tokens): Promise<Asked<Tokens>> {
    const { store, clock, settings } = deps
    const lease = `refresh:${grantId}`
    const now = clock.now()
    if (!(await store.leases.take(lease, settings.machine, now, leaseUntil(now)))) {
      return notNow('refresh_in_progress', 'Another process is refreshing this login.')
    }
    try {
      return await refreshStored(grantId, provider, stale)
    } finally {
      await store.leases.release(lease, settings.machine)
    }
  }

  async function refreshStored(grantId: string, provider: Provider, stale: Tokens): Promise<Asked<Tokens>> {
    const { store, sealer, log } = deps
    const grant = await store.grants.find(grantId)
    if (!grant) {
      unsaved.delete(grantId)
      refused.delete(grantId)
      return notNow('grant_replaced', 'This login was just replaced.')
    }
    const waiting = unsaved.get(grantId)
    if (waiting) return save(grant, waiting)
    const stored = await sealer.open(grant.sealed, bindingOf(grant))
    if (stored.accessToken !== stale.accessToken) return { kind: 'ok', value: stored }
    const answer = await provider.refresh(stored)
    if (answer.kind !== 'ok') {
      // A dead login is asked for at each check: only what is new of it is worth a warning.
      const note = refused.get(grantId) === answer.code ? log.info : log.warn
      refused.set(grantId, answer.code)
      note('grant.refresh_refused', { grantId, provider: provider.name, verdict: answer.kind, code: answer.code })
      return answer
    }
    refused.delete(grantId)
    unsaved.set(grantId, answer.value)
    return save(grant, answer.value)
  }

  async function save(grant: Grant, tokens: Tokens): Promise<Asked<Tokens>> {
    const { store, sealer, clock, log } = deps
    try {
      const kept = await store.grants.replaceTokens(
        grant,
        await sealer.seal(tokens, bindingOf(grant)),
        clock.now(),
        tokens.refreshExpiresAt,
      )
      unsaved.delete(grant.id)
      if (!kept) return notNow('grant_replaced', 'This login was just replaced.')
    } catch (cause) {
      log.error('grant.not_saved', { grantId: grant.id }, cause)
      return notNow('grant_not_saved', 'The refreshed login could not be stored yet.')
    }
    log.info('grant.refreshed', { grantId: grant.id })
    return { kind: 'ok', value: tokens }
  }

  return {
    refresh(grantId, provider, stale) {
      const shared = running.get(grantId)
      if (shared) return shared
      const started = refreshUnderLease(grantId, provider, stale).finally(() => running.delete(grantId))
      running.set(grantId, started)
      return started
    },
  }
}

function notNow(code: string, explanation: string): Verdict {
  return { kind: 'transient', retryAfterMs: 1000, code, explanation }
}
