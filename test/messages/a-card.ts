import type { AdFacts, CardFacts, LooseFacts, Message } from '../../src/domain/cards/card.ts'
import { type CardGroup, type CardMember, inOrder, loginsOf } from '../../src/domain/cards/card-group.ts'
import type { Connection, Health } from '../../src/domain/connections/connection.ts'
import type { ConnectionOverview } from '../../src/domain/connections/connection-store.ts'
import type { CatchUp, Outage } from '../../src/domain/connections/outage.ts'
import type { Rendered } from '../../src/messages/blocks.ts'
import type { Known } from '../../src/messages/connection-details.ts'
import type { ListedConnection } from '../../src/messages/connection-rows.ts'
import { lookOf } from '../../src/messages/look.ts'
import { type Filter, type Page, pageOf } from '../../src/messages/page.ts'

export const LOOK = lookOf(null, '/connections')
const NINE = new Date('2026-11-23T09:00:00Z')

/** `at('09:12')`: that time of the day of all tests. */
export function at(time: string): Date {
  return new Date(`2026-11-23T${time}:00Z`)
}

export function aConnection(over: Partial<Omit<Connection, 'health'>> & { health?: Partial<Health> } = {}): Connection {
  return {
    id: 'con_1',
    teamId: 'T0ACME',
    name: 'salesforce',
    provider: 'salesforce',
    kind: 'crm',
    accountId: '00D000000000001',
    accountName: 'Acme Corp',
    accountVia: null,
    environment: 'production',
    grantId: 'gra_1',
    ownerId: 'U0ANARUIZ',
    deputyId: null,
    channelId: null,
    catchUp: null,
    reminders: null,
    pausedBy: null,
    addedBy: 'U0ANARUIZ',
    addedAt: at('08:00'),
    confirmedAt: at('08:05'),
    confirmedBy: 'U0ANARUIZ',
    version: 1,
    ...over,
    health: {
      status: 'connected',
      since: at('08:00'),
      cause: null,
      explanation: null,
      suspectSince: null,
      unreachableSince: null,
      lastProofAt: NINE,
      ...over.health,
    },
  }
}

export function anOutage(over: Partial<Outage> = {}): Outage {
  return {
    id: 'out_1',
    connectionId: 'con_1',
    kind: 'authorization',
    cause: 'revoked',
    explanation: 'Salesforce says that the access was revoked.',
    lastProofAt: NINE,
    openedAt: at('09:12'),
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

export function aReauthorizedOutage(over: Partial<Outage> = {}): Outage {
  return anOutage({
    closedAt: at('12:12'),
    closedHow: 'reauthorized',
    closedBy: 'U0BENOKAFOR',
    closedByUsername: 'ben@acme.example',
    ...over,
  })
}

export function aCatchUp(over: Partial<CatchUp> = {}): CatchUp {
  return {
    id: 'cat_1',
    connectionId: 'con_1',
    outageId: 'out_1',
    upToKey: 1284,
    expected: 1284,
    pushed: 636,
    superseded: 2,
    rejected: 2,
    startedAt: at('12:12'),
    finishedAt: null,
    ...over,
  }
}

export function aFinishedCatchUp(over: Partial<CatchUp> = {}): CatchUp {
  return aCatchUp({ pushed: 1279, superseded: 2, rejected: 3, finishedAt: at('12:14'), ...over })
}

export function aMessage(over: Partial<Message> = {}): Message {
  return {
    id: 'msg_1',
    teamId: 'T0ACME',
    connectionId: 'con_1',
    kind: 'outage',
    outageId: 'out_1',
    catchUpId: null,
    channelId: 'C0MARKETINGOPS',
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
    createdAt: at('09:12'),
    ...over,
  }
}

export function aCard(over: Partial<CardFacts> = {}): CardFacts {
  return {
    message: aMessage(),
    connection: aConnection({ health: { status: 'authorization_required', since: at('09:12'), cause: 'revoked' } }),
    providerLabel: 'Salesforce',
    username: 'ana@acme.example',
    outage: anOutage(),
    catchUp: null,
    backlog: { waiting: 1284, pushed: 90_000, superseded: 12, rejected: 3 },
    ads: null,
    rejects: [],
    alarm: null,
    warning: null,
    endsBecause: null,
    holds: [],
    preview: null,
    mentions: ['U0ANARUIZ'],
    escalation: null,
    crowdedOut: null,
    group: null,
    reauthorizeUrl: 'https://redkey.example/reauthorize/ticket',
    defaultChannelId: 'C1',
    now: at('12:12'),
    ...over,
  }
}

/** Of a message that is about no connection. */
export function aLooseCard(over: Partial<LooseFacts> = {}): LooseFacts {
  const message = aMessage({ connectionId: null, outageId: null })
  return {
    message,
    connection: null,
    warning: null,
    providerLabel: '',
    digest: null,
    pictureId: null,
    defaultChannelId: 'C0MARKETINGOPS',
    now: at('12:12'),
    ...over,
  }
}

export function adFacts(over: Partial<AdFacts> = {}): AdFacts {
  return { costsAt: null, costsTrouble: null, tagging: null, gap: null, ...over }
}

export function aListed(over: Partial<ConnectionOverview> = {}, more: Partial<ListedConnection> = {}): ListedConnection {
  return {
    overview: {
      connection: aConnection(),
      username: 'ana@acme.example',
      backlog: { waiting: 0, pushed: 12, superseded: 0, rejected: 0 },
      outage: null,
      catchUp: null,
      holds: [],
      refreshExpiresAt: null,
      ...over,
    },
    providerLabel: 'Salesforce',
    reauthorizeUrl: null,
    ...more,
  }
}

export function aRedListed(name = 'salesforce'): ListedConnection {
  const connection = aConnection({ name, health: { status: 'authorization_required', since: at('09:12'), cause: 'revoked' } })
  return aListed(
    { connection, outage: anOutage(), backlog: { waiting: 1284, pushed: 0, superseded: 0, rejected: 3 } },
    { reauthorizeUrl: 'https://redkey.example/reauthorize/mine' },
  )
}

/** All that people read in the blocks, without the top-level text. */
export function visible(rendered: Pick<Rendered, 'blocks'>): string {
  return textsOf(rendered.blocks).join('\n')
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : key === 'accessibility_label' ? [] : textsOf(inner),
  )
}

/** Every button, by its label. */
export function buttons(rendered: Pick<Rendered, 'blocks'>): Record<string, { url?: string; value?: string; action_id: string }> {
  const found = rendered.blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.filter((element) => element.type === 'button')
      : block.type === 'section' && block.accessory
        ? [block.accessory]
        : [],
  )
  return Object.fromEntries(found.map((button) => [button.text.text, button]))
}

/** What is known of a connection beside what lists show. */
export function known(over: Partial<Known> = {}): Known {
  return { history: [], rejects: [], crowdedOut: null, costs: null, tags: null, ...over }
}

/** One connection on a card of several. */
export function aMember(n: number, over: Partial<CardMember> = {}): CardMember {
  const name = n === 0 ? 'salesforce' : `salesforce-${n + 1}`
  return {
    connection: aConnection({ id: `con_${n}`, name, accountName: `Acme ${n}`, health: { status: 'authorization_required' } }),
    outage: anOutage({ id: `out_${n}`, connectionId: `con_${n}` }),
    username: 'ana@acme.example',
    waiting: 1284 - n,
    costsAt: null,
    isTagging: false,
    catchUp: null,
    gap: null,
    ...over,
  }
}

/** A card of several, as `facts.ts` puts it together. */
export function aGroup(members: readonly CardMember[], over: Partial<CardGroup> = {}): CardGroup {
  const ordered = inOrder(members)
  const logins = loginsOf(ordered)
  return {
    isStorm: false,
    members: ordered,
    labels: new Map([['salesforce', 'Salesforce']]),
    logins,
    offered: logins.slice(0, 5).map((login) => ({ ...login, url: 'https://redkey.example/reauthorize/ticket' })),
    held: [],
    ...over,
  }
}

/** One page of these connections, as `connectionsList` and `homeView` take it. */
export function pageWith(
  all: readonly ListedConnection[],
  page: number,
  now: Date,
  filter: Filter = 'all',
): [Page, ListedConnection[]] {
  const shown = pageOf(
    all.map(({ overview }) => overview),
    page,
    now,
    filter,
  )
  return [shown, shown.rows.flatMap((row) => all.find(({ overview }) => overview === row) ?? [])]
}
