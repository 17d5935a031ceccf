import { randomBytes, randomUUID } from 'node:crypto'
import { type Clock, DAY_MS, HOUR_MS, later } from './clock.ts'
import type { Config } from './config/config.ts'
import { secretEnds } from './config/providers.ts'
import { learnClients } from './domain/access/clients.ts'
import { noteLoginsNotFinished } from './domain/access/login-begun.ts'
import { learnOutsiders } from './domain/access/outsiders.ts'
import { deliverMessages } from './domain/cards/deliver.ts'
import { remindDue } from './domain/cards/remind.ts'
import { runDueChecks } from './domain/connections/check.ts'
import { grantCaller } from './domain/connections/grant-caller.ts'
import { forgetRemoved } from './domain/connections/remove-connection.ts'
import { costDownloader } from './domain/costs/download-costs.ts'
import type { Deps } from './domain/deps.ts'
import { sendDigests } from './domain/digest/send-digests.ts'
import { createRounds, renewLeases } from './domain/leases.ts'
import { createApiMeters } from './domain/outbox/api-meter.ts'
import { createDrainer } from './domain/outbox/drain.ts'
import { dropOldPayloads } from './domain/outbox/drop-payloads.ts'
import { tellRefusals } from './domain/outbox/tell-refusals.ts'
import { tellRejects } from './domain/outbox/watch-rejects.ts'
import type { Providers } from './domain/provider.ts'
import type { Store } from './domain/store.ts'
import { adScanner } from './domain/tags/scan-ads.ts'
import { tellLeavers } from './domain/warnings/tell-leavers.ts'
import { tellWarnings } from './domain/warnings/tell-warnings.ts'
import type { Job } from './inbound/cron.ts'
import { createSlackApp } from './inbound/slack/slack-app.ts'
import { createWebServer } from './inbound/web/server.ts'
import type { Log } from './log.ts'
import { lookOf } from './messages/look.ts'
import { createHttp } from './outbound/providers/http.ts'
import { createProviders } from './outbound/providers/registry.ts'
import { grantSealer, secretSealer } from './outbound/seal.ts'
import { slackSignIn } from './outbound/slack/sign-in.ts'
import { signInSeals } from './outbound/slack/sign-in-seals.ts'
import { sealedTexts, ticketOffice } from './outbound/tickets.ts'
import { slackActions } from './slack-actions.ts'
import { webActions } from './web-actions.ts'
import { PICTURE_WAIT_MS, type WiredSlack, wireSlack } from './wire-slack.ts'

/** Most requests under way to one CRM, when it takes them well. */
const PUSH_CONCURRENCY = 16

export interface AppParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** 32 bytes each; the first seals. */
  readonly keys: readonly Buffer[]
  /** Instead of those that the settings make. */
  readonly providers?: Providers
  /** How long an answer waits for its picture; 1,200 if left out. */
  readonly pictureWaitMs?: number
}

export interface App {
  readonly deps: Deps
  /** What comes round. `run.ts` gives them to cron, tests run them by hand. */
  readonly jobs: readonly Job[]
  /** Listens, and connects to Slack (which may take until Slack answers; the rest works meanwhile). */
  start(): Promise<void>
  /** Stops taking work, lets what is under way end, closes. The store stays open: it is the caller's. */
  stop(): Promise<void>
}

/** Wires inbound to domain to outbound. Opens nothing but what `start` opens. */
export function createApp(config: Config, parts: AppParts): App {
  const { store, clock, log, keys } = parts
  const stopping = new AbortController()
  const wired = wireSlack(config, parts)
  const { first } = wired
  const deps = wireDeps(config, parts, wired, stopping.signal)
  const installs = wired.installs(deps)
  const drainer = createDrainer(deps)
  const costs = costDownloader(deps)
  const ads = adScanner(deps)

  const slackApp = createSlackApp({
    actions: slackActions(deps, wired.charts),
    look: lookOf(config.emoji, config.command),
    clock,
    log,
    newId: deps.newId,
    installUrl: installs && `${config.url}/slack/install`,
    tokens: wired.tokens,
    pictureWaitMs: parts.pictureWaitMs ?? PICTURE_WAIT_MS,
    apiUrl: config.slack.apiUrl,
    transport:
      config.slack.mode === 'socket'
        ? { mode: 'socket', appToken: config.slack.appToken ?? '', random: deps.random }
        : { mode: 'http', signingSecret: config.slack.signingSecret ?? '' },
  })
  const web = createWebServer({
    actions: webActions(deps, config, {
      drain: () => void drainer.run().catch((cause: unknown) => log.error('job.failed', { job: 'drain' }, cause)),
      isLinked: () => slackApp.connected(),
      firstTeam: () => first.teamId(),
    }),
    config: { url: config.url, apiTokens: config.apiTokens, trustProxy: config.trustProxy, command: config.command },
    clock,
    log,
    newId: deps.newId,
    teamId: () => first.teamId(),
    results: sealedTexts(keys, clock, 'result'),
    slackListener: slackApp.requestListener ?? null,
    installs,
  })

  return {
    deps,
    jobs: [
      { name: 'renew', every: 3, alone: true, run: () => renewLeases(deps) },
      { name: 'checks', every: 1, alone: false, run: () => runDueChecks(deps) },
      { name: 'costs', every: 5, alone: false, run: () => costs.run() },
      { name: 'ads', every: 5, alone: false, run: () => ads.run() },
      { name: 'drain', every: 1, alone: false, run: () => drainer.run() },
      { name: 'messages', every: 1, alone: true, run: () => deliverMessages(deps) },
      { name: 'reminders', every: 5, alone: true, run: () => remindDue(deps) },
      { name: 'refusals', every: 5, alone: true, run: () => tellRefusals(deps) },
      { name: 'rejects', every: 5, alone: true, run: () => tellRejects(deps) },
      { name: 'workspace', every: 5, alone: true, run: () => first.learn() },
      { name: 'clients', every: 15, alone: true, run: () => learnClients(deps) },
      { name: 'homes', every: 5, alone: true, run: () => slackApp.refreshHomes() },
      { name: 'removals', every: 1, alone: true, run: () => forgetRemoved(deps) },
      { name: 'warnings', every: 15, alone: true, run: () => tellWarnings(deps) },
      { name: 'leavers', every: 60, alone: true, run: () => tellLeavers(deps) },
      { name: 'digests', every: '7 * * * * *', alone: true, run: () => sendDigests(deps) },
      { name: 'outsiders', every: 60, alone: true, run: () => learnOutsiders(deps) },
      { name: 'logins', every: 15, alone: true, run: () => noteLoginsNotFinished(deps) },
      {
        name: 'tickets',
        every: '0 17 * * * *',
        alone: true,
        run: () => store.tickets.forgetExpired(later(clock.now(), -HOUR_MS)),
      },
      {
        name: 'invitations',
        every: '0 27 * * * *',
        alone: true,
        run: () => store.invitations.forgetExpired(later(clock.now(), -30 * DAY_MS)),
      },
      { name: 'choices', every: 60, alone: true, run: () => store.choices.forgetExpired(clock.now()) },
      { name: 'payloads', every: '0 37 * * * *', alone: true, run: () => dropOldPayloads(deps, config.keepPayloadsMs) },
    ],
    async start() {
      await web.listen({ host: config.host, port: config.port })
      await learnClients(deps)
      await first.learn()
      await slackApp.start()
    },
    async stop() {
      stopping.abort()
      await slackApp.stop()
      await web.close()
    },
  }
}

function wireDeps(
  config: Config,
  { store, clock, log, keys, ...parts }: AppParts,
  { slack }: WiredSlack,
  stopping: AbortSignal,
): Deps {
  const settings = {
    machine: randomUUID(),
    url: config.url,
    channelId: config.channelId,
    checkEveryMs: config.checkEveryMs,
    confirmAfterMs: config.confirmAfterMs,
    unreachableAfterMs: config.unreachableAfterMs,
    secretEnds: secretEnds(config.providers),
    admins: config.admins,
    onCall: config.onCall,
    members: config.members,
    pushConcurrency: PUSH_CONCURRENCY,
    bulkFrom: config.bulkFrom,
    apiBudget: config.apiBudget,
    catchUp: config.catchUp,
    storm: config.storm,
    digest: config.digest,
    timeZone: config.timeZone,
  }
  const http = createHttp(clock)
  const { signIn, apiUrl } = config.slack
  const providers = parts.providers ?? createProviders(config.providers, { http, clock })
  const sealer = grantSealer(keys)
  const secrets = secretSealer(keys)
  return {
    store,
    providers,
    sealer,
    secrets,
    clock,
    log,
    settings,
    rounds: createRounds(randomUUID),
    meters: createApiMeters(clock, settings.apiBudget),
    stopping,
    grants: grantCaller({ store, providers, sealer, secrets, clock, settings, log }),
    slack,
    tickets: ticketOffice(keys, clock),
    signIn: signIn && slackSignIn({ ...signIn, apiUrl }, { http, clock }),
    signInSeals: signInSeals(keys, clock),
    newId: () => randomUUID(),
    newSecret: () => randomBytes(32).toString('base64url'),
    random: Math.random,
  }
}
