import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../errors.ts'

/**
 * The key that seals grants when `REDKEY_KEYS` is not set (development, embedded database): made once, kept beside the
 * database, readable by its owner only. Throws `SEAL_BROKEN` when the file is there but holds no key.
 */
function loadOrMakeKeys(databaseFile: string): Buffer[] {
  const path = `${databaseFile}.key`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')
  if (key.length === 32) return [key]
  throw new AppError('SEAL_BROKEN', `${path} holds no key of 32 bytes in base64.`, {
    next: 'Put the key back that was there. Without it the stored logins cannot be opened; then delete the file and reauthorize every connection.',
  })
}

/** Those of the settings; without any, those beside the embedded database. */
export function keysOf({
  keys,
  databaseUrl,
}: {
  readonly keys: readonly Buffer[] | undefined
  readonly databaseUrl: string
}): readonly Buffer[] {
  return keys ?? loadOrMakeKeys(databaseUrl.replace(/^file:/, ''))
}
