import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config/config.ts'
import { bindingOf } from '../../src/domain/access/grant.ts'
import type { Provider, Providers } from '../../src/domain/provider.ts'
import type { Store } from '../../src/domain/store.ts'
import { startCron } from '../../src/inbound/cron.ts'
import { silentLog } from '../../src/log.ts'
import { grantSealer } from '../../src/outbound/seal.ts'
import { openThreadedStore } from '../../src/outbound/store/threaded-store.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { aConnection, aGrant, aMessage, anAuditEntry, anId } from '../support/builders.ts'
import { DEAD, memoryProvider } from '../support/memory-provider.ts'
import { freePort } from '../support/world.ts'
import { atExit } from './at-exit.ts'
import { type Line, line, type Run } from './line.ts'

const CONNECTIONS = 1000
const FIRST_CARD_MS = 5000
const PATIENCE_MS = 100_000
const NEVER = new Date(Date.now() + 30 * 86_400_000)

/** A thousand connections die at once: when somebody hears of it, and when Slack shows all of it. Slack counts calls as it says. */
export async function storm(runs: number): Promise<Line[]> {
  const lines: Line[] = []
  for (const [what, apps] of [
    ['one login', 1],
    ['as many apps', CONNECTIONS],
  ] as const) {
    const done: Storm[] = []
    for (let run = 0; run < runs; run++) done.push(await aStorm(apps))
    const about = `${CONNECTIONS.toLocaleString('en')} connections of ${what} die at once`
    const ofGoal = { unit: 'ms', goal: { atMost: 1 }, against: 'the goal' }
    const by = (of: (storm: Storm) => number, limit: number): Run[] => done.map((one) => ({ measured: of(one), limit }))
    lines.push(
      line(
        `${about}: first card`,
        by(({ firstMs }) => firstMs, FIRST_CARD_MS),
        ofGoal,
      ),
      line(
        `${about}: calls that Slack refused for their number`,
        by(({ refused }) => refused, 1),
        { unit: 'calls', goal: { atMost: 0 }, against: 'one' },
      ),
      line(
        `${about}: everything shown`,
        by(({ allMs }) => allMs, FIRST_CARD_MS),
        { ...ofGoal, goal: null },
      ),
    )
  }
  return lines
}

interface Storm {
  readonly firstMs: number
  readonly allMs: number
  readonly refused: number
}

async function aStorm(apps: number): Promise<Storm> {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-bench-'))
  const forgetFolder = atExit(() => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort()
  const sandbox = await startSandbox({ appUrl: `http://127.0.0.1:${port}`, port: 0 })
  const config = readConfig({ PORT: String(port), ...sandbox.env, REDKEY_KEYS: randomBytes(32).toString('base64') })
  const store = await openThreadedStore(`file:${join(folder, 'redkey.db')}`, { stamp: 'sandbox' })
  const ads = memoryProvider(systemClock, { name: 'google-ads' })
  const { slack } = sandbox
  const parts = { store, clock: systemClock, log: silentLog, keys: config.keys ?? [], providers: only(ads.provider) }
  const app = createApp(config, parts)
  await app.start()
  const jobs = app.jobs.filter(({ name }) => ['renew', 'checks', 'messages', 'reminders'].includes(name))
  await seed(store, slack.identity.teamId, config.keys ?? [], ads.logIn('ana'), apps)
  slack.faults.limitRates()
  ads.everybody = DEAD
  const from = performance.now()
  const cron = startCron(jobs, silentLog)
  try {
    const isPost = ({ method, answer }: (typeof slack.calls)[number]) => method === 'chat.postMessage' && answer === 'ok'
    await slack.eventually(() => slack.calls.some(isPost), PATIENCE_MS)
    const firstMs = performance.now() - from
    await slack.eventually(() => told(slack.messages(MARKETING_OPS).map(({ text }) => text)) === CONNECTIONS, PATIENCE_MS)
    const allMs = performance.now() - from
    return { firstMs, allMs, refused: slack.calls.filter(({ answer }) => answer === 'fault:rate_limited').length }
  } finally {
    await cron.stop(5000)
    await app.stop()
    await store.close()
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
    forgetFolder()
  }
}

/** Connections that are due to be checked now. */
async function seed(
  store: Store,
  teamId: string,
  keys: readonly Buffer[],
  tokens: ReturnType<ReturnType<typeof memoryProvider>['logIn']>,
  apps: number,
): Promise<void> {
  const sealer = grantSealer(keys)
  const now = new Date()
  const grants = new Map<number, ReturnType<typeof aGrant>>()
  for (let number = 0; number < CONNECTIONS; number++) {
    const id = anId('bench-grant')
    const unsealed = {
      id,
      teamId,
      provider: 'google-ads' as const,
      clientId: `app-${number % apps}`,
      tokenOrigin: 'https://ads.example',
    }
    const sealed = await sealer.seal(tokens, bindingOf(unsealed))
    const grant = grants.get(number % apps) ?? aGrant({ ...unsealed, sealed, authorizedAt: now, refreshedAt: now })
    grants.set(number % apps, grant)
    const about = { teamId, provider: 'google-ads' as const, kind: 'ads' as const, grantId: grant.id, name: `ads-${number}` }
    const connection = aConnection({ id: anId('bench'), ...about })
    const ids = { teamId, connectionId: connection.id }
    const welcome = aMessage({ ...ids, kind: 'welcome', createdAt: NEVER })
    await store.connections.add(connection, grant, null, welcome, now, anAuditEntry(ids))
  }
}

/** Connections that the cards tell of. */
function told(texts: readonly string[]): number {
  const counts = texts.map((text) => {
    const [, several] = /([\d,]+) (?:more )?connections? needs? (?:authorization|attention)/.exec(text) ?? []
    if (several !== undefined) return Number(several.replaceAll(',', ''))
    return text.includes('needs authorization') ? 1 : 0
  })
  return counts.reduce((sum, one) => sum + one, 0)
}

/** Whatever client a login was made with. */
function only(provider: Provider): Providers {
  const get = (name: string) => (name === provider.name ? provider : undefined)
  return { get, of: get, all: () => [provider], own: () => [], learn: () => false, listener: () => undefined }
}
