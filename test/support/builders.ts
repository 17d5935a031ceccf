import { createHash } from 'node:crypto'
import type { Grant } from '../../src/domain/access/grant.ts'
import type { Sealed } from '../../src/domain/access/secrets.ts'
import type { Message } from '../../src/domain/cards/card.ts'
import type { AuditEntry } from '../../src/domain/connections/audit-entry.ts'
import type { Connection, Health } from '../../src/domain/connections/connection.ts'
import type { HealthChange, Reauthorization } from '../../src/domain/connections/connection-store.ts'
import type { Outage } from '../../src/domain/connections/outage.ts'
import type { Mapping } from '../../src/domain/crm.ts'
import type { AcceptedTouchpoint } from '../../src/domain/outbox/touchpoint.ts'
import type { Account } from '../../src/domain/provider.ts'
import type { Workspace } from '../../src/domain/slack.ts'
import type { Store } from '../../src/domain/store.ts'
import type { NewInstallation, WorkspaceAuditEntry } from '../../src/domain/workspaces/installation.ts'

/** A point in time, `ms` after the morning on which every test begins. */
export function at(ms: number): Date {
  return new Date(Date.UTC(2026, 10, 23, 9) + ms)
}

let made = 0

/** An id nobody else has in this process. */
export function anId(prefix: string): string {
  made += 1
  return `${prefix}_${made}`
}

export function aWorkspace(over: Partial<Workspace> = {}): Workspace {
  return { teamId: anId('T'), name: 'Acme', url: 'https://acme.slack.com/', botUserId: 'UBOT', ...over }
}

export function anInstallation(over: Partial<NewInstallation> = {}): NewInstallation {
  return {
    teamId: 'T2',
    botUserId: 'UBOT2',
    scopes: ['chat:write', 'commands', 'users:read'],
    sealed: 'sealed-bot-token' as Sealed,
    installedBy: 'U2',
    installedAt: at(0),
    ...over,
  }
}

export function aWorkspaceEntry(over: Partial<WorkspaceAuditEntry> = {}): WorkspaceAuditEntry {
  return { id: anId('entry'), teamId: 'T2', actor: 'U2', action: 'installed', detail: '', at: at(0), ...over }
}

export function aGrant(over: Partial<Grant> = {}): Grant {
  return {
    id: anId('grant'),
    teamId: 'T1',
    provider: 'salesforce',
    clientId: '3MVG9client',
    tokenOrigin: 'https://login.salesforce.com',
    providerUserId: '005000000000001',
    username: 'ops@acme.example',
    scopes: ['api', 'refresh_token'],
    sealed: 'sealed-tokens' as Sealed,
    authorizedBy: 'U1',
    authorizedAt: at(0),
    refreshedAt: at(0),
    refreshExpiresAt: null,
    version: 0,
    ...over,
  }
}

function aHealth(over: Partial<Health> = {}): Health {
  return {
    status: 'connected',
    since: at(0),
    cause: null,
    explanation: null,
    suspectSince: null,
    unreachableSince: null,
    lastProofAt: at(0),
    ...over,
  }
}

/** A Salesforce org as an adapter tells it. */
export const ACCOUNT: Account = { id: '00D5g00000Acme1EAA', via: null, name: 'Acme Inc', environment: 'production' }

/** A healthy, confirmed CRM with an account and a name of its own. */
export function aConnection(over: Partial<Connection> = {}): Connection {
  const id = over.id ?? anId('conn')
  return {
    id,
    teamId: 'T1',
    name: `salesforce-${id}`,
    provider: 'salesforce',
    kind: 'crm',
    accountId: `00D-${id}`,
    accountName: 'Acme Inc',
    accountVia: null,
    environment: 'production',
    grantId: 'grant_none',
    ownerId: 'U1',
    deputyId: null,
    channelId: null,
    catchUp: null,
    reminders: null,
    pausedBy: null,
    addedBy: 'U1',
    addedAt: at(0),
    confirmedAt: at(0),
    confirmedBy: 'U1',
    health: aHealth(),
    version: 0,
    ...over,
  }
}

export function anOutage(over: Partial<Outage> = {}): Outage {
  return {
    id: anId('outage'),
    connectionId: 'conn_none',
    kind: 'authorization',
    cause: 'revoked',
    explanation: 'The grant was revoked.',
    lastProofAt: at(0),
    openedAt: at(0),
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

export function aMessage(over: Partial<Message> = {}): Message {
  return {
    id: anId('message'),
    teamId: 'T1',
    connectionId: 'conn_none',
    kind: 'outage',
    outageId: null,
    catchUpId: null,
    channelId: 'C1',
    threadOf: null,
    broadcast: false,
    notice: null,
    ts: null,
    wanted: 1,
    shown: 0,
    attempts: 0,
    uncertainSince: null,
    detour: null,
    told: null,
    stormSince: null,
    createdAt: at(0),
    ...over,
  }
}

export function anAuditEntry(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: anId('audit'),
    teamId: 'T1',
    connectionId: 'conn_none',
    actor: null,
    action: 'added',
    detail: '',
    at: at(0),
    ...over,
  }
}

export function aMapping(over: Partial<Mapping> = {}): Mapping {
  return {
    touchpoints: {
      object: 'bizible2__Bizible_Touchpoint__c',
      externalIdField: 'bizible2__UniqueId__c',
      fields: { channel: 'bizible2__Marketing_Channel__c' },
      custom: ['Region__c'],
    },
    attribution: null,
    ...over,
  }
}

/** A touchpoint of the outbox. Another `version` has another payload and hash. */
export function aTouchpoint(id: string = anId('tp'), version: number | string = 1): AcceptedTouchpoint {
  const payload = JSON.stringify({ id, occurredAt: '2026-11-20T10:00:00Z', version })
  return { id, hash: createHash('sha256').update(payload).digest('base64url'), payload }
}

export function touchpoints(count: number, prefix = anId('tp')): AcceptedTouchpoint[] {
  return Array.from({ length: count }, (_, index) => aTouchpoint(`${prefix}-${index}`))
}

/** A connection that is stored, with a grant of its own. */
export async function addConnection(
  store: Store,
  over: Partial<Connection> = {},
  ofGrant: Partial<Grant> = {},
): Promise<Connection> {
  const connection = aConnection({ grantId: anId('grant'), ...over })
  const { id: connectionId, teamId, grantId } = connection
  const welcome = aMessage({ teamId, connectionId, kind: 'welcome', wanted: 1, shown: 1 })
  const grant = aGrant({ id: grantId, teamId, ...ofGrant })
  const entry = anAuditEntry({ teamId, connectionId })
  const added = await store.connections.add(connection, grant, null, welcome, at(0), entry)
  if (!added) throw new Error(`${connection.name} is taken`)
  return added
}

/** What a dead grant does to a connection. */
export function aLoss(seen: Connection, over: Partial<HealthChange> = {}): HealthChange {
  const openedAt = at(1000)
  const openOutage = anOutage({ connectionId: seen.id, openedAt, lastProofAt: seen.health.lastProofAt })
  return {
    seen,
    next: { ...seen.health, status: 'authorization_required', since: openedAt, cause: 'revoked', explanation: 'Revoked.' },
    openOutage,
    card: aMessage({ teamId: seen.teamId, connectionId: seen.id, outageId: openOutage.id, createdAt: openedAt }),
    reuseCardClosedAfter: at(0),
    storm: { cards: 10, withinMs: 300_000 },
    remindAt: null,
    alert: null,
    changeOutage: null,
    closeOutage: null,
    nextCheckAt: at(300_000),
    audit: null,
    ...over,
  }
}

/** What a login does to a connection. */
export function aReauthorization(seen: Connection, over: Partial<Reauthorization> = {}): Reauthorization {
  const catchUpId = over.catchUpId ?? anId('catchup')
  return {
    seen,
    grant: aGrant({ teamId: seen.teamId, username: 'back@acme.example' }),
    at: at(60_000),
    byUser: 'U2',
    account: { ...ACCOUNT, id: seen.accountId, name: seen.accountName },
    catchUpId,
    report: aMessage({ teamId: seen.teamId, connectionId: seen.id, kind: 'report', catchUpId, wanted: 0 }),
    hold: null,
    nextCheckAt: at(60_000),
    audit: anAuditEntry({ teamId: seen.teamId, connectionId: seen.id, action: 'reauthorized' }),
    invitationId: null,
    ...over,
  }
}
