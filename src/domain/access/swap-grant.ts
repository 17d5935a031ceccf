import type { Message } from '../cards/card.ts'
import { newReport } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import type { ConnectionOverview } from '../connections/connection-store.ts'
import type { CatchUp } from '../connections/outage.ts'
import { askHold, inEffect } from '../outbox/hold.ts'
import type { Account } from '../provider.ts'
import { slackLink } from '../slack-link.ts'
import type { InvitationOver } from './begin-invited.ts'
import type { CompleteDeps, Completion, Login } from './completion.ts'
import type { Grant } from './grant.ts'
import { bindingOf } from './grant.ts'
import type { Invitation } from './invitation.ts'

export interface Swapped {
  readonly kind: 'swapped'
  readonly connection: Connection
  readonly catchUp: CatchUp | null
  /** Nothing is pushed for now: a person is asked first, or has paused it. */
  readonly isHeld: boolean
  /** Of the outage that it ended. */
  readonly card: Message | undefined
}

/** `busy`: the connection changed again and again meanwhile. */
export type Swap = Swapped | { readonly kind: 'busy' } | { readonly kind: 'gone' } | InvitationOver

/**
 * A verified login becomes the connection's grant; the outage ends and everything missed is due. The same again changes nothing, so
 * that whatever was begun for several connections can be done again.
 */
export async function swapGrant(
  deps: CompleteDeps,
  connection: Connection,
  grant: Grant,
  account: Account,
  byUser: string | null,
  invitationId: string | null = null,
): Promise<Swap> {
  const { store, clock, newId } = deps
  let seen: Connection | undefined = connection
  // A check may record something between our look and the swap: look again, the login in hand still holds.
  for (let attempt = 0; seen && attempt < 5; attempt++) {
    const at = clock.now()
    const invitation = invitationId === null ? undefined : await store.invitations.find(invitationId)
    if (invitationId !== null && (!invitation || invitation.endedHow)) return over(invitation)
    const overview = await store.connections.overview(seen.id)
    const card = overview?.outage ? await store.messages.ofOutage(overview.outage.id) : undefined
    const catchUpId = newId()
    const swapped = await store.connections.reauthorize({
      seen,
      grant,
      at,
      byUser,
      account,
      catchUpId,
      report: await newReport(deps, seen, catchUpId, card),
      hold: askHold(deps, seen),
      nextCheckAt: at,
      invitationId,
      audit: {
        id: newId(),
        teamId: seen.teamId,
        connectionId: seen.id,
        actor: byUser,
        action: invitationId === null ? 'reauthorized' : 'reauthorized_by_invitation',
        detail: grant.username,
        at,
      },
    })
    if (swapped) {
      const isPaused = swapped.connection.health.status === 'paused'
      const isHeld = isPaused || inEffect(await store.holds.of(seen.id), at).length > 0
      return { kind: 'swapped', connection: swapped.connection, catchUp: swapped.catchUp ?? underWay(overview), isHeld, card }
    }
    seen = await store.connections.find(connection.id)
  }
  return seen ? { kind: 'busy' } : { kind: 'gone' }
}

function over(invitation: Invitation | undefined): InvitationOver {
  return { kind: 'invitation_over', how: invitation?.endedHow ?? 'over' }
}

/** Somebody else's login has just begun it. */
function underWay(overview: ConnectionOverview | undefined): CatchUp | null {
  const catchUp = overview?.catchUp ?? null
  return catchUp?.finishedAt === null ? catchUp : null
}

export const BUSY = 'The connection changed at the same moment.'

/** How a login ended that was for one connection. `isKnown`: somebody meant to add it. */
export async function swapEnded(
  deps: CompleteDeps,
  swap: Swap,
  { username }: Pick<Grant, 'username'>,
  isKnown = false,
): Promise<Completion> {
  switch (swap.kind) {
    case 'swapped': {
      const { connection, catchUp, isHeld, card } = swap
      const cardLink = card ? await slackLink(deps, card) : null
      return { kind: 'reauthorized', connection, username, catchUp, isHeld, isKnown, cardLink }
    }
    case 'busy':
      return { kind: 'refused', explanation: BUSY, again: true }
    case 'gone':
    case 'invitation_over':
      return swap
    default:
      return swap satisfies never
  }
}

export async function newGrant(
  deps: Pick<CompleteDeps, 'clock' | 'newId' | 'sealer'>,
  teamId: string,
  { provider, tokens, identity }: Login,
  byUser: string | null,
): Promise<Grant> {
  const at = deps.clock.now()
  const unsealed = { id: deps.newId(), clientId: provider.client.id, tokenOrigin: provider.client.tokenOrigin }
  return {
    ...unsealed,
    teamId,
    provider: provider.name,
    providerUserId: identity.userId,
    username: identity.username,
    scopes: tokens.scopes,
    sealed: await deps.sealer.seal(tokens, bindingOf(unsealed)),
    authorizedBy: byUser,
    authorizedAt: at,
    refreshedAt: at,
    refreshExpiresAt: tokens.refreshExpiresAt,
    version: 0,
  }
}
