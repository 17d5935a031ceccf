import { newMessage, newReport } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import { observe } from '../connections/observe.ts'
import type { CatchUp } from '../connections/outage.ts'
import { choosePreset, nothingToPushTo } from '../outbox/choose-preset.ts'
import { askHold, inEffect } from '../outbox/hold.ts'
import { type Account, type Identity, isCrm, type Provider, type Tokens } from '../provider.ts'
import { slackLink } from '../slack-link.ts'
import type { ConnectionOverview, Grant } from '../store.ts'
import type { CompleteDeps, Completion } from './complete-login.ts'
import { bindingOf, type Ticket } from './secrets.ts'

/** A verified login becomes the connection's grant; the outage ends and everything missed is due. */
export async function swapGrant(
  deps: CompleteDeps,
  connection: Connection,
  provider: Provider,
  tokens: Tokens,
  identity: Identity,
  account: Account,
  byUser: string | null,
): Promise<Completion> {
  const { store, clock, newId } = deps
  let seen: Connection | undefined = connection
  const grant = await newGrant(deps, connection.teamId, provider, tokens, identity, byUser)
  // A check may record something between our look and the swap: look again, the login in hand still holds.
  for (let attempt = 0; seen && attempt < 5; attempt++) {
    const at = clock.now()
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
      report: newReport(deps, seen, catchUpId, card),
      hold: askHold(deps, seen),
      nextCheckAt: at,
      audit: {
        id: newId(),
        teamId: seen.teamId,
        connectionId: seen.id,
        actor: byUser,
        action: 'reauthorized',
        detail: identity.username,
        at,
      },
    })
    if (swapped) {
      const cardLink = card ? await slackLink(deps, card) : null
      return {
        kind: 'reauthorized',
        connection: swapped.connection,
        username: identity.username,
        catchUp: swapped.catchUp ?? underWay(overview),
        isHeld: inEffect(await store.holds.of(seen.id), at).length > 0,
        cardLink,
      }
    }
    seen = await store.connections.find(connection.id)
  }
  return seen ? { kind: 'refused', explanation: 'The connection changed at the same moment.', again: true } : { kind: 'gone' }
}

/** Somebody else's login has just begun it. */
function underWay(overview: ConnectionOverview | undefined): CatchUp | null {
  const catchUp = overview?.catchUp ?? null
  return catchUp?.finishedAt === null ? catchUp : null
}

/** The first login to an account: a connection named after its provider, or `…-2` and so on. */
export async function addConnection(
  deps: CompleteDeps,
  ticket: Extract<Ticket, { kind: 'connect' }>,
  provider: Provider,
  tokens: Tokens,
  identity: Identity,
  account: Account,
): Promise<Completion> {
  const { store, clock, newId } = deps
  const at = clock.now()
  const confirmed = provider.kind === 'ads' || ticket.confirms
  const grant = await newGrant(deps, ticket.teamId, provider, tokens, identity, ticket.userId)
  const unnamed = {
    id: newId(),
    teamId: ticket.teamId,
    provider: provider.name,
    kind: provider.kind,
    accountId: account.id,
    accountName: account.name,
    accountVia: account.via,
    environment: account.environment,
    grantId: grant.id,
    ownerId: ticket.userId,
    channelId: null,
    addedBy: ticket.userId,
    addedAt: at,
    confirmedAt: confirmed ? at : null,
    confirmedBy: confirmed ? ticket.userId : null,
    health: {
      status: 'connected' as const,
      since: at,
      cause: null,
      explanation: null,
      suspectSince: null,
      unreachableSince: null,
      lastProofAt: at,
    },
    version: 0,
  }
  const welcome = newMessage(deps, unnamed, 'welcome')
  const choice = isCrm(provider) ? await choosePreset(provider, tokens) : null
  const mapping = choice?.kind === 'chosen' ? choice.mapping : null
  for (let number = 1; number <= 1000; number++) {
    const name = number === 1 ? provider.name : `${provider.name}-${number}`
    if (await store.connections.byName(ticket.teamId, name)) continue
    const audit = {
      id: newId(),
      teamId: ticket.teamId,
      connectionId: unnamed.id,
      actor: ticket.userId,
      action: 'added' as const,
      detail: identity.username,
      at,
    }
    const added = await store.connections.add({ ...unnamed, name }, grant, mapping, welcome, at, audit)
    // Nothing to push to is told at once, before anything is pushed in vain.
    if (added && choice?.kind === 'nothing' && isCrm(provider)) await observe(deps, added, nothingToPushTo(provider, name))
    if (added) return { kind: 'connected', connection: added, username: identity.username, cardLink: null }
    const same = await store.connections.byAccount(ticket.teamId, provider.name, account.id)
    if (same) return swapGrant(deps, same, provider, tokens, identity, account, ticket.userId)
  }
  return { kind: 'refused', explanation: 'There is no free name for the connection.', again: false }
}

async function newGrant(
  deps: CompleteDeps,
  teamId: string,
  provider: Provider,
  tokens: Tokens,
  identity: Identity,
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
