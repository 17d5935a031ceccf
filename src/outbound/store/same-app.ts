import { and, type Column, eq, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'

type Grants = Tables['grants']

/** Joins the grant with this id: `asked` is that one, `grants` are those of the same app in the same workspace. */
export function sameApp(grants: Grants, asked: Grants, grantId: string | Column): SQL | undefined {
  return and(
    eq(asked.id, grantId),
    eq(grants.teamId, asked.teamId),
    eq(grants.provider, asked.provider),
    eq(grants.clientId, asked.clientId),
    eq(grants.tokenOrigin, asked.tokenOrigin),
  )
}
