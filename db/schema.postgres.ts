import { postgresColumns } from './columns.postgres.ts'
import { defineTables } from './schema.ts'

export const {
  meta,
  workspaces,
  grants,
  connections,
  mappings,
  backlogs,
  holds,
  checks,
  outages,
  catchUps,
  messages,
  edits,
  leases,
  usedTickets,
  touchpointIds,
  segments,
  bodies,
  strays,
  bulkJobs,
  refusals,
  rejectWindows,
  rejectAlarms,
  warnings,
  audit,
} = defineTables(postgresColumns)
