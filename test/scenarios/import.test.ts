import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { soon } from '../support/acts.ts'
import { aLiveRedkey } from '../support/live.ts'
import { startProcess } from '../support/process.ts'

const WHEN = '2026-11-20T10:00:00Z'

const backlogOf = (connection: Record<string, unknown>) => connection['backlog'] as { waiting: number; pushed: number }

test('an import beside the running server survives kill -9, and every row reaches the CRM once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-import-'))
  await using live = await aLiveRedkey({ REDKEY_BULK_FROM: 'off' })
  await live.start()
  const path = join(folder, 'history.csv')
  const rows = Array.from({ length: 10_000 }, (_, index) => `tp_${index},${WHEN},"a ""word"", and\nanother"`)
  writeFileSync(path, `id,occurredAt,adContent\n${rows.join('\n')}\n`)
  const connection = () => live.api('/v1/connections/salesforce')
  const run = (...args: string[]) => startProcess(live.env, { args: ['import', ...args], cwd: folder })

  await using early = run(path)
  expect(await early.exited).toBe(1)
  expect(early.stderr()).toContain('no CRM connection')
  await using wrong = run('--fast', path)
  expect(await wrong.exited).toBe(64)
  await live.connect()

  await using first = run(path)
  await soon('some rows', async () => {
    const { waiting, pushed } = backlogOf(await connection())
    return waiting + pushed > 0
  })
  await first.end('SIGKILL')
  await using second = run(path)
  expect(await second.exited, second.stderr()).toBe(0)
  expect(second.stdout()).toMatch(/^10,000 rows: .*, 0 refused\.\n$/)
  expect(existsSync(`${path}.redkey-progress`)).toBe(false)
  await soon('all of them at Acme', async () => live.written().size === 10_000, 15_000)
  const settled = { waiting: 0, pushed: 10_000, superseded: 0, rejected: 0 }
  await soon('the numbers', async () => backlogOf(await connection()).waiting === 0)
  expect(backlogOf(await connection())).toEqual(settled)
  rmSync(folder, { recursive: true })
}, 60_000)
