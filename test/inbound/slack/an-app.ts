import { systemClock } from '../../../src/clock.ts'
import type { ExplainedRejects } from '../../../src/domain/outbox/read-rejects.ts'
import { reasonId } from '../../../src/domain/outbox/reject.ts'
import type { Person } from '../../../src/domain/slack.ts'
import { oneBotToken } from '../../../src/domain/workspaces/bot-tokens.ts'
import type { SlackActions } from '../../../src/inbound/slack/actions.ts'
import { createSlackApp, type SlackApp, type SlackAppOptions } from '../../../src/inbound/slack/slack-app.ts'
import type { Log } from '../../../src/log.ts'
import { ANA } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aConnection, aListed, aRedListed, LOOK } from '../../messages/a-card.ts'
import { APP_TOKEN, BOT_TOKEN } from '../../sandbox/slack/a-workspace.ts'

const REASON = {
  code: 'REQUIRED_FIELD_MISSING',
  message: 'Required fields are missing: [Name]',
  field: 'Name',
  count: 3,
  isExample: false,
}
export const SOME_REJECTS: ExplainedRejects = { ...REASON, groupId: reasonId(REASON), examples: ['tp_1', 'tp_2'] }

interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly fields: Record<string, unknown>
  readonly cause: unknown
}

/** A log that keeps its lines. */
function keptLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const keep =
    (level: LogLine['level']) =>
    (event: string, fields: object = {}, cause?: unknown) => {
      lines.push({ level, event, fields: { ...fields }, cause })
    }
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') }
}

/** A domain with a red and a healthy connection, which answers as the workspace's people are. Every question is kept. */
function someActions(slack: () => SlackWorkspace, over: Partial<SlackActions> = {}) {
  const asked: [string, ...unknown[]][] = []
  const red = aRedListed('salesforce').overview
  const good = aListed({
    connection: aConnection({ id: 'con_2', name: 'sandbox-org', environment: 'sandbox', confirmedAt: null }),
  }).overview
  const all: SlackActions = {
    person: async (_teamId, userId) => personIn(slack(), userId),
    listConnections: async () => [red, good],
    describeConnection: async (_teamId, name) => {
      const overview = [red, good].find((one) => one.connection.name === name)
      return overview
        ? { kind: 'found', overview, history: [], rejects: [], crowdedOut: null, costs: null, tags: null }
        : { kind: 'unknown', nearest: name === 'salesforc' ? 'salesforce' : null }
    },
    describeConnectionById: async (id) => {
      const overview = [red, good].find((one) => one.connection.id === id)
      return overview
        ? { kind: 'found', overview, history: [], rejects: [], crowdedOut: null, costs: null, tags: null }
        : { kind: 'unknown', nearest: null }
    },
    uploadChart: async () => null,
    chartRefused: () => undefined,
    checkNow: async () => ({ kind: 'checked', results: [{ connection: good.connection, observed: 'works' }] }),
    findConnection: async (_teamId, name) => {
      const connection = [red, good].map((one) => one.connection).find((one) => one.name === name)
      return connection ? { kind: 'found', connection } : { kind: 'unknown', nearest: name === 'salesforc' ? 'salesforce' : null }
    },
    changeMark: async () => '1',
    pauseConnection: async () => ({ kind: 'paused', connection: good.connection, waiting: 2 }),
    resumeConnection: async () => ({
      kind: 'resumed',
      connection: good.connection,
      checked: { connection: good.connection, observed: 'works' },
    }),
    renameConnection: async (_teamId, _person, _id, name) => ({
      kind: 'renamed',
      before: 'salesforce',
      connection: { ...red.connection, name },
    }),
    readRemoval: async () => ({ kind: 'gone' }),
    removeConnection: async () => ({ kind: 'gone' }),
    readSettings: async () => ({ kind: 'gone' }),
    changeSettings: async () => ({ kind: 'gone' }),
    suggestName: async (_teamId, wanted) => `${wanted}-2`,
    beginAdding: async (_teamId, person) => ({
      kind: 'link',
      url: `https://redkey.example/connect/${person.id}`,
      providerLabel: 'Salesforce',
      typed: 'salesforce',
      expiresInMs: 600_000,
    }),
    whyNotAdd: () => null,
    offers: () => [{ name: 'salesforce', label: 'Salesforce', client: null }],
    learnOffers: async () => [{ name: 'salesforce', label: 'Salesforce', client: null }],
    connectLink: async (_teamId, person, provider) =>
      provider === 'salesforce'
        ? {
            kind: 'link',
            url: `https://redkey.example/connect/${person.id}`,
            providerLabel: 'Salesforce',
            typed: 'salesforce',
            expiresInMs: 600_000,
          }
        : {
            kind: 'unknown_provider',
            nearest: 'salesforce',
            offered: [{ name: 'salesforce', label: 'Salesforce', client: null }],
          },
    reauthorizeLink: async (_teamId, person, name) =>
      name === 'salesforce'
        ? {
            kind: 'link',
            url: `https://redkey.example/reauthorize/${person.id}`,
            connection: red.connection,
            outageId: null,
            expiresInMs: 3_600_000,
          }
        : { kind: 'unknown', nearest: 'salesforce' },
    invite: async (_teamId, person, name) =>
      name === 'salesforce'
        ? {
            kind: 'invited',
            url: `https://redkey.example/invite/${person.id}`,
            connection: red.connection,
            providerLabel: 'Salesforce',
            expiresAt: new Date('2026-11-27T09:00:00Z'),
          }
        : { kind: 'unknown', nearest: 'salesforce' },
    withdrawInvitations: async () => ({ kind: 'withdrawn', connection: red.connection, count: 1 }),
    readHistory: async (_teamId, name) =>
      name === 'salesforce'
        ? { kind: 'found', connection: red.connection, entries: [], olderAfter: null, isNewest: true }
        : { kind: 'unknown', nearest: 'salesforce' },
    readOlderHistory: async () => ({ kind: 'unknown', nearest: null }),
    confirmConnection: async (_teamId, person) =>
      person.isAdmin ? { kind: 'confirmed', connection: good.connection } : { kind: 'not_allowed', connection: good.connection },
    changeEscalation: async (_teamId, person) => ({
      kind: 'already_claimed',
      claim: { by: person.id, at: new Date(0), until: new Date(0) },
    }),
    readDigest: async (_teamId, _person, channelId) => ({
      kind: 'found',
      digest: { channelId: channelId ?? '', isOn: true, timeZone: 'Europe/Berlin' },
      isUsual: true,
      hasConnections: true,
      channelIds: [],
      refusal: null,
    }),
    listDigests: async () => [],
    readDigestForm: async () => ({ kind: 'not_allowed', reason: 'not_admin' }),
    changeDigest: async () => ({ kind: 'not_allowed', reason: 'not_admin' }),
    loginBegun: async () => undefined,
    hearEnd: async () => undefined,
    hasOwnChannel: async () => false,
    changeDefaultChannel: async (_teamId, _person, channelId) => ({ kind: 'done', channelId }),
    outsiderSeen: async () => undefined,
    describeRejects: async (_teamId, name) =>
      name === 'salesforce'
        ? { kind: 'found', connection: red.connection, providerLabel: 'Salesforce', groups: [SOME_REJECTS] }
        : { kind: 'unknown', nearest: 'salesforce' },
    rejectsLink: async (_teamId, person) => ({
      kind: 'link',
      url: `https://redkey.example/rejects/${person.id}`,
      connection: red.connection,
      expiresInMs: 3_600_000,
    }),
    retryRejectGroup: async () => ({ kind: 'retried', connection: good.connection, count: 3, isHeld: false }),
    changePushing: async () => ({ kind: 'done', connection: good.connection, holds: [] }),
    pushOn: async (_teamId, person) =>
      person.isAdmin ? { kind: 'pushing', connection: good.connection } : { kind: 'not_allowed', connection: good.connection },
    readTagging: async () => ({ kind: 'gone' }),
    changeTagging: async () => ({ kind: 'gone' }),
    undoTags: async () => ({ kind: 'gone' }),
    ...over,
  }
  const actions = Object.fromEntries(
    Object.entries(all).map(([name, ask]: [string, (...args: unknown[]) => unknown]) => [
      name,
      (...args: unknown[]) => {
        asked.push([name, ...args])
        return ask(...args)
      },
    ]),
  ) as unknown as SlackActions
  return { actions, asked }
}

function personIn(slack: SlackWorkspace, userId: string): Person | undefined {
  const person = slack.people().find(({ id }) => id === userId)
  if (person === undefined) return undefined
  return {
    id: person.id,
    teamId: person.teamId ?? slack.identity.teamId,
    teamIds: [],
    name: person.realName,
    isAdmin: person.isAdmin === true,
    isGuest: person.isGuest === true,
    isDeactivated: person.deleted === true,
    timeZone: person.tz,
    groups: [],
  }
}

export interface Running {
  readonly app: SlackApp
  readonly asked: readonly [string, ...unknown[]][]
  readonly log: ReturnType<typeof keptLog>
}

/** The real Bolt app on Socket Mode against the simulated workspace, not started yet. */
export function anApp(
  slack: () => SlackWorkspace,
  over: Partial<SlackActions> = {},
  options: Partial<SlackAppOptions> = {},
): Running {
  const log = keptLog()
  const { actions, asked } = someActions(slack, over)
  let ids = 0
  const app = createSlackApp({
    actions,
    look: LOOK,
    clock: systemClock,
    log,
    newId: () => `ref_${++ids}`,
    installUrl: null,
    tokens: oneBotToken(BOT_TOKEN),
    pictureWaitMs: 0,
    apiUrl: slack().apiUrl,
    transport: { mode: 'socket', appToken: APP_TOKEN, random: () => 0.5, helloTimeoutMs: 2_000, backoffMs: () => 5 },
    ...options,
  })
  return { app, asked, log }
}

/** Started, with both links up. */
export async function aRunningApp(slack: SlackWorkspace, over: Partial<SlackActions> = {}): Promise<Running> {
  await slack.eventually(() => slack.links() === 0)
  const running = anApp(() => slack, over)
  await running.app.start()
  await slack.eventually(() => slack.links() === 2)
  return running
}

/** The next ephemeral message that this person gets, apart from those there are. */
export async function nextAnswer(slack: SlackWorkspace, act: () => Promise<unknown>, userId = ANA) {
  const before = slack.ephemerals(userId).length
  await act()
  return slack.eventually(() => slack.ephemerals(userId)[before])
}
