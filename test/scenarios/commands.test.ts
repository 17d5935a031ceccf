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

test('beside the running server a CRM is looked at for setup, and a client is added from stdin and kept sealed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-commands-'))
  await using live = await aLiveRedkey()
  await live.start()
  await live.connect()
  const run = async (args: readonly string[], stdin = '') => {
    await using command = startProcess(live.env, { args, cwd: folder, stdin })
    return { code: await command.exited, said: command.stdout() + command.stderr() }
  }
  expect(await run(['crm'])).toMatchObject({ code: 64 })
  expect(await run(['crm', 'setup', 'salesforc'])).toEqual({ code: 1, said: expect.stringContaining('Is salesforce meant?') })
  expect(await run(['crm', 'setup', 'salesforce'])).toEqual({ code: 0, said: expect.stringContaining('Nothing to set up') })

  const add = [
    'client',
    'add',
    'acme-eu',
    '--provider',
    'salesforce',
    '--client-id',
    'eu',
    '--login-url',
    live.sandbox.salesforce.loginUrl,
  ]
  expect(await run([...add, '--client-secret', 'oops'])).toMatchObject({ code: 64 })
  const added = await run(add, 'the-secret\n')
  expect(added).toEqual({ code: 0, said: expect.stringContaining('acme-eu was added') })
  expect(added.said).not.toContain('the-secret')
  expect(added.said).toContain('does not accept the client id')
  expect(await run(['client', 'list'])).toEqual({ code: 0, said: expect.stringMatching(/salesforce +acme-eu +http:.* eu /) })
  expect(await run(['doctor'])).toEqual({ code: 1, said: expect.stringContaining('✗ Salesforce (acme-eu)') })
  expect(await run(['client', 'remove', 'acme-eu', '--provider', 'salesforce'])).toMatchObject({ code: 0 })

  expect(await run(['tokens'])).toMatchObject({ code: 64 })
  const made = await run(['tokens', 'add', 'website', '--scope', 'connections:read'])
  expect(made).toEqual({ code: 0, said: expect.stringContaining('website of Acme (T0ACME), for: connections:read') })
  const headers = { authorization: `Bearer ${made.said.split('\n')[0]}` }
  const ask = async (path: string) => (await fetch(`${live.url}${path}`, { headers })).status
  expect([await ask('/v1/connections'), await ask('/v1/touchpoints/tp_1')]).toEqual([200, 403])
  expect(await run(['tokens', 'list'])).toEqual({
    code: 0,
    said: expect.stringMatching(/website +Acme \(T0ACME\) +connections:read/),
  })
  expect(await run(['tokens', 'remove', 'website'])).toMatchObject({ code: 0 })
  expect(await ask('/v1/connections')).toBe(401)
  rmSync(folder, { recursive: true })
}, 60_000)
