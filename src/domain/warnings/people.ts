import type { Connection } from '../connections/connection.ts'

/** A Slack user on whom connections depend. */
export interface Depended {
  readonly teamId: string
  readonly userId: string
}

/** What a connection needs somebody for. */
export interface Dependent {
  readonly connection: Connection
  readonly isOwner: boolean
  readonly isDeputy: boolean
  /** The login in use is theirs. */
  readonly loggedIn: boolean
}

/** What we ask of the store for people; whole facts like those of `Store`. */
export interface PeopleStore {
  /** Owners, deputies and those whose logins are in use, who were not looked at since `before`; those never looked at first. */
  toLookAt(before: Date, limit: number): Promise<Depended[]>
  lookedAt(person: Depended, at: Date): Promise<void>
  /** What depends on somebody, by name. */
  dependents(person: Depended): Promise<Dependent[]>
}
