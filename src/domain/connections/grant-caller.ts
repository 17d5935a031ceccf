import { hash } from 'node:crypto'
import { DAY_MS, HOUR_MS, later, SECOND_MS } from '../../clock.ts'
import { providerOfGrant } from '../access/clients.ts'
import type { Grant } from '../access/grant.ts'
import { bindingOf } from '../access/grant.ts'
import type { Deps, Settings } from '../deps.ts'
import type { Asked, Provider, Tokens, Verdict } from '../provider.ts'
import type { Connection } from './connection.ts'
import { createRefresher } from './refresh-grant.ts'

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
/** A refresh token that was not used for this long is used once. */
const IDLE_MS = 7 * DAY_MS
/** Logins of one day are refreshed over so long, so that they don't come all at once. */
const SPREAD_MS = 12 * HOUR_MS
/** A refresh that was refused while the access token works is tried again this much later. */
const REFUSED_MS = HOUR_MS

type CallerDeps = Pick<Deps, 'store' | 'providers' | 'sealer' | 'secrets' | 'clock' | 'log'> & {
  readonly settings: Pick<Settings, 'machine'>
}

export function grantCaller(deps: CallerDeps): GrantCaller {
  const refresher = createRefresher(deps)
  const opened = new Map<string, Opened & { readonly until: Date }>()
  const refusals = new Map<string, Date>()

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

  function refresh({ grant, provider, tokens }: Opened): Promise<Asked<Tokens>> {
    opened.delete(grant.id)
    return refresher.refresh(grant.id, provider, tokens)
  }

  /**
   * Providers end refresh tokens that nobody uses for weeks. A refusal here, also a terminal one, says nothing while the access token
   * works: a working call outranks it. When that ends, the refresh is asked for again, and then it counts.
   */
  async function keptAlive(answer: Opened): Promise<Tokens> {
    const now = deps.clock.now()
    const { grant } = answer
    if (later(grant.refreshedAt, IDLE_MS - spreadOf(grant.id)) > now) return answer.tokens
    const refusedAt = refusals.get(grant.id)
    if (refusedAt && later(refusedAt, REFUSED_MS) > now) return answer.tokens
    const fresh = await refresh(answer)
    if (fresh.kind === 'ok') {
      refusals.delete(grant.id)
      return fresh.value
    }
    if (refusals.size >= MOST_OPEN) refusals.clear()
    refusals.set(grant.id, now)
    return answer.tokens
  }

  return {
    async ask(connection, question) {
      const answer = await open(connection)
      if (answer.kind !== 'ok') return answer
      const { grant, provider } = answer.value
      const tokens = await keptAlive(answer.value)
      const expired = tokens.accessExpiresAt !== null && tokens.accessExpiresAt <= deps.clock.now()
      const first = expired ? null : await question(tokens, provider)
      if (first !== null && first.kind !== 'refresh') return first
      const fresh = await refresh({ grant, provider, tokens })
      if (fresh.kind !== 'ok') return first === null ? orStillWorking(fresh, () => question(tokens, provider)) : fresh
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

/** An access token may live longer than it was said to: when the call works with it, the refused refresh says nothing. */
async function orStillWorking<T>(refused: Verdict, ask: () => Promise<Asked<T>>): Promise<Asked<T>> {
  if (refused.kind !== 'authorization_required' && refused.kind !== 'misconfigured') return refused
  const answer = await ask()
  return answer.kind === 'ok' ? answer : refused
}

/** The same for a grant every time. */
function spreadOf(grantId: string): number {
  return (SPREAD_MS * Number.parseInt(hash('sha256', grantId, 'hex').slice(0, 8), 16)) / 2 ** 32
}

async function openGrant(deps: CallerDeps, connection: Pick<Connection, 'grantId' | 'provider'>): Promise<Asked<Opened>> {
  const { store, providers, sealer, log } = deps
  const grant = await store.grants.find(connection.grantId)
  if (!grant) throw new Error(`grant ${connection.grantId} is missing`)
  const provider = await providerOfGrant(deps, grant)
  if (!provider) {
    const other = providers.get(connection.provider)
    if (!other) {
      return misconfigured(
        'client_missing',
        `No client id is set for ${connection.provider}. Set it as it was and restart Redkey.`,
      )
    }
    return misconfigured(
      'client_changed',
      `The client id or login URL of ${other.label} in the settings is not the one this login was made with. Put it back, or reauthorize the connection with the new one.`,
    )
  }
  try {
    return { kind: 'ok', value: { grant, provider, tokens: await sealer.open(grant.sealed, bindingOf(grant)) } }
  } catch (cause) {
    log.error('grant.seal_broken', { grantId: grant.id }, cause)
    return misconfigured('seal_broken', "The stored login can't be opened: put the key that sealed it back into REDKEY_KEYS.")
  }
}

function misconfigured(code: string, explanation: string): Verdict {
  return { kind: 'misconfigured', code, explanation }
}
