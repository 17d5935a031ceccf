import { later } from '../../../src/clock.ts'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { ConnectionOverview } from '../../../src/domain/connections/connection-store.ts'
import type { Outage } from '../../../src/domain/connections/outage.ts'
import { createWebServer, type WebServer } from '../../../src/inbound/web/server.ts'
import type { WebActions, WebConfig, WebDeps } from '../../../src/inbound/web/web-deps.ts'
import type { Log } from '../../../src/log.ts'
import { sealedTexts } from '../../../src/outbound/tickets.ts'

export const TOKEN = 'a-long-random-token'
export const BEARER = { authorization: `Bearer ${TOKEN}` }
export const START = new Date('2026-11-20T10:00:00Z')
const KEYS = [Buffer.alloc(32, 7)]
export const URL_OF_REDKEY = 'https://redkey.acme.com'

/** What was logged, as one text, to see what was not. */
export interface Logged {
  readonly lines: string[]
}

export interface Overrides {
  readonly actions?: Partial<WebActions>
  readonly config?: Partial<WebConfig>
  readonly deps?: Partial<Pick<WebDeps, 'teamId' | 'slackListener' | 'installs'>>
}

/** The web server with answers of the domain given by hand; what a test does not give is a call that must not happen. */
export function aWeb(over: Overrides = {}): WebServer & { logged: Logged; pass(ms: number): void } {
  let now = START
  let id = 0
  const logged: Logged = { lines: [] }
  const clock = { now: () => now }
  const web = createWebServer({
    actions: { ...untouched(), ...over.actions },
    config: { url: URL_OF_REDKEY, apiTokens: [TOKEN], trustProxy: false, ...over.config },
    clock,
    log: logInto(logged),
    newId: () => `id-${++id}`,
    teamId: () => 'T1',
    results: sealedTexts(KEYS, clock, 'result'),
    slackListener: null,
    installs: null,
    ...over.deps,
  })
  return { ...web, logged, pass: (ms) => (now = later(now, ms)) }
}

function untouched(): WebActions {
  const no = (name: string) => async () => {
    throw new Error(`${name} was called`)
  }
  return {
    beginReauthorize: no('beginReauthorize'),
    readConnectLink: no('readConnectLink'),
    beginConnect: no('beginConnect'),
    completeSignIn: no('completeSignIn'),
    readInvitation: no('readInvitation'),
    beginInvited: no('beginInvited'),
    completeLogin: no('completeLogin'),
    offerFurther: no('offerFurther'),
    readChoice: no('readChoice'),
    connectChosen: no('connectChosen'),
    hearEnded: no('hearEnded'),
    providerLabel: (name) => (name === 'salesforce' ? 'Salesforce' : undefined),
    acceptTouchpoints: no('acceptTouchpoints'),
    findTouchpoint: no('findTouchpoint'),
    listConnections: no('listConnections'),
    describeConnection: no('describeConnection'),
    checkNow: no('checkNow'),
    readMapping: no('readMapping'),
    changeMapping: no('changeMapping'),
    readCosts: no('readCosts'),
    readRejects: no('readRejects'),
    retryRejects: no('retryRejects'),
    dismissRejects: no('dismissRejects'),
    openRejectsLink: no('openRejectsLink'),
    openExportLink: no('openExportLink'),
    readiness: no('readiness'),
    metrics: no('metrics'),
    readApiToken: async () => undefined,
    hasApiTokens: async () => false,
  }
}

function logInto({ lines }: Logged): Log {
  const write = (level: string) => (event: string, fields?: object, cause?: unknown) => {
    lines.push(`${level} ${event} ${JSON.stringify(fields ?? {})} ${cause ?? ''}`)
  }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

export function aConnection(over: Partial<Connection> = {}): Connection {
  return {
    id: 'c1',
    teamId: 'T1',
    name: 'salesforce',
    provider: 'salesforce',
    kind: 'crm',
    accountId: '00D000000000001',
    accountName: 'Acme Corp',
    accountVia: null,
    environment: 'production',
    grantId: 'g1',
    ownerId: 'U1',
    deputyId: null,
    channelId: null,
    catchUp: null,
    reminders: null,
    pausedBy: null,
    addedBy: 'U1',
    addedAt: START,
    confirmedAt: START,
    confirmedBy: 'U1',
    health: {
      status: 'connected',
      since: START,
      cause: null,
      explanation: null,
      suspectSince: null,
      unreachableSince: null,
      lastProofAt: START,
    },
    version: 0,
    ...over,
  }
}

export function anOutage(over: Partial<Outage> = {}): Outage {
  return {
    id: 'o1',
    connectionId: 'c1',
    kind: 'authorization',
    cause: 'revoked',
    explanation: 'The login was revoked.',
    lastProofAt: START,
    openedAt: START,
    closedAt: null,
    closedHow: null,
    closedBy: null,
    closedByUsername: null,
    superseded: 0,
    loginBegunAt: null,
    cardId: null,
    ...over,
  }
}

export function anOverview(over: Partial<ConnectionOverview> = {}): ConnectionOverview {
  return {
    connection: aConnection(),
    username: 'maria@acme.com',
    backlog: { waiting: 0, pushed: 0, superseded: 0, rejected: 0 },
    outage: null,
    catchUp: null,
    holds: [],
    refreshExpiresAt: null,
    ...over,
  }
}
