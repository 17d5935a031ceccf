import { later, MINUTE_MS } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import type { Installation, InstallationEnd } from './installation.ts'

type EndDeps = Pick<Deps, 'store' | 'slack' | 'clock' | 'newId' | 'log'>

/** What Slack tells so soon after an install may be of the installation before; it repeats an event up to five minutes later. */
const DOUBTFUL_MS = 10 * MINUTE_MS

export interface EndHeard {
  readonly teamId: string
  readonly how: InstallationEnd
  /** Whose tokens were revoked; null: everybody's. */
  readonly botUserIds: readonly string[] | null
  readonly at: Date
}

/** Slack says that a workspace has the app no more. It says so in two ways, in any order, and maybe more than once. */
export async function hearEnd(deps: EndDeps, { teamId, how, botUserIds, at }: EndHeard): Promise<void> {
  const { store, slack, log } = deps
  const seen = await store.installations.find(teamId)
  if (!seen) return log.warn('workspace.end_not_of_an_installation', { teamId, how })
  if (seen.endedAt !== null || (botUserIds !== null && !botUserIds.includes(seen.botUserId))) return
  const isDoubtful = at < later(seen.installedAt, DOUBTFUL_MS)
  if (isDoubtful && (await slack.tokenState(teamId)) !== 'dead') return log.info('workspace.old_end_heard', { teamId, how })
  await end(deps, seen, how)
}

/** Slack refused a bot token. True: it is dead for good, and with it the installation. */
export async function endIfDead(deps: EndDeps, teamId: string): Promise<boolean> {
  const seen = await deps.store.installations.find(teamId)
  if (!seen) return false
  if (seen.endedAt !== null) return true
  return (await deps.slack.tokenState(teamId)) === 'dead' && end(deps, seen, 'token_revoked')
}

async function end({ store, clock, newId, log }: EndDeps, seen: Installation, how: InstallationEnd): Promise<boolean> {
  const { teamId } = seen
  const audit = { id: newId(), teamId, actor: null, action: 'uninstalled' as const, detail: how, at: clock.now() }
  const isEnded = await store.installations.end(seen, how, audit)
  if (isEnded) log.error('workspace.gone', { teamId, how })
  return isEnded
}
