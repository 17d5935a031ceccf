import { later } from '../../clock.ts'
import { type Doubt, TOGETHER_MS } from '../connections/app-doubts.ts'
import { troubleNow } from '../connections/consider-app.ts'
import type { Deps } from '../deps.ts'
import { type AppTrouble, sameOnes, type Warning } from './warning.ts'

type TroubleDeps = Pick<Deps, 'store' | 'clock' | 'log'>
type Open = Warning & { readonly detail: AppTrouble }

/** Keeps the operator's cards up with what became of the doubts; one ends when none is left. Runs on the beat. */
export async function followTroubles(deps: TroubleDeps): Promise<void> {
  const { store, clock, log } = deps
  const open = (await store.warnings.open()).filter((one): one is Open => one.detail.kind === 'app_trouble')
  for (const known of open) {
    const since = later(known.since, -TOGETHER_MS)
    const doubts = (await doubtsOf(deps, known.detail)).filter((doubt) => !doubt.isRed || doubt.since >= since)
    const { users, ...trouble } = troubleNow(doubts)
    if (sameOnes(trouble.doubtful, known.detail.doubtful) && sameOnes(trouble.red, known.detail.red)) continue
    const now = clock.now()
    const detail = { ...known.detail, ...trouble, users: Math.max(users, known.detail.users) }
    const isOver = trouble.doubtful.length === 0
    if (!(await store.warnings.change(known, { detail, closedAt: isOver ? now : null }, null, now))) continue
    if (isOver) log.info('app.trouble_over', { provider: detail.provider, red: trouble.red.length })
  }
}

/** The grant that was first asked may be replaced by now. */
async function doubtsOf({ store }: TroubleDeps, { grantId, doubtful, red }: AppTrouble): Promise<Doubt[]> {
  if (await store.grants.find(grantId)) return store.apps.doubts(grantId)
  for (const { id } of [...doubtful, ...red]) {
    const connection = await store.connections.find(id)
    if (connection) return store.apps.doubts(connection.grantId)
  }
  return []
}
