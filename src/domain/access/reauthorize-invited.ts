import type { CompleteDeps, Completion, Login } from './completion.ts'
import { readWith, wrongAccount } from './reauthorize.ts'
import type { Ticket } from './secrets.ts'
import { newGrant, swapEnded, swapGrant } from './swap-grant.ts'
import { note, refused } from './tell-login.ts'

type InviteTicket = Extract<Ticket, { kind: 'invite' }>

/** Somebody from outside logged in: the one connection that the invitation is for gets the new login, whatever else it reaches. */
export async function reauthorizeInvited(deps: CompleteDeps, ticket: InviteTicket, login: Login): Promise<Completion> {
  const { identity } = login
  const connection = await deps.store.connections.find(ticket.connectionId)
  const invitation = await deps.store.invitations.find(ticket.invitationId)
  if (!connection || !invitation) return { kind: 'gone' }
  if (invitation.endedHow !== null) return { kind: 'invitation_over', how: invitation.endedHow }
  const account = identity.accounts.find(({ id }) => id === connection.accountId)
  if (!account) return wrongAccount(deps, ticket, [connection], identity)
  const read = await readWith(deps, login)(account)
  if (read.kind !== 'ok') return refused(deps, ticket, read)
  const grant = await newGrant(deps, connection.teamId, login, null)
  const ended = await swapEnded(deps, await swapGrant(deps, connection, grant, account, null, invitation.id), grant)
  if (ended.kind !== 'reauthorized') return ended
  await note(deps, ticket, { kind: 'invitation_used', by: invitation.invitedBy, username: identity.username })
  return { kind: 'restored', connection: ended.connection, username: identity.username }
}
