import { existsSync, rmSync } from 'node:fs'
import { type App, createApp } from './app.ts'
import { systemClock } from './clock.ts'
import { type Config, readConfig, wantsSandbox } from './config/config.ts'
import type { Environment } from './config/values.ts'
import type { Store } from './domain/store.ts'
import { AppError } from './errors.ts'
import { startCron } from './inbound/cron.ts'
import type { Log } from './log.ts'
import { heldLines } from './outbound/held-lines.ts'
import { keysOf } from './outbound/key-file.ts'
import { type LineStream, pinoLog } from './outbound/pino-log.ts'
import type { Stamp } from './outbound/store/store.ts'
import { openThreadedStore } from './outbound/store/threaded-store.ts'

/** `sysexits.h`: something in the configuration, the database included. */
const EX_CONFIG = 78
/** What the manifest asks for, and the optional right to upload charts. */
const SANDBOX_SCOPES = ['chat:write', 'commands', 'users:read', 'files:write']
const ABOUT_THE_LOG =
  "  Redkey's log is below. grant.refresh_refused and drain.stopped come from the login that the story revokes.\n\n"
/** A second signal, or work that does not end in this time, ends the process at once. */
const PATIENCE_MS = 8_000

/** Everything that `node src/main.ts` does. Ends the process when it can't be done. */
export async function run(argv: readonly string[]): Promise<void> {
  await main(argv).catch(giveUp)
}

async function main(argv: readonly string[]): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const [command, ...args] = argv
  if (command !== undefined) {
    const { runCommand } = await import('./commands.ts')
    process.exitCode = await runCommand(command, args, process.env)
    return
  }
  if (wantsSandbox(process.env)) await serveSandbox(process.env)
  else await serve(readConfig(process.env))
}

async function serve(config: Config): Promise<void> {
  const running = await startApp(config, 'live')
  process.stdout.write(
    `Redkey is running at ${config.url} (Slack by ${config.slack.mode === 'socket' ? 'Socket Mode' : 'HTTP'}).\n`,
  )
  endOnSignal(running, async () => undefined)
}

/** Without credentials: a Slack and a Salesforce of its own on loopback, and the same app pointed at them. */
async function serveSandbox(env: Environment): Promise<void> {
  const { startSandbox } = await import('./sandbox/sandbox.ts')
  const port = Number(env['PORT'] ?? 3000)
  const appUrl = env['REDKEY_URL'] ?? `http://localhost:${port}`
  const databaseUrl = env['DATABASE_URL'] ?? 'file:data/sandbox.db'
  await forgetLastStory(databaseUrl)
  const sandbox = await startSandbox({ appUrl, port: port + 1, slack: { scopes: SANDBOX_SCOPES } })
  const config = readConfig({
    REDKEY_CHECK_EVERY: '5s',
    REDKEY_CONFIRM_AFTER: '10s',
    LOG_LEVEL: 'warn',
    ...env,
    DATABASE_URL: databaseUrl,
    ...sandbox.env,
  })
  const logged = heldLines(process.stderr)
  const letGo = () => logged.letGo(ABOUT_THE_LOG)
  process.once('exit', letGo)
  try {
    const running = await startApp(config, 'sandbox', logged)
    endOnSignal(running, () => sandbox.close())
    process.stdout.write('Redkey sandbox: setting the scene …\n')
    await sandbox.tellStory()
    welcome(sandbox.url)
  } finally {
    letGo()
  }
}

/** What somebody should read first who has never seen it. */
function welcome(url: string): void {
  process.stdout.write(`
  Open ${url}

  It is a Slack workspace that lives on this machine only. One connection needs authorization:
  press Reauthorize on its card, log in, and watch what was missed being pushed.
  The side panel breaks things and makes touchpoints; type /connections in the channel.
  Ctrl+C ends it. Each start begins a new story.

`)
}

/** The fakes remember nothing, so neither does their database. One that is not a sandbox's is refused, not deleted. */
async function forgetLastStory(databaseUrl: string): Promise<void> {
  const path = databaseUrl.replace(/^file:/, '')
  if (!databaseUrl.startsWith('file:') || !existsSync(path)) return
  await (await openThreadedStore(databaseUrl, { stamp: 'sandbox' })).close()
  for (const suffix of ['', '-wal', '-shm', '.key']) rmSync(`${path}${suffix}`, { force: true })
}

interface Running {
  readonly log: Log
  stop(): Promise<void>
}

/** Only the thread that works with the database loads what that takes. */
async function openStore(databaseUrl: string, isAlone: boolean, stamp: Stamp): Promise<Store> {
  if (isAlone) return openThreadedStore(databaseUrl, { stamp })
  return (await import('./outbound/store/store.ts')).openStore(databaseUrl, { stamp })
}

async function startApp(config: Config, stamp: Stamp, logged?: LineStream): Promise<Running> {
  const log = pinoLog(config.logLevel, logged)
  const isAlone = !/^postgres/.test(config.databaseUrl)
  const store = await openStore(config.databaseUrl, isAlone, stamp)
  if (isAlone) await store.leases.releaseAll()
  const keys = keysOf(config)
  const app: App = createApp(config, { store, clock: systemClock, log, keys })
  await app.start()
  const cron = startCron(app.jobs, log)
  log.info('app.started', { mode: config.slack.mode, stamp })
  return {
    log,
    async stop() {
      const ended = cron.stop(PATIENCE_MS)
      await app.stop()
      await ended
      await store.close()
    },
  }
}

function endOnSignal(running: Running, afterwards: () => Promise<void>): void {
  let asked = false
  const end = (signal: string) => {
    if (asked) process.exit(1)
    asked = true
    running.log.info('app.stopping', { signal })
    setTimeout(() => process.exit(1), PATIENCE_MS + 2_000).unref()
    running
      .stop()
      .then(afterwards)
      .then(
        () => process.exit(0),
        (cause: unknown) => {
          running.log.error('app.stop_failed', {}, cause)
          process.exit(1)
        },
      )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

function giveUp(error: unknown): void {
  if (error instanceof AppError) {
    process.stderr.write(`${error.message}\n${error.next ? `\n${error.next}\n` : ''}`)
    process.exit(['CONFIG_INVALID', 'DATABASE_WRONG_KIND', 'SEAL_BROKEN'].includes(error.code) ? EX_CONFIG : 1)
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    process.stderr.write(`${error.message}\n\nSomething else uses this port: end it, or set PORT to another.\n`)
    process.exit(EX_CONFIG)
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}
