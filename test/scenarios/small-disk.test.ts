import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { soon } from '../support/acts.ts'
import { aLiveRedkey, type Live } from '../support/live.ts'
import { aTouchpoint } from '../support/world.ts'

interface SmallDisk extends Disposable {
  readonly folder: string
  /** Leaves this much of it. */
  fillAllBut(bytes: number): void
  makeRoom(): void
}

const DISK_BYTES = 32_000_000

/** A file system of its own in memory; undefined where it may not be mounted (only root may). */
function aSmallDisk(): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmdirSync(folder)
    return undefined
  }
  return {
    folder,
    fillAllBut: (bytes) => writeFileSync(join(folder, 'other'), Buffer.alloc(DISK_BYTES - bytes)),
    makeRoom: () => rmSync(join(folder, 'other')),
    [Symbol.dispose]() {
      execFileSync('umount', ['--lazy', folder])
      rmdirSync(folder)
    },
  }
}

async function send(live: Live, ids: readonly string[]): Promise<{ status: number; code: unknown; retryAfter: string | null }> {
  const answer = await fetch(`${live.url}/v1/touchpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${live.env['REDKEY_API_TOKENS']}`, 'content-type': 'application/json' },
    body: JSON.stringify(
      ids.map((id) => aTouchpoint({ id, landingPage: `https://acme.example/${randomBytes(400).toString('hex')}` })),
    ),
  })
  const { code } = (await answer.json()) as { code?: unknown }
  return { status: answer.status, code, retryAfter: answer.headers.get('retry-after') }
}

test.for([
  { how: 'and goes on when there is room again', isKilled: false },
  { how: 'also when the process dies meanwhile', isKilled: true },
])('a full disk refuses what is new and keeps what was accepted, $how', { timeout: 60_000 }, async ({ isKilled }, { skip }) => {
  using disk = aSmallDisk()
  if (!disk) return skip('a small file system can not be mounted here: only root may')
  await using live = await aLiveRedkey({ DATABASE_URL: `file:${disk.folder}/redkey.db` })
  await live.start()
  await live.connect()
  live.acme.revokeGrant()
  await live.reauthorizeLink()

  disk.fillAllBut(12_000_000)
  const accepted: string[] = []
  let refusal: Awaited<ReturnType<typeof send>> | undefined
  for (let batch = 0; batch < 30 && !refusal; batch++) {
    const ids = Array.from({ length: 1000 }, (_, index) => `tp_${batch}_${index}`)
    const answer = await send(live, ids)
    if (answer.status === 202) accepted.push(...ids)
    else refusal = answer
  }
  expect(refusal).toEqual({ status: 503, code: 'storage_unavailable', retryAfter: expect.stringMatching(/^\d+$/) })
  expect(accepted.length).toBeGreaterThan(500)

  // Looking still works, and what is refused now is refused as before.
  expect((await fetch(`${live.url}/readyz`)).status).toBe(200)
  expect(
    (
      await send(
        live,
        Array.from({ length: 1000 }, (_, index) => `again_${index}`),
      )
    ).status,
  ).toBe(503)

  if (isKilled) await live.running().end('SIGKILL')
  disk.makeRoom()
  if (isKilled) await live.start()
  const waiting = async () => ((await live.api('/v1/connections/salesforce'))['backlog'] as { waiting: number }).waiting
  expect(await waiting()).toBe(accepted.length)
  expect((await send(live, ['one_more', ...accepted.slice(0, 100)])).status).toBe(202)
  expect(await waiting()).toBe(accepted.length + 1)
  await live.reauthorize()
  await soon('all of them at Acme', async () => live.written().size === accepted.length + 1, 20_000)
  expect([...live.written()].sort()).toEqual(['one_more', ...accepted].sort())
})
