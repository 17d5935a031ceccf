import { eq } from 'drizzle-orm'
import type { Store } from '../../domain/store.ts'
import { AppError } from '../../errors.ts'
import { adScanStore } from './ad-scans.ts'
import { apiTokenStore } from './api-tokens.ts'
import { approvalStore } from './approvals.ts'
import { appStore } from './apps.ts'
import { bulkJobStore } from './bulk-jobs.ts'
import { checkStore } from './checks.ts'
import { choiceStore } from './choices.ts'
import { clientStore } from './clients.ts'
import { connectionStore } from './connections.ts'
import { costStore } from './costs.ts'
import type { Dialect } from './dialect.ts'
import { digestSettingStore } from './digest-settings.ts'
import { digestStore } from './digests.ts'
import { escalationStore } from './escalations.ts'
import { gapStore } from './gaps.ts'
import { grantStore } from './grants.ts'
import { historyStore } from './history.ts'
import { holdStore } from './holds.ts'
import { installationStore } from './installations.ts'
import { invitationStore } from './invitations.ts'
import { leaseStore } from './leases.ts'
import { messageStore } from './messages.ts'
import { outageStore } from './outages.ts'
import { outboxStore } from './outbox.ts'
import { outsiderStore } from './outsiders.ts'
import { peopleStore } from './people.ts'
import { refusalStore } from './refusals.ts'
import { rejectAlarmStore } from './reject-alarms.ts'
import { rejectStore } from './rejects.ts'
import { removalStore } from './removals.ts'
import { settingsStore } from './settings.ts'
import { sqlitePath } from './sqlite-path.ts'
import { ticketStore } from './tickets.ts'
import { unreachable } from './unreachable.ts'
import { warningStore } from './warnings.ts'
import { workspaceStore } from './workspaces.ts'

export type Stamp = 'live' | 'sandbox'

export interface OpenOptions {
  /** What the database is for. One that was made for the other is refused. */
  readonly stamp: Stamp
  /** False: a SQLite file must be there already. A PostgreSQL database must always be. */
  readonly createIfMissing?: boolean
}

type Migratable = Dialect & { migrate(): void | Promise<void> }

/**
 * Opens `file:…`, `:memory:` or `postgres://…` and brings its tables up to date. Throws `DATABASE_WRONG_KIND` for a database with
 * the other stamp and `DATABASE_UNREACHABLE` for one that can't be used.
 */
export async function openStore(databaseUrl: string, { stamp, createIfMissing = true }: OpenOptions): Promise<Store> {
  let dialect: Migratable | undefined
  try {
    dialect = await openDialect(databaseUrl, createIfMissing)
    refuseOtherStamp(await readStamp(dialect).catch(() => undefined), stamp)
    await dialect.migrate()
    await stampDatabase(dialect, stamp)
    return createStore(dialect)
  } catch (cause) {
    await dialect?.close()
    throw cause instanceof AppError ? cause : unreachable(databaseUrl, cause)
  }
}

/** The store over an open and migrated database. */
export function createStore(dialect: Dialect): Store {
  const { queries, tables } = dialect
  return {
    workspaces: workspaceStore(dialect),
    installations: installationStore(dialect),
    apiTokens: apiTokenStore(dialect),
    connections: connectionStore(dialect),
    settings: settingsStore(dialect),
    removals: removalStore(dialect),
    outages: outageStore(dialect),
    grants: grantStore(dialect),
    clients: clientStore(dialect),
    choices: choiceStore(dialect),
    approvals: approvalStore(dialect),
    invitations: invitationStore(dialect),
    outsiders: outsiderStore(dialect),
    checks: checkStore(dialect),
    apps: appStore(dialect),
    warnings: warningStore(dialect),
    leases: leaseStore(dialect),
    tickets: ticketStore(dialect),
    outbox: outboxStore(dialect),
    bulkJobs: bulkJobStore(dialect),
    holds: holdStore(dialect),
    rejects: rejectStore(dialect),
    rejectAlarms: rejectAlarmStore(dialect),
    refusals: refusalStore(dialect),
    costs: costStore(dialect),
    adScans: adScanStore(dialect),
    gaps: gapStore(dialect),
    messages: messageStore(dialect),
    escalations: escalationStore(dialect),
    digests: digestStore(dialect),
    digestSettings: digestSettingStore(dialect),
    people: peopleStore(dialect),
    history: historyStore(dialect),
    giveBackSpace: () => dialect.giveBackSpace(),
    ping: async () => void (await queries.select({ id: tables.meta.id }).from(tables.meta)),
    close: () => dialect.close(),
  }
}

/** Only the database in use loads its driver. */
async function openDialect(databaseUrl: string, createIfMissing: boolean): Promise<Migratable> {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(databaseUrl)
  }
  const path = sqlitePath(databaseUrl)
  if (path === undefined) {
    throw new AppError('CONFIG_INVALID', 'DATABASE_URL is neither file:… nor postgres://….', {
      next: 'Set it to file:data/redkey.db, or to the postgres:// address of a database.',
    })
  }
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite(path, createIfMissing)
}

/** Makes the stamp of a new database. Of two processes that both do, the first wins. */
export async function stampDatabase(dialect: Dialect, stamp: Stamp): Promise<void> {
  const { meta } = dialect.tables
  await dialect.queries.insert(meta).values({ id: 1, stamp, lastConnectionNo: 0 }).onConflictDoNothing()
  refuseOtherStamp(await readStamp(dialect), stamp)
}

async function readStamp({ queries, tables: { meta } }: Dialect): Promise<Stamp | undefined> {
  const [found] = await queries.select({ stamp: meta.stamp }).from(meta).where(eq(meta.id, 1))
  return found?.stamp
}

function refuseOtherStamp(found: Stamp | undefined, wanted: Stamp): void {
  if (found === undefined || found === wanted) return
  throw new AppError('DATABASE_WRONG_KIND', `This is a ${found} database, and Redkey was started as ${wanted}.`, {
    next:
      found === 'sandbox'
        ? 'Set DATABASE_URL to another database: real connections never share one with the sandbox.'
        : 'Start with the Slack credentials of this database, or set DATABASE_URL to another one for the sandbox.',
  })
}
