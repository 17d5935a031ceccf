import { newMessage } from '../cards/new-message.ts'
import type { Deps, SecretEnd } from '../deps.ts'
import { operatorsTeam } from '../workspaces/first-workspace.ts'
import { daysLeft, isLoud, stepOf } from './steps.ts'
import { newWarning, type SecretEnds, type Warning } from './warning.ts'

type SecretsDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>
type Open = Warning & { readonly detail: SecretEnds }

/** Tells whoever runs Redkey which client secrets end soon, as far as the settings say when. Runs on the beat. */
export async function tellSecrets(deps: SecretsDeps): Promise<void> {
  const { store, clock, settings } = deps
  const open = (await store.warnings.open()).filter((one): one is Open => one.detail.kind === 'secret_ends')
  for (const known of open) {
    const isAsTold = settings.secretEnds.some((end) => end.provider === known.detail.provider && isOf(end, known.detail))
    const now = clock.now()
    if (!isAsTold) await store.warnings.change(known, { detail: { ...known.detail, isReplaced: true }, closedAt: now }, null, now)
  }
  if (settings.secretEnds.length === 0) return
  const teamId = await operatorsTeam(store)
  if (teamId === undefined) return
  for (const end of settings.secretEnds) {
    await tellOne(
      deps,
      teamId,
      end,
      open.find(({ detail }) => detail.provider === end.provider && isOf(end, detail)),
    )
  }
}

async function tellOne(deps: SecretsDeps, teamId: string, { provider, at }: SecretEnd, known: Open | undefined): Promise<void> {
  const { store, clock, log } = deps
  const now = clock.now()
  const step = stepOf(at, now, null)
  const left = daysLeft(at, now)
  if (step === null || (step === known?.detail.step && left === known.detail.daysLeft)) return
  const about = { id: null, teamId, channelId: null }
  const detail: SecretEnds = { kind: 'secret_ends', provider, endsAt: at.toISOString(), step, daysLeft: left, isReplaced: false }
  if (!known) {
    const message = newMessage(deps, about, 'warning')
    if (await store.warnings.raise(newWarning(message, `secret ${provider}`, detail), message))
      log.warn('client_secret.ends', { provider, days: step })
    return
  }
  if (step === known.detail.step) return void (await store.warnings.change(known, { detail, closedAt: null }, null, now))
  const notice = newMessage(deps, about, 'notice', {
    threadOf: known.messageId,
    broadcast: isLoud(step),
    notice: { kind: 'secret_ends', days: step, endsAt: detail.endsAt, provider },
  })
  if (await store.warnings.change(known, { detail, closedAt: null }, notice, now))
    log.warn('client_secret.ends', { provider, days: step })
}

function isOf({ at }: SecretEnd, detail: SecretEnds): boolean {
  return at.toISOString() === detail.endsAt
}
