import type { Message, Notice } from '../cards/card.ts'
import { newNotice } from '../cards/new-message.ts'
import type { Verdict } from '../provider.ts'
import type { CompleteDeps, Completion } from './completion.ts'
import type { LoginTicket } from './secrets.ts'

/** A provider refused the login, or a read with it. */
export async function refused(
  deps: CompleteDeps,
  ticket: LoginTicket,
  verdict: Verdict & { readonly steps?: readonly string[] },
): Promise<Completion> {
  deps.log.warn('login.refused', { verdict: verdict.kind, code: verdict.code })
  const again = mayWorkAgain(verdict)
  const told = { explanation: verdict.explanation, ...(verdict.steps && { steps: verdict.steps }) }
  if (!again) await note(deps, ticket, { kind: 'login_refused', ...told })
  return { kind: 'refused', ...told, again }
}

/** What passes by itself, and a login that came too late or twice: whoever tried can simply begin anew. */
function mayWorkAgain(verdict: Verdict): boolean {
  if (verdict.kind === 'authorization_required') return !verdict.certain
  return verdict.kind === 'transient' || verdict.kind === 'rate_limited' || verdict.kind === 'refresh'
}

/** Tells the thread of the card. A first connection has none. */
export async function note(deps: CompleteDeps, ticket: LoginTicket, notice: Notice): Promise<void> {
  if (ticket.kind === 'connect') return
  const connection = await deps.store.connections.find(ticket.connectionId)
  const card = await cardOf(deps, ticket)
  if (connection && card) await deps.store.messages.add(newNotice(deps, connection, card, notice), deps.clock.now())
}

/** The card of the link, or of the outage that is open. */
export async function cardOf(
  { store }: CompleteDeps,
  ticket: Exclude<LoginTicket, { kind: 'connect' }>,
): Promise<Message | undefined> {
  const outageId = ticket.outageId ?? (await store.connections.overview(ticket.connectionId))?.outage?.id
  return outageId === undefined ? undefined : store.messages.ofOutage(outageId)
}
