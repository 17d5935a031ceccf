import { AppError } from '../../errors.ts'

/** SQLite: locked, full, unreadable, read-only. */
const SQLITE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|PROTOCOL)/
/** PostgreSQL: connection, resources, shutdown, serialization, locks, read-only standby. */
const POSTGRES = /^(08|53|57P|58)|^(40001|40P01|55P03|25006)$/
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENOSPC'])
/** `pg` gives these no code. */
const POOL = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/**
 * Is this error the database's: locked, full, out of reach? Then nothing is wrong with the request and it is worth repeating.
 * Query builders wrap what the driver says, so the causes are looked at too.
 */
export function isStorageTrouble(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof AppError && at.code === 'DATABASE_UNREACHABLE') return true
    if (POOL.test(at.message)) return true
    const code: unknown = 'code' in at ? at.code : undefined
    if (typeof code === 'string' && (SQLITE.test(code) || POSTGRES.test(code) || NETWORK.has(code))) return true
  }
  return false
}
