import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from './clock.ts'
import { readConfig } from './config/config.ts'
import type { Environment } from './config/values.ts'
import { doctor } from './doctor.ts'
import { learnClients } from './domain/access/clients.ts'
import { resealClients, resealGrants, resealInstallations } from './domain/access/reseal-grants.ts'
import { grantCaller } from './domain/connections/grant-caller.ts'
import { classifyLines } from './inbound/cli/classify.ts'
import { addClient, CLIENT_USAGE, printClients, readClientCommand, removeClient } from './inbound/cli/clients.ts'
import { printConnections } from './inbound/cli/connections.ts'
import { COSTS_USAGE, readCostsCommand, tellCosts } from './inbound/cli/costs.ts'
import { CRM_USAGE, readCrmCommand, setUpCrm } from './inbound/cli/crm-setup.ts'
import { importFile } from './inbound/cli/import/import-file.ts'
import { exitCodeOfResealing, printResealing } from './inbound/cli/rotate-keys.ts'
import { addToken, printTokens, readTokenCommand, removeToken, TOKEN_USAGE } from './inbound/cli/tokens.ts'
import { silentLog } from './log.ts'
import { keysOf } from './outbound/key-file.ts'
import { classify } from './outbound/providers/classify.ts'
import { createHttp } from './outbound/providers/http.ts'
import { createProviders, readOwnLoginUrl } from './outbound/providers/registry.ts'
import { botSealer, grantSealer, secretSealer } from './outbound/seal.ts'
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
  costs: { says: 'print what campaigns cost: <connection> [--from day] [--to day] [--csv]', run: costs },
  crm: { says: 'setup <connection> [--yes]: make in a CRM what pushing needs, after showing it', run: crm },
  'rotate-keys': {
    says: 'seal the stored logins, client secrets and bot tokens with the first key of REDKEY_KEYS',
    run: (_, env) => rotateKeys(env),
  },
  client: {
    says: 'add, list or remove apps at a provider beside the one of the settings',
    run: client,
  },
  tokens: { says: 'add, list or remove API tokens of a workspace', run: tokens },
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
    const installations = new Map((await store.installations.all()).map((one) => [one.teamId, one]))
    const listed = (await store.workspaces.all()).map(async (workspace) => ({
      workspace,
      installation: installations.get(workspace.teamId),
      overviews: await store.connections.overviews(workspace.teamId),
    }))
    process.stdout.write(printConnections(await Promise.all(listed)))
    return 0
  } finally {
    await store.close()
  }
}

async function costs(args: readonly string[], env: Environment): Promise<number> {
  const command = readCostsCommand(args)
  if (!command) {
    process.stderr.write(COSTS_USAGE)
    return EX_USAGE
  }
  const store = await openStore(readConfig(env).databaseUrl, { stamp: 'live', createIfMissing: false })
  try {
    return await tellCosts({ store, clock: systemClock }, command, { output: process.stdout, errors: process.stderr })
  } finally {
    await store.close()
  }
}

async function importTouchpoints(args: readonly string[], env: Environment): Promise<number> {
  const { path, ...options } = importArguments(args)
  if (path === undefined) {
    process.stderr.write('npm run redkey -- import <file.csv|.ndjson|.jsonl> [--connection name] [--workspace team]\n')
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
    return await importFile(deps, { path, ...options }, { output: process.stdout, errors: process.stderr })
  } finally {
    await store.close()
  }
}

/** Without a path when they can't be understood. */
function importArguments(args: readonly string[]): {
  readonly path: string | undefined
  readonly connection: string | null
  readonly workspace: string | null
} {
  try {
    const options = { connection: { type: 'string' }, workspace: { type: 'string' } } as const
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    const { connection = null, workspace = null } = values
    return { path: positionals.length === 1 ? positionals[0] : undefined, connection, workspace }
  } catch {
    return { path: undefined, connection: null, workspace: null } // an option that is not known
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
    return await setUpCrm(setup, command.name, command.isYes, { input: process.stdin, output: process.stdout }, command.workspace)
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
    const bots = await resealInstallations({ store, bots: botSealer(keys) })
    process.stdout.write(printResealing(logins, clients, bots))
    return exitCodeOfResealing(logins, clients, bots)
  } finally {
    await store.close()
  }
}

async function tokens(args: readonly string[], env: Environment): Promise<number> {
  const command = readTokenCommand(args)
  if (command.kind === 'usage') {
    process.stderr.write(TOKEN_USAGE)
    return EX_USAGE
  }
  const store = await openStore(readConfig(env).databaseUrl, { stamp: 'live', createIfMissing: false })
  try {
    if (command.kind === 'list') {
      process.stdout.write(printTokens(await store.apiTokens.all(), await store.workspaces.all()))
      return 0
    }
    const newSecret = () => randomBytes(32).toString('base64url')
    const newTokenId = () => randomBytes(6).toString('hex')
    const deps = { store, clock: systemClock, newId: () => randomUUID(), newSecret, newTokenId }
    const { code, says } = command.kind === 'add' ? await addToken(deps, command) : await removeToken(deps, command.label)
    ;(code === 0 ? process.stdout : process.stderr).write(says)
    return code
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
