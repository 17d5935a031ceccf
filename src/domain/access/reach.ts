import type { Connection } from '../connections/connection.ts'
import type { Account } from '../provider.ts'

/** A connection, and its account as a login tells it. */
export interface Reached {
  readonly connection: Connection
  readonly account: Account
}

export interface Reach {
  /** What the login is for, the connection that was asked for first. */
  readonly reached: readonly Reached[]
  /** That one and those of its old login which need a login, but not this one. */
  readonly missed: readonly Connection[]
}

/**
 * Which connections a new login for `asked` takes over: all that it reaches of the old login, and whatever else is red. What works
 * with the old login is left alone when this one does not even reach the connection that was asked for. `all`: every connection of
 * the provider in this workspace.
 */
export function reachOf(asked: Connection, all: readonly Connection[], accounts: readonly Account[]): Reach {
  const byId = new Map(accounts.map((account) => [account.id, account]))
  const hasAsked = byId.has(asked.accountId)
  const others = all.filter(({ id }) => id !== asked.id)
  const isWanted = (one: Connection) => needsLogin(one) || (hasAsked && one.grantId === asked.grantId && !isPaused(one))
  const reached = [asked, ...others.filter(isWanted)].flatMap((connection) => {
    const account = byId.get(connection.accountId)
    return account ? [{ connection, account }] : []
  })
  const missed = [asked, ...others.filter((one) => one.grantId === asked.grantId && needsLogin(one))]
  return { reached, missed: missed.filter(({ accountId }) => !byId.has(accountId)) }
}

export function needsLogin({ health }: Connection): boolean {
  return health.status === 'authorization_required'
}

function isPaused({ health }: Connection): boolean {
  return health.status === 'paused'
}
