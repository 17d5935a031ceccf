import { DAY_MS, later } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import type { ProviderMessage } from '../provider.ts'

export type HearAnswer = 'heard' | 'forged' | 'unproven' | 'nobody_listens'

/** Providers send a message again for some days at most. */
const REMEMBER_MS = 14 * DAY_MS

/** A provider says that logins ended. It is believed as far as a look: their connections are checked at once. */
export async function hearEnded(
  { store, providers, clock, log }: Pick<Deps, 'store' | 'providers' | 'clock' | 'log'>,
  name: string,
  message: ProviderMessage,
): Promise<HearAnswer> {
  const listener = providers.listener(name)
  if (!listener) return 'nobody_listens'
  const heard = await listener.hear(message)
  if (heard.kind !== 'heard') {
    log.warn('login_end.not_heard', { provider: name, why: heard.why })
    return heard.kind
  }
  const now = clock.now()
  const isNew = heard.id === null || (await store.tickets.useOnce(`heard:${name}:${heard.id}`, now, later(now, REMEMBER_MS)))
  const checked = isNew ? await store.checks.hasten(listener.providers, heard.ended, now) : 0
  log.info('login_end.heard', { provider: name, checked, isNew })
  return 'heard'
}
