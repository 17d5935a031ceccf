import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { connectAccount, followReauthorizeLink, type Travel } from '../../src/sandbox/story.ts'
import { type RunningProcess, startProcess, untilReady } from './process.ts'
import { ACME, freePort, TOUCHPOINT_OBJECT } from './world.ts'

/** Redkey as a process of its own in live mode, pointed at servers on loopback by nothing but its environment. Real time. */
export interface Live extends AsyncDisposable {
  readonly url: string
  readonly sandbox: Sandbox
  readonly slack: Sandbox['slack']
  readonly acme: ReturnType<Sandbox['salesforce']['org']>
  readonly databaseFile: string
  readonly env: Readonly<Record<string, string>>
  /** The process that runs now. */
  running(): RunningProcess
  start(): Promise<void>
  /** `kill -9`, and a new process. */
  crash(): Promise<void>
  connect(choice?: { org: string; username: string }): Promise<Travel>
  /** Sends until the API has taken them, whatever happens to the process meanwhile. */
  deliver(touchpoints: readonly object[]): Promise<void>
  api(path: string): Promise<Record<string, unknown>>
  reauthorizeLink(): Promise<string>
  reauthorize(choice?: { org: string; username: string }): Promise<Travel>
  /** Everything that any process wrote. */
  output(): string
  written(): ReadonlySet<string>
}

export async function aLiveRedkey(
  over: Readonly<Record<string, string>> = {},
  slackOptions: NonNullable<SandboxOptions['slack']> = {},
  signIn = false,
): Promise<Live> {
  const folder = await mkdtemp(join(tmpdir(), 'redkey-live-'))
  const databaseFile = join(folder, 'redkey.db')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const sandbox = await startSandbox({ appUrl: url, port: 0, slack: slackOptions, signIn })
  const { slack } = sandbox
  const env = {
    ...sandbox.env,
    PORT: String(port),
    DATABASE_URL: `file:${databaseFile}`,
    REDKEY_KEYS: randomBytes(32).toString('base64'),
    REDKEY_CHECK_EVERY: '1s',
    ...over,
  }
  const acme = sandbox.salesforce.org('Acme Inc')
  const processes: RunningProcess[] = []
  const running = () => {
    const last = processes.at(-1)
    if (!last) throw new Error('nothing runs')
    return last
  }
  const start = async () => {
    processes.push(startProcess(env, { cwd: folder }))
    await untilReady(running(), url)
  }
  const headers = { authorization: `Bearer ${sandbox.env['REDKEY_API_TOKENS']}`, 'content-type': 'application/json' }
  const reauthorizeLink = () =>
    slack.eventually(() => {
      const links = slack
        .messages(MARKETING_OPS)
        .flatMap((message) => JSON.stringify(message.blocks).match(/http[^"]+\/reauthorize\/[\w.-]+/g) ?? [])
      return links.at(-1)
    }, 20_000)

  return {
    url,
    sandbox,
    slack,
    acme,
    databaseFile,
    env,
    running,
    start,
    async crash() {
      await running().end('SIGKILL')
      await start()
    },
    connect: (choice = ACME) => connectAccount(slack, choice, ANA),
    async deliver(touchpoints) {
      for (;;) {
        const status = await fetch(`${url}/v1/touchpoints`, { method: 'POST', headers, body: JSON.stringify(touchpoints) }).then(
          (answer) => answer.status,
          () => 0,
        )
        if (status === 202) return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    api: async (path) => (await (await fetch(`${url}${path}`, { headers })).json()) as Record<string, unknown>,
    reauthorizeLink,
    reauthorize: async (choice = ACME) => followReauthorizeLink(await reauthorizeLink(), choice),
    output: () => processes.map((one) => one.stdout() + one.stderr()).join(''),
    written: () => new Set([...acme.records(TOUCHPOINT_OBJECT).values()].map((record) => record.externalId)),
    async [Symbol.asyncDispose]() {
      for (const one of processes) await one[Symbol.asyncDispose]()
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
