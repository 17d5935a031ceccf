import { MINUTE_MS } from '../../clock.ts'
import type { Grant } from '../access/grant.ts'
import { newMessage } from '../cards/new-message.ts'
import type { Deps } from '../deps.ts'
import type { Verdict } from '../provider.ts'
import { type AppTrouble, newWarning } from '../warnings/warning.ts'
import { type Doubt, isAppsTrouble } from './app-doubts.ts'
import type { Connection, Observation } from './connection.ts'

/** While its app is in trouble, a login is in doubt for this long before its card goes red. */
export const DOUBT_OF_APP_MS = 15 * MINUTE_MS
/** A doubt is a reason to ask for so many other users' logins at once, so that their doubts come in time. */
const OTHERS_ASKED = 5
/** Connections that the operator's card names. */
const NAMED = 10

type ConsiderDeps = Pick<Deps, 'store' | 'clock' | 'log' | 'newId' | 'settings'>

/**
 * A login is in doubt: whether that is its app's trouble, judged by the doubts that stand in the store, whichever process saw them.
 * The operator is told once.
 */
export async function considerApp(deps: ConsiderDeps, connection: Connection, seen: Observation): Promise<boolean> {
  const { store, clock } = deps
  const { grantId } = connection
  const grant = await store.grants.find(grantId)
  if (!grant) return false
  const doubts = await store.apps.doubts(grantId)
  const isKnown = (await store.warnings.open()).some(
    ({ subject, teamId }) => teamId === grant.teamId && subject === subjectOf(grant),
  )
  if (isKnown) return true
  if (isAppsTrouble(doubts, connection.health.suspectSince ?? clock.now())) {
    await tellOperator(deps, grant, doubts, seen)
    return true
  }
  const isFirst = doubts.every(({ connectionId, isRed }) => isRed || connectionId === connection.id)
  if (isFirst) await store.apps.askOthers(grantId, OTHERS_ASKED, clock.now())
  return false
}

async function tellOperator(deps: ConsiderDeps, grant: Grant, doubts: readonly Doubt[], seen: Observation): Promise<void> {
  const { store, log } = deps
  const message = newMessage(deps, { id: null, teamId: grant.teamId, channelId: null }, 'warning')
  const explanation = seen.kind === 'proof' ? '' : (seen satisfies Verdict).explanation
  const about = { provider: grant.provider, grantId: grant.id, explanation }
  const warning = newWarning(message, subjectOf(grant), { kind: 'app_trouble', ...about, ...troubleNow(doubts) })
  if (await store.warnings.raise(warning, message))
    log.error('app.in_trouble', { provider: grant.provider, connections: doubts.length })
}

function subjectOf({ provider, clientId, tokenOrigin }: Grant): string {
  return ['app', provider, clientId, tokenOrigin].join(' ')
}

/** What the operator's card tells of the doubts as they stand. */
export function troubleNow(doubts: readonly Doubt[]): Pick<AppTrouble, 'users' | 'doubtful' | 'red' | 'others'> {
  const named = doubts.map(({ connectionId: id, name, accountName, isRed }) => ({ id, name, accountName, isRed }))
  const plain = (isRed: boolean) =>
    named.filter((one) => one.isRed === isRed).map(({ id, name, accountName }) => ({ id, name, accountName }))
  const [doubtful, red] = [plain(false), plain(true)]
  return {
    users: new Set(doubts.map(({ providerUserId }) => providerUserId)).size,
    doubtful: doubtful.slice(0, NAMED),
    red: red.slice(0, NAMED),
    others: Math.max(0, doubtful.length - NAMED) + Math.max(0, red.length - NAMED),
  }
}
