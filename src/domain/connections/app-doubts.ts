import { MINUTE_MS } from '../../clock.ts'

/** A connection whose login was refused ambiguously, and has not worked since. Red: it was confirmed meanwhile. */
export interface Doubt {
  readonly connectionId: string
  readonly name: string
  readonly accountName: string
  readonly providerUserId: string
  readonly since: Date
  readonly isRed: boolean
}

/** What one app registration at a provider has in common: provider, client id, token endpoint. Asked for by any grant of it. */
export interface AppStore {
  /** Of all its connections in the grant's workspace, the oldest first. */
  doubts(grantId: string): Promise<Doubt[]>
  /** How many connections use it. */
  connections(grantId: string): Promise<number>
  /** Other users' healthy connections, one for each of at most `users` users, are checked at once. Answers how many. */
  askOthers(grantId: string, users: number, at: Date): Promise<number>
}

/** So many users at once do not lose their logins by chance. */
const USERS_OF_TROUBLE = 3
export const TOGETHER_MS = 5 * MINUTE_MS

/** Whether logins of three or more users came into doubt within five minutes, this one among them: then it is the app's trouble. */
export function isAppsTrouble(doubts: readonly Pick<Doubt, 'providerUserId' | 'since'>[], own: Date): boolean {
  const within = (first: Date, at: Date) => at >= first && at.getTime() - first.getTime() <= TOGETHER_MS
  return doubts.some(({ since: first }) => {
    if (!within(first, own)) return false
    const together = doubts.filter(({ since }) => within(first, since))
    return new Set(together.map(({ providerUserId }) => providerUserId)).size >= USERS_OF_TROUBLE
  })
}
