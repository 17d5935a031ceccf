import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../clock.ts'
import type { Connection } from './connection.ts'

/** An account is probed at most this often when its login can be proved without it. */
const ACCOUNT_EVERY_MS = HOUR_MS
/** Probes use up less than a fifth of what an app may call in a day; checks by hand and second proofs come on top. */
const PROBE_SHARE = 0.18

/** What is red is asked for this often, apart from its login. */
const RED_EVERY_MS = 15 * MINUTE_MS

export interface ProbePlan {
  /** The login itself is asked for first. */
  readonly login: boolean
  /** Then these accounts, in this order. */
  readonly accounts: readonly Connection[]
}

export interface ProbeRules {
  readonly checkEveryMs: number
  /** The provider can prove a login without asking for an account. */
  readonly provesLogins: boolean
  /** Calls that the provider allows the app in a day; null where that is no concern. */
  readonly dailyCalls: number | null
  /** Connections of the app, over all its logins. */
  readonly ofApp: number
}

/**
 * What one check of a login asks for. `connections` are those that share it. Every round proves the login, by a call for that or by an
 * account; the accounts take turns: those that do not work first, then those that were not asked for longest.
 */
export function planProbes(
  connections: readonly Connection[],
  probedAt: ReadonlyMap<string, Date>,
  now: Date,
  rules: ProbeRules,
): ProbePlan {
  const [only] = connections
  if (connections.length === 1 && only && !rules.provesLogins) return { login: false, accounts: [only] }
  const everyMs = accountEveryMs(rules)
  const age = ({ id }: Connection) => now.getTime() - (probedAt.get(id)?.getTime() ?? 0)
  const inTurn = connections.toSorted((a, b) => Number(isFine(a)) - Number(isFine(b)) || age(b) - age(a))
  const atOnce = Math.ceil((connections.length * rules.checkEveryMs) / everyMs)
  // Half a round early is nearer than a whole one late.
  const due = inTurn.filter((one) => age(one) >= everyMs - rules.checkEveryMs / 2).slice(0, atOnce)
  const doubtful = inTurn.find((one) => isInDoubt(one) && age(one) >= (isRed(one) ? RED_EVERY_MS : 0))
  const accounts = doubtful && !due.includes(doubtful) ? [doubtful, ...due] : due
  if (rules.provesLogins) return { login: true, accounts }
  return { login: false, accounts: accounts.length > 0 ? accounts : inTurn.slice(0, 1) }
}

function accountEveryMs({ dailyCalls, ofApp }: ProbeRules): number {
  return dailyCalls === null ? ACCOUNT_EVERY_MS : Math.max(ACCOUNT_EVERY_MS, (ofApp * DAY_MS) / (dailyCalls * PROBE_SHARE))
}

export function isFine({ health }: Connection): boolean {
  return health.status === 'connected' && !health.suspectSince && !health.unreachableSince
}

/** A second proof, or the end of a trouble that all accounts of the login share, does not wait for its turn. */
function isInDoubt(connection: Connection): boolean {
  const { health } = connection
  return isOfLogin(connection) || health.suspectSince !== null || health.unreachableSince !== null
}

/** It is not this account alone that was refused. */
export function isOfLogin({ health }: Connection): boolean {
  return health.status !== 'connected' && health.status !== 'paused' && !isOfAccount(health)
}

function isOfAccount({ status, cause }: Connection['health']): boolean {
  return status === 'permission_required' && cause !== 'admin_blocked'
}

function isRed({ health }: Connection): boolean {
  return health.status !== 'connected'
}
