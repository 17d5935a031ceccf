import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from './clock.ts'
import { type Config, readConfig } from './config/config.ts'
import type { Environment } from './config/values.ts'
import { learnClients } from './domain/access/clients.ts'
import { resealClients, resealGrants } from './domain/access/reseal-grants.ts'
import { grantCaller } from './domain/connections/grant-caller.ts'
import { examineProviders, examineStore } from './domain/doctor.ts'
import { type Finding, fine, problem } from './domain/finding.ts'
import type { Providers } from './domain/provider.ts'
import { AppError } from './errors.ts'
import { classifyLines } from './inbound/cli/classify.ts'
import { addClient, CLIENT_USAGE, printClients, readClientCommand, removeClient } from './inbound/cli/clients.ts'
import { printConnections } from './inbound/cli/connections.ts'
import { CRM_USAGE, readCrmCommand, setUpCrm } from './inbound/cli/crm-setup.ts'
import { exitCodeOf, printFindings } from './inbound/cli/doctor.ts'
import { importFile } from './inbound/cli/import/import-file.ts'
import { exitCodeOfResealing, printResealing } from './inbound/cli/rotate-keys.ts'
import { silentLog } from './log.ts'
import { loadOrMakeKeys } from './outbound/key-file.ts'
import { classify } from './outbound/providers/classify.ts'
import { createHttp } from './outbound/providers/http.ts'
import { createProviders, readOwnLoginUrl } from './outbound/providers/registry.ts'
import { grantSealer, secretSealer } from './outbound/seal.ts'
import { examineSlack } from './outbound/slack/examine.ts'
import { openStore } from './outbound/store/store.ts'

/** `sysexits.h`: called in a way that it does not know. */
const EX_USAGE = 64

interface Command {
  readonly says: string
  run(args: readonly string[], env: Environment): Promise<number>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  doctor: {
    says: 'check Slack tokens, scopes, channel, URL, keys, database, provider clients and the clock',
    run: (_, env) => doctor(env),
  },
  connections: { says: 'list the connections', run: (_, env) => connections(env) },
  import: {
    says: 'take in touchpoints: <file.csv|.ndjson|.jsonl> [--connection name]; goes on where it was stopped',
    run: importTouchpoints,
  },
  crm: { says: 'setup <connection> [--yes]: make in a CRM what pushing needs, after showing it', run: crm },
  'rotate-keys': {
    says: 'seal the stored logins and client secrets with the first key of REDKEY_KEYS',
    run: (_, env) => rotateKeys(env),
  },
  client: {
    says: 'add, list or remove apps at a provider beside the one of the settings',
    run: client,
  },
  backup: { says: 'copy the SQLite database while Redkey runs: <file>', run: ([file], env) => backup(file, env) },
  classify: { says: 'read provider answers as JSON lines, print what each means', run: () => classifyStdin() },
}

/** `redkey <command>`. Resolves with the exit code. */
export async function runCommand(name: string, args: readonly string[], env: Environment): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return command.run(args, env)
  const asked = ['help', '--help', '-h'].includes(name)
  const lines = Object.entries(COMMANDS).map(([each, { says }]) => `  ${each.padEnd(12)} ${says}`)
  ;(asked ? process.stdout : process.stderr).write(
    `${asked ? '' : `There is no command ${name}.\n\n`}npm run redkey -- <command>\n\n${lines.join('\n')}\n`,
  )
  return asked ? 0 : EX_USAGE
}

function classifyStdin(): Promise<number> {
  return classifyLines((line) => classify(line, systemClock.now()), process.stdin, process.stdout, process.stderr)
}

async function connections(env: Environment): Promise<number> {
  const store = await openStore(readConfig(env).databaseUrl, { stamp: 'live', createIfMissing: false })
  try {
    const teams = await store.workspaces.all()
    const overviews = await Promise.all(teams.map(({ teamId }) => store.connections.overviews(teamId)))
    process.stdout.write(printConnections(overviews.flat()))
    return 0
  } finally {
    await store.close()
  }
}

async function importTouchpoints(args: readonly string[], env: Environment): Promise<number> {
  const { path, connection } = importArguments(args)
  if (path === undefined) {
    process.stderr.write('npm run redkey -- import <file.csv|.ndjson|.jsonl> [--connection name]\n')
    return EX_USAGE
  }
  const config = readConfig(env)
  const store = await openStore(config.databaseUrl, { stamp: 'live', createIfMissing: false })
  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort()).once('SIGTERM', () => stopping.abort())
  try {
    const providers = createProviders(config.providers, { http: createHttp(systemClock), clock: systemClock })
    await learnClients({ store, providers, secrets: secretSealer(keysOf(config)), log: silentLog })
    const deps = { store, providers, clock: systemClock, stopping: stopping.signal, wait, command: config.command }
    return await importFile(deps, { path, connection }, { output: process.stdout, errors: process.stderr })
  } finally {
    await store.close()
  }
}

/** Without a path when they can't be understood. */
function importArguments(args: readonly string[]): { readonly path: string | undefined; readonly connection: string | null } {
  try {
    const options = { connection: { type: 'string' } } as const
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { path: positionals.length === 1 ? positionals[0] : undefined, connection: values.connection ?? null }
  } catch {
    return { path: undefined, connection: null } // an option that is not known
  }
}

async function crm(args: readonly string[], env: Environment): Promise<number> {
  const command = readCrmCommand(args)
  if (!command) {
    process.stderr.write(CRM_USAGE)
    return EX_USAGE
  }
  const config = readConfig(env)
  const store = await openStore(config.databaseUrl, { stamp: 'live', createIfMissing: false })
  try {
    const clock = systemClock
    const providers = createProviders(config.providers, { http: createHttp(clock), clock })
    const [sealer, secrets] = [grantSealer(keysOf(config)), secretSealer(keysOf(config))]
    const deps = { store, providers, sealer, secrets, clock, log: silentLog, settings: { machine: randomUUID() } }
    await learnClients(deps)
    const setup = { ...deps, grants: grantCaller(deps), newId: () => randomUUID(), wait }
    return await setUpCrm(setup, command.name, command.isYes, { input: process.stdin, output: process.stdout })
  } finally {
    await store.close()
  }
}

async function client(args: readonly string[], env: Environment): Promise<number> {
  const command = readClientCommand(args)
  if (command.kind === 'usage') {
    process.stderr.write(CLIENT_USAGE)
    return EX_USAGE
  }
  const config = readConfig(env)
  const store = await openStore(config.databaseUrl, { stamp: 'live' })
  try {
    if (command.kind === 'list') {
      process.stdout.write(printClients(await store.clients.all()))
      return 0
    }
    const providers = createProviders(config.providers, { http: createHttp(systemClock), clock: systemClock })
    const secrets = secretSealer(keysOf(config))
    const terminal = { input: process.stdin, output: process.stdout }
    const deps = { store, providers, secrets, log: silentLog, clock: systemClock, terminal, url: config.url }
    const { code, says } =
      command.kind === 'add'
        ? await addClient({ ...deps, readLoginUrl: readOwnLoginUrl }, command)
        : await removeClient(deps, command)
    ;(code === 0 ? process.stdout : process.stderr).write(says)
    return code
  } finally {
    await store.close()
  }
}

/** As the server has them: beside an embedded database when none are set. */
function keysOf({ keys, databaseUrl }: Config): readonly Buffer[] {
  return keys ?? loadOrMakeKeys(databaseUrl.replace(/^file:/, ''))
}

async function rotateKeys(env: Environment): Promise<number> {
  const { databaseUrl, keys } = readConfig(env)
  if (!keys) {
    process.stderr.write(
      'REDKEY_KEYS is not set. Set it to a new key, then a comma, then the key that stands beside the database.\n',
    )
    return 1
  }
  const store = await openStore(databaseUrl, { stamp: 'live', createIfMissing: false })
  try {
    const logins = await resealGrants({ store, sealer: grantSealer(keys) })
    const clients = await resealClients({ store, secrets: secretSealer(keys) })
    process.stdout.write(printResealing(logins, clients))
    return exitCodeOfResealing(logins, clients)
  } finally {
    await store.close()
  }
}

async function backup(file: string | undefined, env: Environment): Promise<number> {
  if (!file) {
    process.stderr.write('npm run redkey -- backup <file>\n')
    return EX_USAGE
  }
  const { databaseUrl } = readConfig(env)
  const { backUp } = await import('./outbound/store/backup.ts')
  const made = await backUp(databaseUrl, file)
  switch (made.kind) {
    case 'made':
      process.stdout.write(
        `${file} is a copy of the database. The keys (REDKEY_KEYS, or the file beside the database) are not in it: keep them elsewhere, since without them the stored logins can't be opened.\n`,
      )
      return 0
    case 'exists':
      process.stderr.write(`${file} is there already, and is not overwritten.\n`)
      return 1
    case 'not_written':
      process.stderr.write(`${file} can't be written: ${made.reason}\n`)
      return 1
    case 'not_sqlite':
      process.stderr.write('The database is not a SQLite file: back PostgreSQL up with pg_dump.\n')
      return EX_USAGE
  }
}

async function doctor(env: Environment): Promise<number> {
  let config: Config
  try {
    config = readConfig(env)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`${error.message}\n\n${error.next ?? ''}\n`)
    return 78
  }
  const findings = [
    fine('configuration', 'Complete.'),
    config.keys
      ? fine('keys', `${config.keys.length} in REDKEY_KEYS.`)
      : fine('keys', 'Made and stored beside the database (development).'),
    ...(await examineDatabase(config)),
    ...(await examineSlack({ ...config.slack, channelId: config.channelId }, systemClock.now())),
    await examineUrl(config),
    ...(await examineClients(config)),
  ]
  process.stdout.write(printFindings(findings))
  return exitCodeOf(findings)
}

async function examineDatabase(config: Config): Promise<Finding[]> {
  try {
    const store = await openStore(config.databaseUrl, { stamp: 'live' })
    try {
      return await examineStore({ store })
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [problem('database', error.message, error.next ?? 'See the README, "Operating it".')]
  }
}

async function examineUrl({ url }: Config): Promise<Finding> {
  const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000), redirect: 'error' }).catch(() => undefined)
  if (answer?.ok) return fine('REDKEY_URL', `${url} reaches this Redkey.`)
  return problem(
    'REDKEY_URL',
    `${url}/healthz ${answer ? `answered ${answer.status}` : 'gave no answer'}.`,
    'Start Redkey, and check the proxy or tunnel in front of it: the Reauthorize button leads there.',
  )
}

async function examineClients(config: Config): Promise<Finding[]> {
  const providers = createProviders(config.providers, { http: createHttp(systemClock), clock: systemClock })
  const broken = await learnStored(config, providers).catch(() => []) // "database" tells why it can't be read
  return [...(await examineProviders({ providers, settings: { url: config.url } })), ...broken]
}

/** The clients that were added; findings about those whose secret can't be opened. */
async function learnStored(config: Config, providers: Providers): Promise<Finding[]> {
  const store = await openStore(config.databaseUrl, { stamp: 'live', createIfMissing: false })
  try {
    await learnClients({ store, providers, secrets: secretSealer(keysOf(config)), log: silentLog })
    const known = new Set(providers.own().map(({ label }) => label))
    const unopened = (await store.clients.all()).filter(({ label }) => !known.has(label))
    return unopened.map(({ provider, label }) =>
      problem(
        `${provider} (${label})`,
        "Its secret can't be opened.",
        'Put the key that sealed it back into REDKEY_KEYS (last), or add the client again.',
      ),
    )
  } finally {
    await store.close()
  }
}
