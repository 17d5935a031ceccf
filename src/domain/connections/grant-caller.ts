import { later, SECOND_MS } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import type { Asked, Provider, Tokens, Verdict } from '../provider.ts'
import type { Grant } from '../store.ts'
import type { Connection } from './connection.ts'

/** Puts a question to a connection's provider with its stored grant. */
export interface GrantCaller {
  /** Refreshes once and asks again when only the access token was stale. */
  ask<T>(connection: Pick<Connection, 'grantId' | 'provider'>, question: Question<T>): Promise<Asked<T>>
}

export type Question<T> = (tokens: Tokens, provider: Provider) => Promise<Asked<T>>

interface Opened {
  readonly grant: Grant
  readonly provider: Provider
  readonly tokens: Tokens
}

const KEEP_OPEN_MS = 5 * SECOND_MS
const MOST_OPEN = 100

type CallerDeps = Pick<Deps, 'store' | 'providers' | 'sealer' | 'clock' | 'settings' | 'log'>

/**
 * One refresher per grant over all machines: whoever has the lease re-reads the stored grant, refreshes, stores what came, and
 * only then uses it. Several providers revoke the whole family when an old refresh token is shown twice.
 */
export function grantCaller(deps: CallerDeps): GrantCaller {
  const refreshing = new Map<string, Promise<Asked<Tokens>>>()
  const opened = new Map<string, Opened & { readonly until: Date }>()

  /** Opened grants are kept for seconds. One that was refreshed elsewhere meanwhile shows as stale and is read again. */
  async function open(connection: Pick<Connection, 'grantId' | 'provider'>): Promise<Asked<Opened>> {
    const now = deps.clock.now()
    const kept = opened.get(connection.grantId)
    if (kept && kept.until > now) return { kind: 'ok', value: kept }
    const answer = await openGrant(deps, connection)
    if (opened.size >= MOST_OPEN) opened.clear()
    if (answer.kind === 'ok') opened.set(connection.grantId, { ...answer.value, until: later(now, KEEP_OPEN_MS) })
    return answer
  }

  function refreshOnce(grantId: string, provider: Provider, stale: Tokens): Promise<Asked<Tokens>> {
    const running = refreshing.get(grantId)
    if (running) return running
    opened.delete(grantId)
    const started = refresh(deps, grantId, provider, stale).finally(() => refreshing.delete(grantId))
    refreshing.set(grantId, started)
    return started
  }

  return {
    async ask(connection, question) {
      const answer = await open(connection)
      if (answer.kind !== 'ok') return answer
      const { grant, provider, tokens } = answer.value
      const expired = tokens.accessExpiresAt !== null && tokens.accessExpiresAt <= deps.clock.now()
      const first = expired ? null : await question(tokens, provider)
      if (first !== null && first.kind !== 'refresh') return first
      const fresh = await refreshOnce(grant.id, provider, tokens)
      if (fresh.kind !== 'ok') return fresh
      const second = await question(fresh.value, provider)
      if (second.kind !== 'refresh') return second
      return {
        kind: 'authorization_required',
        cause: 'expired',
        certain: false,
        code: second.code,
        explanation: `${provider.label} refuses even a fresh access token.`,
      }
    },
  }
}

async function openGrant(
  { store, providers, sealer, log }: CallerDeps,
  connection: Pick<Connection, 'grantId' | 'provider'>,
): Promise<Asked<Opened>> {
  const grant = await store.grants.find(connection.grantId)
  if (!grant) throw new Error(`grant ${connection.grantId} is missing`)
  const provider = providers.get(connection.provider)
  if (!provider) {
    return misconfigured('client_missing', `No client id is set for ${connection.provider}. Set it as it was and restart Redkey.`)
  }
  if (grant.clientId !== provider.client.id || grant.tokenOrigin !== provider.client.tokenOrigin) {
    return misconfigured(
      'client_changed',
      `The client id or login URL of ${provider.label} in the settings is not the one this login was made with. Put it back, or reauthorize the connection with the new one.`,
    )
  }
  try {
    return { kind: 'ok', value: { grant, provider, tokens: await sealer.open(grant.sealed, bindingOf(grant)) } }
  } catch (cause) {
    log.error('grant.seal_broken', { grantId: grant.id }, cause)
    return misconfigured('seal_broken', "The stored login can't be opened: put the key that sealed it back into REDKEY_KEYS.")
  }
}

async function refresh(deps: CallerDeps, grantId: string, provider: Provider, stale: Tokens): Promise<Asked<Tokens>> {
  const { store, sealer, clock, settings, log } = deps
  const lease = `refresh:${grantId}`
  const now = clock.now()
  if (!(await store.leases.take(lease, settings.machine, now, leaseUntil(now)))) {
    return {
      kind: 'transient',
      retryAfterMs: 1000,
      code: 'refresh_in_progress',
      explanation: 'Another process is refreshing this login.',
    }
  }
  try {
    const grant = await store.grants.find(grantId)
    if (!grant)
      return { kind: 'transient', retryAfterMs: 1000, code: 'grant_replaced', explanation: 'This login was just replaced.' }
    const stored = await sealer.open(grant.sealed, bindingOf(grant))
    if (stored.accessToken !== stale.accessToken) return { kind: 'ok', value: stored }
    const answer = await provider.refresh(stored)
    if (answer.kind !== 'ok') {
      log.warn('grant.refresh_refused', { grantId, provider: provider.name, verdict: answer.kind, code: answer.code })
      return answer
    }
    const sealed = await sealer.seal(answer.value, bindingOf(grant))
    const kept = await store.grants.replaceTokens(grant, sealed, clock.now(), answer.value.refreshExpiresAt)
    if (!kept)
      return { kind: 'transient', retryAfterMs: 1000, code: 'grant_replaced', explanation: 'This login was just replaced.' }
    log.info('grant.refreshed', { grantId, provider: provider.name })
    return answer
  } finally {
    await store.leases.release(lease, settings.machine)
  }
}

export function bindingOf(grant: Pick<Grant, 'id' | 'clientId' | 'tokenOrigin'>) {
  return { grantId: grant.id, clientId: grant.clientId, tokenOrigin: grant.tokenOrigin }
}

function misconfigured(code: string, explanation: string): Verdict {
  return { kind: 'misconfigured', code, explanation }
}
