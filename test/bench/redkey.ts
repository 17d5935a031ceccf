import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Org } from '../../src/sandbox/providers/salesforce/org.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { connectAccount, followReauthorizeLink } from '../../src/sandbox/story.ts'
import { type RunningProcess, startProcess, untilReady } from '../support/process.ts'
import { ACME, freePort } from '../support/world.ts'
import { atExit } from './at-exit.ts'
import { type LeanCrm, startLeanCrm } from './crm.ts'

/** Redkey as a process, with the sandbox's Slack and logins in this one and a lean CRM in a third. */
export interface BenchRedkey extends AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly sandbox: Sandbox
  readonly crm: LeanCrm
  readonly databaseFile: string
  readonly signingSecret: string
  pid(): number
  /** Milliseconds from the start of the process to its first 200 of `/readyz`. */
  start(): Promise<number>
  stop(): Promise<void>
  /** Connects Acme as an admin, whose org then is the lean CRM. */
  connect(): Promise<void>
  /** The login dies, and Redkey has seen it: what comes waits. */
  goRed(): Promise<void>
  /** Somebody logs in again: the catch-up begins, at a CRM that answers after so long. */
  reauthorize(latencyMs: number): Promise<void>
  /** When nothing waits any more, in its own count. */
  drained(withinMs: number): Promise<void>
}

export interface BenchOptions {
  readonly delivery?: 'socket' | 'http'
  readonly env?: Readonly<Record<string, string>>
}

interface Described {
  readonly status: string
  readonly backlog: { readonly waiting: number }
}

export async function aBenchRedkey({ delivery = 'socket', env: over = {} }: BenchOptions = {}): Promise<BenchRedkey> {
  const folder = await mkdtemp(join(tmpdir(), 'redkey-bench-'))
  const forgetFolder = atExit(() => rmSync(folder, { recursive: true, force: true }))
  const databaseFile = join(folder, 'redkey.db')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const sandbox = await startSandbox({ appUrl: url, port: 0, delivery })
  const { slack } = sandbox
  const crm = await startLeanCrm()
  const acme = sandbox.salesforce.org(ACME.org) as Org
  const org = acme.instanceUrl
  acme.instanceUrl = crm.url
  await crm.begin(0, org)
  const token = sandbox.env['REDKEY_API_TOKENS'] ?? ''
  const env: Record<string, string> = {
    ...sandbox.env,
    PORT: String(port),
    DATABASE_URL: `file:${databaseFile}`,
    REDKEY_KEYS: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'error',
    REDKEY_BULK_FROM: 'off', // the lean CRM takes ordinary requests only
    ...over,
  }
  let running: RunningProcess | undefined
  let usedLink = ''

  async function ask(path: string, method = 'GET'): Promise<Record<string, unknown>> {
    const answer = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` } })
    return (await answer.json()) as Record<string, unknown>
  }

  async function until(what: string, isSo: (connection: Described) => boolean, withinMs: number): Promise<void> {
    const end = performance.now() + withinMs
    for (;;) {
      const connection = (await ask('/v1/connections/salesforce')) as unknown as Described
      if (connection.backlog !== undefined && isSo(connection)) return
      if (performance.now() > end) throw new Error(`not ${what} after ${withinMs} ms: ${JSON.stringify(connection)}`)
      await sleep(100)
    }
  }

  async function stop(): Promise<void> {
    await running?.end('SIGTERM')
    running = undefined
  }

  return {
    url,
    token,
    sandbox,
    crm,
    databaseFile,
    signingSecret: env['SLACK_SIGNING_SECRET'] ?? '',
    pid: () => running?.child.pid ?? 0,
    async start() {
      const from = performance.now()
      running = startProcess(env, { cwd: folder })
      const { child } = running
      child.once(
        'close',
        atExit(() => child.kill('SIGKILL')),
      )
      await untilReady(running, url)
      return performance.now() - from
    },
    stop,
    async connect() {
      await connectAccount(slack, ACME, ANA)
      await until('connected', ({ status }) => status === 'connected', 10_000)
    },
    async goRed() {
      acme.revokeGrant()
      await ask('/v1/connections/salesforce/check', 'POST')
      await until('red', ({ status }) => status === 'authorization_required', 20_000)
    },
    async reauthorize(latencyMs) {
      usedLink = await slack.eventually(() => {
        const cards = slack.messages(MARKETING_OPS).map((message) => JSON.stringify(message.blocks))
        const link = cards.flatMap((text) => text.match(/http[^"]+\/reauthorize\/[\w.-]+/g) ?? []).at(-1)
        return link === usedLink ? undefined : link
      }, 20_000)
      await crm.begin(latencyMs, org)
      await followReauthorizeLink(usedLink, ACME)
    },
    drained: (withinMs) => until('drained', ({ backlog }) => backlog.waiting === 0, withinMs),
    async [Symbol.asyncDispose]() {
      await running?.[Symbol.asyncDispose]()
      await crm[Symbol.asyncDispose]()
      await sandbox.close()
      rmSync(folder, { recursive: true, force: true })
      forgetFolder()
    },
  }
}
