import { sqliteColumns } from './columns.ts'
import { defineTables } from './schema.ts'

export const {
  meta,
  workspaces,
  grants,
  clients,
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
  audit,
} = defineTables(sqliteColumns)
