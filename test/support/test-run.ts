import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPgBin, startPg } from './pgserver.ts'

/** What all test processes of a run share, and what is gone with it: a folder for what they put aside, and a PostgreSQL. */
export default async function testRun(): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'redkey-tests-'))
  // PostgreSQL may run as somebody else.
  chmodSync(dir, 0o711)
  process.env.TMPDIR = dir
  const bin = process.env.TEST_DATABASE_URL === undefined ? findPgBin() : undefined
  const server = bin === undefined ? undefined : await startPg(bin)
  if (server) process.env.TEST_DATABASE_URL = server.url('postgres')
  return async () => {
    await server?.stop()
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}
