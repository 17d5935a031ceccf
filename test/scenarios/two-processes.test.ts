import { randomBytes } from 'node:crypto'
import pgDriver from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { connectAccount, followReauthorizeLink } from '../../src/sandbox/story.ts'
import { until } from '../../src/sandbox/until.ts'
import { soon } from '../support/acts.ts'
import { findPgBin, type PgServer, startPg } from '../support/pgserver.ts'
import { startProcess, untilReady } from '../support/process.ts'
import { ACME, freePort, TOUCHPOINT_OBJECT, touchpoints } from '../support/world.ts'

const bin = findPgBin()
let pg: PgServer | undefined

beforeAll(async () => {
  pg = bin === undefined ? undefined : await startPg(bin)
})
afterAll(() => pg?.stop())

/** Two processes behind one address, on one PostgreSQL. The address leads to the first. */
async function twoRedkeys(databaseUrl: string) {
  const ports = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${ports[0]}`
  const sandbox = await startSandbox({ appUrl: url, port: 0 })
  const env = {
    ...sandbox.env,
    DATABASE_URL: databaseUrl,
    REDKEY_KEYS: randomBytes(32).toString('base64'),
    REDKEY_CHECK_EVERY: '1s',
  }
  const processes = ports.map((port) => startProcess({ ...env, PORT: String(port) }))
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  await Promise.all(processes.map((one, place) => untilReady(one, urls[place] ?? '')))
  const headers = { authorization: `Bearer ${sandbox.env['REDKEY_API_TOKENS']}`, 'content-type': 'application/json' }
  return {
    sandbox,
    slack: sandbox.slack,
    acme: sandbox.salesforce.org('Acme Inc'),
    processes,
    async send(place: number, items: readonly object[]): Promise<unknown> {
      const answer = await fetch(`${urls[place]}/v1/touchpoints`, { method: 'POST', headers, body: JSON.stringify(items) })
      return answer.json()
    },
    async backlog(place: number): Promise<unknown> {
      const answer = await fetch(`${urls[place]}/v1/connections/salesforce`, { headers })
      return ((await answer.json()) as { backlog: unknown }).backlog
    },
    async [Symbol.asyncDispose]() {
      for (const one of processes) await one[Symbol.asyncDispose]()
      await sandbox.close()
    },
  }
}

async function dropConnections(databaseUrl: string): Promise<void> {
  const client = new pgDriver.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null',
  )
  await client.end()
}

test.skipIf(bin === undefined)(
  'two processes on one PostgreSQL show one card and push once, and when one is killed the other goes on',
  { timeout: 120_000 },
  async () => {
    if (!pg) throw new Error('there is no PostgreSQL')
    await using two = await twoRedkeys(pg.url('postgres'))
    const { slack, acme } = two
    const written = () => acme.records(TOUCHPOINT_OBJECT)
    const redCards = () =>
      slack.messages(MARKETING_OPS).filter(({ versions }) => versions.some(({ text }) => text.includes('needs authorization')))
    const cardLink = () =>
      slack.eventually(
        () => /http[^"]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(slack.messages(MARKETING_OPS).at(-1)?.blocks))?.[0],
        20_000,
      )
    await connectAccount(slack, ACME)
    await Promise.all([0, 1].map((place) => two.send(place, touchpoints(700, `p${place}`))))
    // The same batch at both at once is taken once.
    await Promise.all([0, 1].map((place) => two.send(place, touchpoints(100, 'both'))))
    await until('1,500 records', () => written().size === 1500, 30_000)
    await soon('all are settled', async () => JSON.stringify(await two.backlog(1)).includes('"waiting":0'), 30_000)
    expect(new Set([...written().values()].map(({ created, updated }) => created + updated))).toEqual(new Set([1]))

    // The database drops every connection, as when it is restarted: both processes go on.
    await dropConnections(pg.url('postgres'))
    const nul = [{ id: 'nul', occurredAt: '2026-11-20T10:00:00Z', adContent: 'a\u0000b' }]
    await soon('both take touchpoints again', async () => {
      const answers = (await Promise.all([0, 1].map((place) => two.send(place, nul)))) as { duplicates?: number }[]
      return answers.every(({ duplicates }) => duplicates === 1)
    })
    await until('it is pushed', () => written().size === 1501, 10_000)

    acme.revokeGrant()
    const link = await cardLink()
    await Promise.all([0, 1].map((place) => two.send(place, touchpoints(2000, `again${place}`))))
    expect(redCards()).toHaveLength(1)

    // The login ends at the first process, which begins to push at once. It is killed in the middle of it.
    acme.switches.latencyMs = 300
    await followReauthorizeLink(link, ACME)
    await until('the catch-up is under way', () => written().size > 1501, 20_000)
    await two.processes[0]?.end('SIGKILL')
    const killedAt = performance.now()
    const atTheKill = written().size
    expect(atTheKill).toBeLessThan(5501)
    acme.switches.latencyMs = 0
    await until('the other goes on', () => written().size > atTheKill + 800, 30_000)
    expect(performance.now() - killedAt).toBeLessThan(20_000)
    await slack.eventually(
      () =>
        slack
          .timeline(MARKETING_OPS)
          .find(({ text }) => /report.*All 4,000 missed touchpoints accounted for: 4,000 pushed/.test(text)),
      30_000,
    )
    expect(written().size).toBe(5501)
    expect(redCards()).toHaveLength(1)
    expect(slack.timeline(MARKETING_OPS).filter(({ text }) => text.includes('catch-up report'))).toHaveLength(1)
    expect(await two.backlog(1)).toEqual({ waiting: 0, pushed: 5501, superseded: 0, rejected: 0 })
    expect(await two.processes[1]?.end('SIGTERM')).toBe(0)
  },
)
