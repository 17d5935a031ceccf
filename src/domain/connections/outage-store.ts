import type { Message } from '../cards/card.ts'
import type { CardMember } from '../cards/card-group.ts'
import type { CatchUp, Outage } from './outage.ts'

export interface OutageStore {
  find(id: string): Promise<Outage | undefined>
  /** An open `misconfigured` outage with a card, of any connection of this grant's app: the operator's card stands for all of it. */
  openMisconfigured(grantId: string): Promise<Outage | undefined>
  /** The newest outage of each connection that the card shows, in the order in which those began. */
  ofCard(cardId: string): Promise<CardMember[]>
  /** How many connections the card shows. */
  connectionsOn(cardId: string): Promise<number>
  catchUp(id: string): Promise<CatchUp | undefined>
  /** The catch-up that belongs to an outage, running or finished. */
  catchUpOf(outageId: string): Promise<CatchUp | undefined>
  /** Notes on the open outage that somebody set out to log in. */
  loginBegun(outageId: string, at: Date): Promise<void>
  /** Whoever set out came back, however the login ended: nobody is waited for any more. */
  loginCameBack(outageId: string): Promise<void>
  /** Open outages whose login began before `before` and has not come back. */
  loginsNotFinished(before: Date): Promise<Outage[]>
  /** Posts the notice and forgets the login; false when another machine did. */
  noteLoginNotFinished(outage: Outage, notice: Message, at: Date): Promise<boolean>
}
