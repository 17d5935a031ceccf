import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { type App, createApp } from '../../src/app.ts'
import { SECOND_MS } from '../../src/clock.ts'
import { type Config, readConfig } from '../../src/config/config.ts'
import type { Providers } from '../../src/domain/provider.ts'
import type { Store } from '../../src/domain/store.ts'
import type { Log } from '../../src/log.ts'
import { silentLog } from '../../src/log.ts'
import { openStore } from '../../src/outbound/store/store.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { connectAccount, followReauthorizeLink, type Travel } from '../../src/sandbox/story.ts'
import { type HandClock, handClock } from './hand-clock.ts'

export const ACME = { org: 'Acme Inc', username: 'redkey@acme.example' }
export const UAT = { org: 'Acme UAT', username: 'redkey@acme.example.uat' }
export const TOUCHPOINT_OBJECT = 'bizible2__Bizible_Touchpoint__c'

/** The jobs of the beat, in the order in which one's work is seen by the next. */
const BEAT = ['renew', 'checks', 'costs', 'ads', 'drain', 'refusals', 'rejects', 'warnings', 'reminders', 'messages', 'logins']
/** So many seconds at the end of a stretch run all of them, so that what the last one did is seen; before, each comes as often as it does. */
const CLOSELY = 15

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly databaseUrl?: string
  readonly delivery?: 'socket' | 'http'
  readonly log?: Log
  readonly slack?: NonNullable<SandboxOptions['slack']>
  readonly signIn?: boolean
  readonly providers?: Providers
  /** A second workspace, which may install the app. */
  readonly beta?: boolean
  readonly pictureWaitMs?: number
  /** Breaks something before the app starts; then nobody waits for its link to Slack. */
  readonly prepare?: (sandbox: Sandbox) => void
}

/** The real app on the sandbox, with its own store and a clock that is turned by hand. Jobs run when asked. */
export interface World extends AsyncDisposable {
  readonly clock: HandClock
  readonly sandbox: Sandbox
  readonly slack: Sandbox['slack']
  readonly acme: ReturnType<Sandbox['salesforce']['org']>
  readonly app: App
  readonly store: Store
  readonly config: Config
  /** Runs one job of the beat, by name. */
  run(job: string): Promise<void>
  /** Turns the clock second by second, and runs the jobs of the beat as often as they come; near the end, all of them. */
  beat(seconds?: number): Promise<void>
  /** Turns the clock without running anything. */
  turn(ms: number): void
  /** Connects Acme's production org as Ana, who is an admin, and shows the welcome. */
  connect(choice?: { org: string; username: string }, userId?: string): Promise<void>
  send(...touchpoints: object[]): Promise<{ status: number; body: Record<string, unknown> }>
  api(path: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }>
  reauthorizeUrl(): string
  reauthorize(choice?: { org: string; username: string }): Promise<Travel>
  /** Texts of the top-level messages in the alerts channel, oldest first. */
  texts(): string[]
  threadTexts(): string[]
  /** How often each id was written at Acme. */
  written(): Map<string, number>
}

export async function aWorld(options: WorldOptions = {}): Promise<World> {
  const clock = handClock()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const sandbox = await startSandbox({
    appUrl: url,
    port: 0,
    delivery: options.delivery ?? 'socket',
    now: () => clock.now(),
    slack: options.slack ?? {},
    beta: options.beta ?? false,
    signIn: options.signIn ?? false,
  })
  options.prepare?.(sandbox)
  const config = readConfig({
    PORT: String(port),
    ...sandbox.env,
    REDKEY_KEYS: randomBytes(32).toString('base64'),
    ...options.env,
  })
  const store = await openStore(options.databaseUrl ?? ':memory:', { stamp: 'sandbox' })
  const app = createApp(config, {
    store,
    clock,
    log: options.log ?? silentLog,
    keys: config.keys ?? [],
    ...(options.providers && { providers: options.providers }),
    ...(options.pictureWaitMs !== undefined && { pictureWaitMs: options.pictureWaitMs }),
  })
  await app.start()
  const { slack } = sandbox
  if (options.delivery !== 'http' && !options.prepare) await slack.eventually(() => slack.links() > 0)
  const acme = sandbox.salesforce.org('Acme Inc')

  const run = async (name: string): Promise<void> => {
    const job = app.jobs.find((one) => one.name === name)
    if (!job) throw new Error(`there is no job ${name}`)
    await job.run()
  }
  const beat = async (seconds = 1): Promise<void> => {
    for (let left = seconds; left > 0; left--) {
      clock.turn(SECOND_MS)
      for (const name of BEAT) if (left <= CLOSELY || isDueEvery(name, left)) await run(name)
    }
  }
  const isDueEvery = (name: string, second: number): boolean => {
    const every = app.jobs.find((one) => one.name === name)?.every
    return typeof every !== 'number' || second % every === 0
  }
  const api = async (path: string, init: RequestInit = {}) => {
    const token = config.apiTokens[0] ?? ''
    const response = await fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const reauthorizeUrl = (): string => {
    const links = slack
      .messages(MARKETING_OPS)
      .flatMap((message) => JSON.stringify(message.blocks).match(/http[^"]+\/reauthorize\/[\w.-]+/g) ?? [])
    const last = links.at(-1)
    if (!last) throw new Error('no card has a Reauthorize button')
    return last
  }

  return {
    clock,
    sandbox,
    slack,
    acme,
    app,
    store,
    config,
    run,
    beat,
    turn: (ms) => clock.turn(ms),
    async connect(choice = ACME, userId = ANA) {
      await connectAccount(slack, choice, userId)
      await beat(2)
    },
    send: (...touchpoints) =>
      api('/v1/touchpoints', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(touchpoints),
      }),
    api,
    reauthorizeUrl,
    reauthorize: (choice = ACME) => followReauthorizeLink(reauthorizeUrl(), choice),
    texts: () => slack.messages(MARKETING_OPS).map((message) => message.text),
    threadTexts: () =>
      slack
        .messages(MARKETING_OPS)
        .flatMap((message) => slack.thread(MARKETING_OPS, message.ts).slice(0))
        .map((message) => message.text),
    written: () =>
      new Map(
        [...acme.records(TOUCHPOINT_OBJECT).values()].map((record) => [record.externalId, record.created + record.updated]),
      ),
    async [Symbol.asyncDispose]() {
      await app.stop()
      await store.close()
      await sandbox.close()
    },
  }
}

/** A touchpoint as a website would send it. */
export function aTouchpoint(over: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: `tp_${randomBytes(6).toString('hex')}`, occurredAt: '2026-11-20T10:00:00Z', medium: 'cpc', ...over }
}

export function touchpoints(count: number, prefix = 'tp'): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => aTouchpoint({ id: `${prefix}_${index}` }))
}

/**
 * The first of `span` ports that nobody listens at. Below the range from which systems give out ports by themselves, so that it is
 * still free when it is used.
 */
export async function freePort(span = 1): Promise<number> {
  for (;;) {
    const first = 10_240 + Math.floor(Math.random() * 22_000)
    const places = Array.from({ length: span }, (_, place) => isFree(first + place))
    if ((await Promise.all(places)).every(Boolean)) return first
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
