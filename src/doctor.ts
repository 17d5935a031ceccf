import { systemClock } from './clock.ts'
import { type Config, readConfig } from './config/config.ts'
import { type Environment, groupsAmong } from './config/values.ts'
import { learnClients } from './domain/access/clients.ts'
import { signInRedirectUri } from './domain/access/sign-in.ts'
import { examineProviders, examineStore } from './domain/doctor.ts'
import { type Finding, fine, problem, warning } from './domain/finding.ts'
import type { Providers } from './domain/provider.ts'
import { examineWorkspaces } from './domain/workspaces/examine-workspaces.ts'
import { AppError } from './errors.ts'
import { exitCodeOf, printFindings } from './inbound/cli/doctor.ts'
import { silentLog } from './log.ts'
import { keysOf } from './outbound/key-file.ts'
import { createHttp } from './outbound/providers/http.ts'
import { createProviders } from './outbound/providers/registry.ts'
import { secretSealer } from './outbound/seal.ts'
import { examineSlack, type SlackToExamine } from './outbound/slack/examine.ts'
import { examineSignIn } from './outbound/slack/examine-sign-in.ts'
import { openStore } from './outbound/store/store.ts'
import { wireSlack } from './wire-slack.ts'

/** Looks at everything that Redkey needs, prints what is wrong and how to mend it, and answers the exit code. */
export async function doctor(env: Environment): Promise<number> {
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
    ...(await examineSlack(slackToExamine(config), systemClock.now())),
    ...(await examineIdentity(config)),
    await examineUrl(config),
    ...(await examineSeveral(config)),
    ...(await examineClients(config)),
  ]
  process.stdout.write(printFindings(findings))
  return exitCodeOf(findings)
}

function slackToExamine(config: Config): SlackToExamine {
  const { slack, channelId } = config
  return { ...slack, channelId, groupIds: groupsAmong(config), identifies: slack.signIn !== null }
}

async function examineIdentity({ slack: { signIn, apiUrl }, url }: Config): Promise<Finding[]> {
  const http = createHttp(systemClock)
  try {
    return await examineSignIn(signIn && { ...signIn, apiUrl }, signInRedirectUri(url), http)
  } finally {
    http.close()
  }
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

/** Workspaces that install the app by themselves. */
async function examineSeveral(config: Config): Promise<Finding[]> {
  const { databaseUrl, workspaces: allowed, url, command } = config
  const store = await openStore(databaseUrl, { stamp: 'live', createIfMissing: false }).catch(() => undefined)
  if (!store) return [] // "database" tells why it can't be read
  try {
    if (allowed.length === 0 && (await store.installations.all()).length === 0) return []
    const { slack, tokens } = wireSlack(config, { store, clock: systemClock, log: silentLog, keys: keysOf(config) })
    const installUrl = `${url}/slack/install`
    const found = await examineWorkspaces({ store, slack, tokens, allowed, installUrl, command })
    if (url.startsWith('https:') || allowed.length === 0) return found
    const next = 'Set REDKEY_URL to an https address, and register its redirect URL in the Slack app.'
    return [...found, warning('Slack redirect URL', 'Slack takes https only, so that nobody can install the app.', next)]
  } finally {
    await store.close()
  }
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
