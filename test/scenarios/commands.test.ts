import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aLiveRedkey } from '../support/live.ts'
import { startProcess } from '../support/process.ts'

test('beside the running server its database is copied, and its logins get a new key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-commands-'))
  await using live = await aLiveRedkey()
  await live.start()
  await live.connect()
  const run = async (args: readonly string[], env: Record<string, string> = {}) => {
    await using command = startProcess({ ...live.env, ...env }, { args, cwd: folder })
    return { code: await command.exited, said: command.stdout() + command.stderr() }
  }

  expect(await run(['backup'])).toMatchObject({ code: 64 })
  expect(await run(['backup', 'copy.db'])).toEqual({ code: 0, said: expect.stringContaining('The keys') })
  expect(await run(['backup', 'copy.db'])).toEqual({ code: 1, said: expect.stringContaining('not overwritten') })
  expect(await run(['backup', 'pg.db'], { DATABASE_URL: 'postgres://db.example/redkey' })).toEqual({
    code: 64,
    said: expect.stringContaining('pg_dump'),
  })
  const copy = { DATABASE_URL: `file:${join(folder, 'copy.db')}` }
  expect(await run(['connections'], copy)).toEqual({ code: 0, said: expect.stringMatching(/salesforce .*Acme Inc .*connected/) })

  const old = live.env['REDKEY_KEYS'] ?? ''
  const fresh = randomBytes(32).toString('base64')
  expect(await run(['rotate-keys'], { REDKEY_KEYS: fresh })).toEqual({
    code: 1,
    said: expect.stringContaining('no key of REDKEY_KEYS'),
  })
  expect(await run(['rotate-keys'], { REDKEY_KEYS: `${fresh},${old}` })).toEqual({
    code: 0,
    said: expect.stringContaining('1 stored login sealed anew'),
  })
  expect(await run(['rotate-keys'], { REDKEY_KEYS: fresh })).toEqual({
    code: 0,
    said: expect.stringContaining('1 had it already'),
  })
  rmSync(folder, { recursive: true })
}, 60_000)
