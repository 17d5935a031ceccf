import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { until } from '../../src/sandbox/until.ts'
import { STACK, soon } from '../support/acts.ts'
import { aLiveRedkey } from '../support/live.ts'
import { touchpoints } from '../support/world.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const PRLIMIT = '/usr/bin/prlimit'
/** No file may grow beyond this: for SQLite that is a disk without room. */
const ROOM_BYTES = 2_000_000
const LONG = 'x'.repeat(150)

test.skipIf(!existsSync(PRLIMIT))(
  'on a full disk touchpoints are refused with 503, what was accepted stays, and all goes on when there is room',
  { timeout: 60_000 },
  async () => {
    await using live = await aLiveRedkey({ REDKEY_CHECK_EVERY: '1h' })
    const child = spawn('/bin/sh', ['-c', `trap '' XFSZ; exec "$0" "$1"`, process.execPath, MAIN], {
      env: { PATH: process.env['PATH'] ?? '', ...live.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    await using _end = { [Symbol.asyncDispose]: async () => void child.kill('SIGKILL') }
    await soon('readiness', async () => (await fetch(`${live.url}/readyz`).catch(() => undefined))?.status === 200, 20_000)
    await live.connect()

    const post = async (items: readonly object[]) => {
      const headers = { authorization: `Bearer ${live.sandbox.env['REDKEY_API_TOKENS']}`, 'content-type': 'application/json' }
      const answer = await fetch(`${live.url}/v1/touchpoints`, { method: 'POST', headers, body: JSON.stringify(items) })
      return { status: answer.status, body: (await answer.json()) as { code?: string } }
    }
    execFileSync(PRLIMIT, ['--pid', String(child.pid), `--fsize=${ROOM_BYTES}:unlimited`])
    const accepted: string[] = []
    let refused: Awaited<ReturnType<typeof post>> | undefined
    for (let batch = 0; !refused && batch < 200; batch++) {
      const items = touchpoints(200, `b${batch}`).map(
        (item): Record<string, unknown> => ({ ...item, adContent: LONG, campaignName: LONG, keyword: LONG }),
      )
      const answer = await post(items)
      if (answer.status === 202) accepted.push(...items.map((item) => String(item['id'])))
      else refused = answer
    }
    expect(refused).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } })
    expect(JSON.stringify(refused)).not.toMatch(STACK)
    expect(accepted.length).toBeGreaterThan(0)
    expect((await fetch(`${live.url}/healthz`)).status).toBe(200)

    execFileSync(PRLIMIT, ['--pid', String(child.pid), '--fsize=unlimited:unlimited'])
    expect((await post(touchpoints(50, 'after'))).status).toBe(202)
    await until('everything accepted is at Acme', () => accepted.every((id) => live.written().has(id)), 30_000)
    await until('and what came later', () => live.written().has('after_49'), 10_000)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
    expect(errors).not.toContain('unhandled')
  },
)
