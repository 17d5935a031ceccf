import { randomToken } from '../oauth-server.ts'
import type { AdsCustomer, GoogleWorld, Person, Profile } from './world.ts'

/** What tests and the panel do to the world of the fake Google. Unknown names throw. */
export interface GoogleControls {
  person(email: string): Person
  /** By id or name. */
  customer(id: string): AdsCustomer
  profile(profileId: string): Profile
  /** The person takes the access back at myaccount.google.com. Answers how many approvals there were. */
  revoke(email: string): number
  /** Access tokens only; refresh tokens stay. */
  expireAccessTokens(email?: string): number
  setActive(email: string, isActive: boolean): void
  /** Nobody has access to the account any more, neither directly nor through a manager account. */
  takeAccess(customerId: string): void
  rotateClientSecret(secret?: string): string
}

export function googleControls(world: GoogleWorld): GoogleControls {
  const person = (email: string) => found(world.people, 'account', email, (one) => one.email === email)
  const customer = (id: string) => found(world.customers, 'ads account', id, (one) => one.id === id || one.name === id)
  return {
    person,
    customer,
    profile: (profileId) => found(world.profiles, 'profile', profileId, (one) => one.profileId === profileId),
    revoke: (email) => world.oauth.kill(({ username }) => username === person(email).email, 'revoked').length,
    expireAccessTokens: (email) => world.oauth.endSessions(({ username }) => email === undefined || username === email),
    setActive(email, isActive) {
      person(email).isActive = isActive
      if (!isActive) world.oauth.endSessions(({ username }) => username === email)
    },
    takeAccess(customerId) {
      const taken = customer(customerId)
      taken.people.clear()
      taken.managerId = null
    },
    rotateClientSecret(secret = randomToken(24)) {
      world.clientSecret = secret
      return secret
    },
  }
}

function found<T>(all: readonly T[], what: string, name: string, is: (one: T) => boolean): T {
  const one = all.find(is)
  if (!one) throw new Error(`The fake Google has no ${what} ${name}`)
  return one
}
