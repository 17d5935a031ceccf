import { later } from '../../clock.ts'
import type { Message, Notice } from '../cards/card.ts'
import { newNotice } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import { unknownName } from '../outbox/read-rejects.ts'
import type { Person } from '../slack.ts'
import { INVITATION_MS } from './invitation.ts'
import { whyNotChange } from './rights.ts'

type InviteDeps = Pick<Deps, 'store' | 'providers' | 'tickets' | 'clock' | 'newId' | 'settings' | 'log'>

type NotDone =
  | { readonly kind: 'unknown'; readonly nearest: string | null }
  | { readonly kind: 'not_allowed'; readonly reason: NonNullable<ReturnType<typeof whyNotChange>> }

export type Invited =
  | {
      readonly kind: 'invited'
      readonly url: string
      readonly connection: Connection
      readonly providerLabel: string
      readonly expiresAt: Date
    }
  | NotDone

/** A link for somebody outside the workspace, who can log in with it for this one connection, once. */
export async function invite(deps: InviteDeps, teamId: string, person: Person, name: string): Promise<Invited> {
  const found = await changeable(deps, teamId, person, name)
  if (found.kind !== 'may') return found
  const { connection, outageId, card } = found
  const now = deps.clock.now()
  const expiresAt = later(now, INVITATION_MS)
  const id = deps.newId()
  const by = { invitedBy: person.id, invitedByName: person.name, invitedAt: now }
  const invitation = { id, teamId, connectionId: connection.id, outageId, ...by, expiresAt, endedAt: null, endedHow: null }
  const notice = toldIn(deps, connection, card, { kind: 'invited', by: person.id, until: expiresAt.toISOString() })
  await deps.store.invitations.add(invitation, notice, auditOf(deps, connection, person, 'invited'))
  deps.log.info('invitation.made', { connectionId: connection.id })
  const ticket = await deps.tickets.sign({ kind: 'invite', invitationId: id, connectionId: connection.id, outageId }, expiresAt)
  const providerLabel = deps.providers.get(connection.provider)?.label ?? connection.provider
  return { kind: 'invited', url: `${deps.settings.url}/invite/${ticket}`, connection, providerLabel, expiresAt }
}

/** `count`: links that worked until now. */
export type Withdrawn = { readonly kind: 'withdrawn'; readonly connection: Connection; readonly count: number } | NotDone

/** Ends all invitations of a connection. */
export async function withdrawInvitations(deps: InviteDeps, teamId: string, person: Person, name: string): Promise<Withdrawn> {
  const found = await changeable(deps, teamId, person, name)
  if (found.kind !== 'may') return found
  const { connection, card } = found
  const notice = toldIn(deps, connection, card, { kind: 'invitation_withdrawn', by: person.id })
  const audit = auditOf(deps, connection, person, 'invitation_withdrawn')
  const count = await deps.store.invitations.withdraw(connection.id, deps.clock.now(), notice, audit)
  if (count > 0) deps.log.info('invitation.withdrawn', { connectionId: connection.id, count })
  return { kind: 'withdrawn', connection, count }
}

async function changeable(
  { store, settings }: InviteDeps,
  teamId: string,
  person: Person,
  name: string,
): Promise<
  | {
      readonly kind: 'may'
      readonly connection: Connection
      readonly outageId: string | null
      readonly card: Message | undefined
    }
  | NotDone
> {
  const connection = await store.connections.byName(teamId, name)
  if (!connection) return unknownName(store, teamId, name)
  const reason = whyNotChange(person, connection, settings)
  if (reason) return { kind: 'not_allowed', reason }
  const outageId = (await store.connections.overview(connection.id))?.outage?.id ?? null
  return { kind: 'may', connection, outageId, card: outageId === null ? undefined : await store.messages.ofOutage(outageId) }
}

function toldIn(deps: InviteDeps, connection: Connection, card: Message | undefined, notice: Notice): Message | null {
  return card ? newNotice(deps, connection, card, notice) : null
}

function auditOf(
  { newId, clock }: InviteDeps,
  { id: connectionId, teamId }: Connection,
  { id: actor }: Person,
  action: 'invited' | 'invitation_withdrawn',
) {
  return { id: newId(), teamId, connectionId, actor, action, detail: '', at: clock.now() }
}
