import { randomBytes, randomUUID } from 'node:crypto'
import { type Clock, DAY_MS, HOUR_MS, later } from './clock.ts'
import type { Config } from './config/config.ts'
import { secretEnds } from './config/providers.ts'
import { beginAdding, suggestName } from './domain/access/begin-adding.ts'
import { beginInvited, readInvitation } from './domain/access/begin-invited.ts'
import { beginConnect, beginReauthorize, readConnectLink } from './domain/access/begin-login.ts'
import { connectChosen, readChoice } from './domain/access/choose-accounts.ts'
import { learnClients } from './domain/access/clients.ts'
import { completeLogin } from './domain/access/complete-login.ts'
import { completeSignIn } from './domain/access/identify.ts'
import { invite, withdrawInvitations } from './domain/access/invite.ts'
import { connectLink, offers, reauthorizeLink, rejectsLink } from './domain/access/links.ts'
import { noteLoginBegun, noteLoginsNotFinished } from './domain/access/login-begun.ts'
import { offerFurther } from './domain/access/offer-accounts.ts'
import { learnOutsiders, noteOutsider } from './domain/access/outsiders.ts'
import { whyNotAdd } from './domain/access/rights.ts'
import { changeEscalation } from './domain/cards/change-escalation.ts'
import { deliverMessages } from './domain/cards/deliver.ts'
import { remindDue } from './domain/cards/remind.ts'
import { changeSettings, readSettings, renameConnection } from './domain/connections/change-settings.ts'
import { checkNow, runDueChecks } from './domain/connections/check.ts'
import { confirmConnection } from './domain/connections/confirm.ts'
import { findNamed, nameNow } from './domain/connections/connection-name.ts'
import { grantCaller } from './domain/connections/grant-caller.ts'
import { hearEnded } from './domain/connections/hear-ended.ts'
import { readHistory, readOlderHistory } from './domain/connections/history.ts'
import { describeConnection, describeConnectionById, listConnections } from './domain/connections/list.ts'
import { pauseConnection, resumeConnection } from './domain/connections/pause-connection.ts'
import { forgetRemoved, readRemoval, removeConnection } from './domain/connections/remove-connection.ts'
import { costDownloader } from './domain/costs/download-costs.ts'
import { readCosts } from './domain/costs/read-costs.ts'
import type { Deps } from './domain/deps.ts'
import { changeDigest, readDigestForm } from './domain/digest/change-digest.ts'
import { listDigests, readDigest } from './domain/digest/channel-digests.ts'
import { sendDigests } from './domain/digest/send-digests.ts'
import { createRounds, renewLeases } from './domain/leases.ts'
import { currentFacts, slackReadiness, storeReadiness } from './domain/operations.ts'
import { acceptTouchpoints } from './domain/outbox/accept.ts'
import { createApiMeters } from './domain/outbox/api-meter.ts'
import { changeMapping, readMapping } from './domain/outbox/change-mapping.ts'
import { changePushing } from './domain/outbox/change-pushing.ts'
import { createDrainer } from './domain/outbox/drain.ts'
import { dropOldPayloads } from './domain/outbox/drop-payloads.ts'
import { openExportLink } from './domain/outbox/export-backlog.ts'
import { dismissRejects, retryRejectGroup, retryRejects } from './domain/outbox/move-rejects.ts'
import { pushOn } from './domain/outbox/push-on.ts'
import { describeRejects, openRejectsLink, readRejects } from './domain/outbox/read-rejects.ts'
import { tellRefusals } from './domain/outbox/tell-refusals.ts'
import { tellRejects } from './domain/outbox/watch-rejects.ts'
import type { Providers } from './domain/provider.ts'
import type { Store } from './domain/store.ts'
import { changeTagging, readTagging } from './domain/tags/change-tagging.ts'
import { adScanner } from './domain/tags/scan-ads.ts'
import { undoTags } from './domain/tags/undo-tags.ts'
import { tellLeavers } from './domain/warnings/tell-leavers.ts'
import { tellWarnings } from './domain/warnings/tell-warnings.ts'
import { readApiToken } from './domain/workspaces/api-token.ts'
import { changeDefaultChannel } from './domain/workspaces/default-channel.ts'
import { hearEnd } from './domain/workspaces/end-installation.ts'
import type { Job } from './inbound/cron.ts'
import type { SlackActions } from './inbound/slack/actions.ts'
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
    actions: {
      beginReauthorize: (visit) => beginReauthorize(deps, visit),
      readConnectLink: (visit) => readConnectLink(deps, visit),
      beginConnect: (visit) => beginConnect(deps, visit),
      readInvitation: (ticket) => readInvitation(deps, ticket),
      beginInvited: (ticket) => beginInvited(deps, ticket),
      completeSignIn: (answer) => completeSignIn(deps, answer),
      async completeLogin(callback) {
        const completion = await completeLogin(deps, callback)
        // What waited is due now, not on the next beat.
        drainer.run().catch((cause: unknown) => log.error('job.failed', { job: 'drain' }, cause))
        return completion
      },
      offerFurther: (visit, grantId) => offerFurther(deps, visit, grantId),
      readChoice: (choiceId) => readChoice(deps, choiceId),
      connectChosen: (choiceId, accountIds) => connectChosen(deps, choiceId, accountIds),
      hearEnded: (listener, message) => hearEnded(deps, listener, message),
      providerLabel: (name) => deps.providers.get(name)?.label,
      acceptTouchpoints: (team, items, sending) => acceptTouchpoints(deps, team, items, sending),
      findTouchpoint: (team, id) => store.outbox.find(team, id),
      listConnections: (team) => listConnections(deps, team),
      describeConnection: async (team, name) => describeConnection(deps, team, await nameNow(deps, team, name)),
      checkNow: async (team, name) => checkNow(deps, team, await nameNow(deps, team, name)),
      readMapping: async (team, name) => readMapping(deps, team, await nameNow(deps, team, name)),
      changeMapping: async (team, name, body) => changeMapping(deps, team, await nameNow(deps, team, name), body),
      readCosts: async (team, name, days) => readCosts(deps, team, await nameNow(deps, team, name), days),
      readRejects: async (team, name) => readRejects(deps, team, await nameNow(deps, team, name)),
      retryRejects: async (team, name, which) => retryRejects(deps, team, await nameNow(deps, team, name), which),
      dismissRejects: async (team, name, which) => dismissRejects(deps, team, await nameNow(deps, team, name), which),
      openRejectsLink: (ticket) => openRejectsLink(deps, ticket),
      openExportLink: (ticket) => openExportLink(deps, ticket),
      readiness: async () => [
        await storeReadiness(deps),
        slackReadiness(slackApp.connected(), first.teamId(), config.slack.botToken !== null),
      ],
      metrics: async (of) => ({
        ...(await currentFacts(deps, of, { firstTeam: first.teamId(), isSeveral: config.workspaces.length > 0 })),
        socketsConnected: slackApp.connected() ? 1 : 0,
      }),
      readApiToken: (text) => readApiToken(deps, text),
      hasApiTokens: () => store.apiTokens.isAny(),
    },
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

function slackActions(deps: Deps, charts: WiredSlack['charts']): SlackActions {
  return {
    person: (team, userId) => deps.slack.person(team, userId),
    listConnections: (team) => listConnections(deps, team),
    describeConnection: (team, name) => describeConnection(deps, team, name),
    describeConnectionById: (id) => describeConnectionById(deps, id),
    findConnection: (team, name) => findNamed(deps, team, name),
    changeMark: (team) => deps.store.connections.changeMark(team),
    pauseConnection: (team, person, id) => pauseConnection(deps, team, person, id),
    resumeConnection: (team, person, id) => resumeConnection(deps, team, person, id),
    renameConnection: (team, person, id, name) => renameConnection(deps, team, person, id, name),
    readRemoval: (team, person, id) => readRemoval(deps, team, person, id),
    removeConnection: (team, person, id, agreed) => removeConnection(deps, team, person, id, agreed),
    readSettings: (team, person, id) => readSettings(deps, team, person, id),
    changeSettings: (team, person, id, shown, wanted) => changeSettings(deps, team, person, id, shown, wanted),
    suggestName: (team, wanted) => suggestName(deps, team, wanted),
    beginAdding: (team, person, wanted, wishes) => beginAdding(deps, team, person, wanted, wishes),
    uploadChart: (team, connectionId, chart) => charts.upload(team, connectionId, chart),
    chartRefused: (team, connectionId) => charts.refused(team, connectionId),
    checkNow: (team, name) => checkNow(deps, team, name),
    whyNotAdd: (team, person) => whyNotAdd(person, team, deps.settings),
    offers: () => offers(deps),
    async learnOffers() {
      await learnClients(deps)
      return offers(deps)
    },
    connectLink: (team, person, provider, channelId) => connectLink(deps, team, person, provider, channelId),
    reauthorizeLink: (team, person, name, outageId) => reauthorizeLink(deps, team, person, name, outageId),
    invite: (team, person, name) => invite(deps, team, person, name),
    withdrawInvitations: (team, person, name) => withdrawInvitations(deps, team, person, name),
    readHistory: (team, name) => readHistory(deps, team, name),
    readOlderHistory: (team, id, afterId) => readOlderHistory(deps, team, id, afterId),
    confirmConnection: (team, person, id) => confirmConnection(deps, team, person, id),
    changePushing: (team, person, id, what) => changePushing(deps, team, person, id, what),
    describeRejects: (team, name) => describeRejects(deps, team, name),
    rejectsLink: (team, person, connectionId) => rejectsLink(deps, team, person, connectionId),
    retryRejectGroup: (team, person, connectionId, groupId) => retryRejectGroup(deps, team, person, connectionId, groupId),
    pushOn: (team, person, connectionId) => pushOn(deps, team, person, connectionId),
    changeEscalation: (team, person, press) => changeEscalation(deps, team, person, press),
    readTagging: (team, person, connectionId) => readTagging(deps, team, person, connectionId),
    changeTagging: (team, person, connectionId, wish) => changeTagging(deps, team, person, connectionId, wish),
    undoTags: (team, person, changeId) => undoTags(deps, team, person, changeId),
    readDigest: (team, person, channelId) => readDigest(deps, team, person, channelId),
    listDigests: (team) => listDigests(deps, team),
    readDigestForm: (team, person, channelId) => readDigestForm(deps, team, person, channelId),
    changeDigest: (team, person, id, version, wanted) => changeDigest(deps, team, person, id, version, wanted),
    loginBegun: (team, outageId) => noteLoginBegun(deps, team, outageId),
    hearEnd: (heard) => hearEnd(deps, heard),
    hasOwnChannel: async (team) => (await deps.store.installations.find(team)) !== undefined,
    changeDefaultChannel: (team, person, channelId) => changeDefaultChannel(deps, team, person, channelId),
    outsiderSeen: (team, channelId) => noteOutsider(deps, team, channelId),
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
