import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../src/outbound/store/store.ts'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { until } from '../../src/sandbox/until.ts'
import { STACK, soon } from '../support/acts.ts'
import { aLiveRedkey } from '../support/live.ts'
import { MAIN, startProcess, untilReady } from '../support/process.ts'
import { freePort, touchpoints } from '../support/world.ts'

const LIVE = {
  SLACK_BOT_TOKEN: 'xoxb-nobody',
  SLACK_APP_TOKEN: 'xapp-nobody',
  SLACK_API_URL: 'http://127.0.0.1:9/api/',
  REDKEY_CHANNEL: 'C0MARKETINGOPS',
  REDKEY_KEYS: randomBytes(32).toString('base64'),
}

async function aFolder() {
  const path = await mkdtemp(join(tmpdir(), 'redkey-process-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Runs Redkey until it ends by itself. */
async function ends(
  cwd: string,
  env: Record<string, string>,
  args: string[] = [],
  stdin = '',
): Promise<{ code: number | string | null; out: string; err: string }> {
  await using run = startProcess(env, { cwd, args, stdin })
  const code = await run.exited
  return { code, out: run.stdout(), err: run.stderr() }
}

test('without credentials a terminal says what to open before it shows any log, and the log as well', {
  timeout: 60_000,
}, async () => {
  await using folder = await aFolder()
  const terminal = await open(join(folder.path, 'terminal'), 'w+')
  const env = { PATH: process.env['PATH'] ?? '', PORT: String(await freePort(16)) }
  const child = spawn(process.execPath, [MAIN], { env, cwd: folder.path, stdio: ['ignore', terminal.fd, terminal.fd] })
  const ended = once(child, 'close')
  try {
    const shown = () => readFileSync(join(folder.path, 'terminal'), 'utf8')
    await until('the log of the story', () => shown().includes('"event":"grant.refresh_refused"'), 40_000)
    const [before = '', after = ''] = shown().split('Ctrl+C ends it.')
    expect(before).toMatch(/^Redkey sandbox: setting the scene …\s+Open http:\/\/127\.0\.0\.1:\d+\n/)
    expect(before).not.toContain('"level"')
    expect(after).toMatch(/Redkey's log[^{]*\{"level":"warn"/)
  } finally {
    child.kill('SIGTERM')
    await ended
    await terminal.close()
  }
})

test('settings that are missing or wrong are all named at once, with 78', { timeout: 60_000 }, async () => {
  await using folder = await aFolder()
  const [half, none] = await Promise.all([
    ends(folder.path, {
      SLACK_BOT_TOKEN: 'xoxb-1',
      PORT: 'many',
      REDKEY_URL: 'http://redkey.example.com',
      DATABASE_URL: 'mysql://x',
      SALESFORCE_CLIENT_ID: 'id',
      REDKEY_CHANNEL: '#marketing',
    }),
    ends(folder.path, { NODE_ENV: 'production' }),
  ])
  expect([half.code, none.code]).toEqual([78, 78])
  for (const name of ['SLACK_APP_TOKEN', 'PORT', 'REDKEY_URL', 'DATABASE_URL', 'SALESFORCE_CLIENT_SECRET', 'REDKEY_CHANNEL'])
    expect(half.err).toContain(name)
  expect(none.err).toContain('SLACK_BOT_TOKEN')
  for (const { err } of [half, none]) expect(err).not.toMatch(STACK)
  expect(existsSync(join(folder.path, 'data'))).toBe(false)
})

test('a database of the other kind, or none at all, is refused and left as it is', { timeout: 60_000 }, async () => {
  await using folder = await aFolder()
  const [live, sandbox, broken] = ['live.db', 'sandbox.db', 'broken.db'].map((name) => join(folder.path, name))
  await (await openStore(`file:${live}`, { stamp: 'live' })).close()
  await (await openStore(`file:${sandbox}`, { stamp: 'sandbox' })).close()
  await writeFile(broken ?? '', randomBytes(20_000))
  const port = String(await freePort())
  const [liveOnSandbox, sandboxOnLive, liveOnBroken] = await Promise.all([
    ends(folder.path, { ...LIVE, PORT: port, DATABASE_URL: `file:${sandbox}` }),
    ends(folder.path, { PORT: String(await freePort()), DATABASE_URL: `file:${live}` }),
    ends(folder.path, { ...LIVE, PORT: port, DATABASE_URL: `file:${broken}` }),
  ])
  expect([liveOnSandbox.code, sandboxOnLive.code]).toEqual([78, 78])
  expect(liveOnSandbox.err).toContain('sandbox')
  expect(liveOnBroken.code).not.toBe(0)
  expect(liveOnBroken.err).toMatch(/broken\.db.*(backup|damaged)/s)
  for (const { err } of [liveOnSandbox, sandboxOnLive, liveOnBroken]) expect(err).not.toMatch(STACK)
  await (await openStore(`file:${live}`, { stamp: 'live' })).close() // neither deleted nor changed
})

test('commands say what they are for, and unknown ones which there are', { timeout: 60_000 }, async () => {
  await using folder = await aFolder()
  await using elsewhere = await aFolder()
  const lines = [
    {
      provider: 'salesforce',
      where: 'token',
      status: 400,
      body: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
    },
    { provider: 'salesforce', where: 'api', status: 503, body: '<html>' },
  ]
  const input = `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnot json\n`
  const [help, nonsense, classified, list, doctor] = await Promise.all([
    ends(folder.path, {}, ['help']),
    ends(folder.path, {}, ['nonsense']),
    ends(folder.path, {}, ['classify'], input),
    ends(folder.path, LIVE, ['connections']),
    ends(elsewhere.path, { ...LIVE, PORT: '9' }, ['doctor']),
  ])
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toMatch(/doctor[\s\S]*connections[\s\S]*classify/)
  expect(nonsense).toMatchObject({ code: 64, out: '' })
  expect(nonsense.err).toContain('There is no command nonsense')
  const verdicts = classified.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { verdict: string })
  expect(verdicts.slice(0, 2).map(({ verdict }) => verdict)).toEqual(['authorization_required', 'transient'])
  expect(verdicts.length).toBeGreaterThanOrEqual(2)
  expect(list.code).not.toBe(0) // there is no database yet, and looking makes none
  expect(existsSync(join(folder.path, 'data', 'redkey.db'))).toBe(false)
  expect(doctor.code).not.toBe(0)
  expect(doctor.out).toMatch(/Slack/i)
  for (const { out, err } of [help, nonsense, classified, list, doctor]) expect(out + err).not.toMatch(STACK)
})

test('SIGTERM in the middle of a catch-up ends well within ten seconds, and the next start goes on and reports exactly', {
  timeout: 90_000,
}, async () => {
  await using live = await aLiveRedkey()
  await live.start()
  await live.connect()
  live.acme.revokeGrant()
  await live.deliver(touchpoints(3000))
  await live.reauthorizeLink()
  live.acme.switches.latencyMs = 400
  await live.reauthorize()
  await until('the catch-up is under way', () => live.written().size > 0, 20_000)
  const asked = performance.now()
  expect(await live.running().end('SIGTERM')).toBe(0)
  expect(performance.now() - asked).toBeLessThan(10_000)
  const atTheEnd = live.written().size
  expect(atTheEnd).toBeLessThan(3000)
  live.acme.switches.latencyMs = 0
  await live.start()
  const report = await live.slack.eventually(
    () =>
      live.slack
        .timeline(MARKETING_OPS)
        .find(({ text }) => /report.*All 3,000 missed touchpoints accounted for: 3,000/.test(text)),
    30_000,
  )
  expect(report.broadcast).toBe(true)
  expect(live.written().size).toBe(3000)
  expect(live.output()).not.toMatch(/failed|Error/)

  // A start while Slack is down: what was learned about the workspace counts, so the API takes touchpoints.
  expect(await live.running().end('SIGTERM')).toBe(0)
  live.slack.faults.httpError({ method: 'auth.test', times: 1_000 })
  live.slack.faults.refuseConnections('http_500')
  await using again = startProcess(live.env, { cwd: tmpdir() })
  const send = () =>
    fetch(`${live.url}/v1/touchpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${live.sandbox.env['REDKEY_API_TOKENS']}`, 'content-type': 'application/json' },
      body: JSON.stringify(touchpoints(5, 'meanwhile')),
    }).then(
      ({ status }) => status === 202,
      () => false,
    )
  await soon('the API takes touchpoints', send, 20_000)
  await until('they are pushed without Slack', () => live.written().size === 3005, 20_000)
  expect((await fetch(`${live.url}/readyz`)).status).toBe(503)
  live.slack.faults.clear()
  await untilReady(again, live.url)
  expect(await again.end('SIGINT')).toBe(0)
})
