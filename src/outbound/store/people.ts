import { and, asc, eq, isNotNull, ne, or } from 'drizzle-orm'
import type { Depended, PeopleStore } from '../../domain/warnings/people.ts'
import type { Dialect } from './dialect.ts'
import { toConnection } from './records.ts'
import { NO_TEAM } from './removals.ts'

export function peopleStore({ queries, tables: { connections, grants, people } }: Dialect): PeopleStore {
  async function depended(): Promise<Depended[]> {
    const { teamId, ownerId, deputyId, grantId } = connections
    const isThere = ne(teamId, NO_TEAM)
    const owners = await queries
      .selectDistinct({ teamId, userId: ownerId })
      .from(connections)
      .where(and(isThere, isNotNull(ownerId)))
    const deputies = await queries
      .selectDistinct({ teamId, userId: deputyId })
      .from(connections)
      .where(and(isThere, isNotNull(deputyId)))
    const loggedIn = await queries
      .selectDistinct({ teamId, userId: grants.authorizedBy })
      .from(connections)
      .innerJoin(grants, eq(grants.id, grantId))
      .where(and(isThere, isNotNull(grants.authorizedBy)))
    const all = [...owners, ...deputies, ...loggedIn].flatMap(({ userId, ...of }) => (userId === null ? [] : { ...of, userId }))
    return [...new Map(all.map((person) => [keyOf(person), person])).values()]
  }

  return {
    toLookAt: async (before, limit) => {
      const looked = new Map((await queries.select().from(people)).map((row) => [keyOf(row), row.lookedAt.getTime()]))
      const lastLook = (person: Depended) => looked.get(keyOf(person)) ?? 0
      return (await depended())
        .filter((person) => lastLook(person) <= before.getTime())
        .sort((a, b) => lastLook(a) - lastLook(b) || (keyOf(a) < keyOf(b) ? -1 : 1))
        .slice(0, limit)
    },
    lookedAt: async ({ teamId, userId }, at) => {
      await queries
        .insert(people)
        .values({ teamId, userId, lookedAt: at })
        .onConflictDoUpdate({ target: [people.teamId, people.userId], set: { lookedAt: at } })
    },
    dependents: async ({ teamId, userId }) => {
      const { ownerId, deputyId, name } = connections
      const found = await queries
        .select({ connection: connections, authorizedBy: grants.authorizedBy })
        .from(connections)
        .innerJoin(grants, eq(grants.id, connections.grantId))
        .where(
          and(eq(connections.teamId, teamId), or(eq(ownerId, userId), eq(deputyId, userId), eq(grants.authorizedBy, userId))),
        )
        .orderBy(asc(name))
      return found.map(({ connection, authorizedBy }) => ({
        connection: toConnection(connection),
        isOwner: connection.ownerId === userId,
        isDeputy: connection.deputyId === userId,
        loggedIn: authorizedBy === userId,
      }))
    },
  }
}

function keyOf({ teamId, userId }: Depended): string {
  return `${teamId} ${userId}`
}
