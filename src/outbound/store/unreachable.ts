import { AppError } from '../../errors.ts'

const NEXT: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'Another process holds the database: stop it, or use PostgreSQL for more than one process.',
  SQLITE_LOCKED: 'Another process holds the database: stop it, or use PostgreSQL for more than one process.',
  SQLITE_CANTOPEN: 'Check that the path of DATABASE_URL is right and its folder is writable.',
  SQLITE_READONLY: 'Make the file and its folder writable for the user that runs Redkey.',
  SQLITE_CORRUPT: 'The file is damaged: put a backup in its place.',
  SQLITE_NOTADB: 'The file is not a SQLite database: correct DATABASE_URL, or put a backup in its place.',
  SQLITE_FULL: 'Free some disk space.',
  ECONNREFUSED: 'Start PostgreSQL, or correct host and port in DATABASE_URL.',
  ENOTFOUND: 'Correct the host in DATABASE_URL.',
  ETIMEDOUT: 'Check that the network lets Redkey reach the host of DATABASE_URL.',
  EACCES: 'Make the folder of DATABASE_URL writable for the user that runs Redkey.',
  '28P01': 'Correct user and password in DATABASE_URL.',
  '28000': 'Correct user and password in DATABASE_URL, or let pg_hba.conf admit it.',
  '3D000': 'Create the database, or correct its name in DATABASE_URL.',
  '42501': 'Let the user of DATABASE_URL create tables in the database.',
}

/** An error that names the database without its password, the cause, and what to do about it. */
export function unreachable(databaseUrl: string, cause: unknown): AppError {
  const { code, message } = root(cause)
  const next = NEXT[code] ?? NEXT[code.replace(/^(SQLITE_[A-Z]+)_.*/, '$1')] ?? 'Check DATABASE_URL, and that the database runs.'
  return new AppError('DATABASE_UNREACHABLE', `The database ${nameOf(databaseUrl)} can't be used: ${message}`, { cause, next })
}

/** The driver's own error, below what drizzle and Node wrap around it. */
function root(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return root(error.errors[0])
  if (error instanceof Error && error.cause !== undefined) return root(error.cause)
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : '', message: error.message || error.name }
}

function nameOf(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl) || !databaseUrl.startsWith('postgres')) return databaseUrl
  const { host, pathname } = new URL(databaseUrl)
  return `postgres://${host}${pathname}`
}
