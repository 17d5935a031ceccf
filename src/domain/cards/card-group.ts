import type { Connection, OutageKind } from '../connections/connection.ts'
import type { CatchUp, Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Gap } from '../gaps/gap.ts'
import type { Hold } from '../outbox/hold.ts'

/** One connection on a card, with its newest outage there. */
export interface CardMember {
  readonly outage: Outage
  readonly connection: Connection
  /** Provider user of its login. */
  readonly username: string
  /** Touchpoints that wait. */
  readonly waiting: number
  /** Of an ad platform: when costs were last downloaded; null: never yet. */
  readonly costsAt: Date | null
  /** Of an ad platform: new ads are to get URL parameters. */
  readonly isTagging: boolean
  readonly catchUp: CatchUp | null
  /** Of an ad platform: what the outage left out. */
  readonly gap: Gap | null
}

/** One login that brings connections of a card back. */
export interface CardLogin {
  readonly provider: string
  readonly username: string
  /** How many, and by which one it is asked for: the one with the most to lose. */
  readonly count: number
  readonly connection: Connection
  readonly outageId: string
  /** Null: nobody may be given one here. */
  readonly url: string | null
}

/** A connection that is back, and whose catch-up waits for something. */
export interface HeldMember {
  readonly connection: Connection
  readonly holds: readonly Hold[]
}

/** What a card shows that tells of several connections. */
export interface CardGroup {
  readonly isStorm: boolean
  /** What asks for something first, and of that what has the most to lose; then what is paused; what is over, the newest first. */
  readonly members: readonly CardMember[]
  /** Names of the providers as people write them. */
  readonly labels: ReadonlyMap<string, string>
  /** Which logins are needed, the one that brings back the most first. */
  readonly logins: readonly Omit<CardLogin, 'url'>[]
  /** Those of them that have a button; none in a storm. */
  readonly offered: readonly CardLogin[]
  /** The first of those whose catch-up waits. */
  readonly held: readonly HeldMember[]
}

/** It is down, and nobody has paused it. */
export function isOpen({ connection, outage }: { readonly connection: Connection; readonly outage: Outage | null }): boolean {
  return outage?.closedAt === null && connection.health.status !== 'paused'
}

/** People of the workspace are asked for something. What is wrong with the app's set-up is for whoever runs Redkey. */
export function isAsking(member: Parameters<typeof isOpen>[0]): boolean {
  return isOpen(member) && member.outage?.kind !== 'misconfigured'
}

/** It was down when somebody paused it. */
export function isPaused({ connection, outage }: Pick<CardMember, 'connection' | 'outage'>): boolean {
  return outage.closedAt === null && connection.health.status === 'paused'
}

/** What an outage that is over shared its card with, and still asks for something: a button of the card was for that, too. */
export async function openBeside(
  { store }: Pick<Deps, 'store'>,
  { cardId, closedAt }: Pick<Outage, 'cardId' | 'closedAt'>,
): Promise<CardMember[]> {
  if (cardId === null || closedAt === null) return []
  // What broke later is another story.
  return (await store.outages.ofCard(cardId)).filter((one) => isAsking(one) && one.outage.openedAt <= closedAt)
}

/** Nothing is left to do or to be counted. */
export function isDone({ outage, catchUp, gap }: CardMember): boolean {
  return outage.closedAt !== null && catchUp?.finishedAt !== null && gap?.finishedAt !== null
}

/** Whom the card speaks for, of members in the order in which they broke: the first that still asks for a login, else for a right, else for something; then one that is paused; else what came back last. */
export function leadOf(members: readonly CardMember[]): CardMember | undefined {
  const open = members.filter(isOpen)
  const asks = (kind: OutageKind) => open.find(({ outage }) => outage.kind === kind)
  return (
    asks('authorization') ??
    asks('permission') ??
    open[0] ??
    members.find(isPaused) ??
    members.toSorted((a, b) => closedAt(b) - closedAt(a))[0]
  )
}

export function inOrder(members: readonly CardMember[]): CardMember[] {
  return members.toSorted(
    (a, b) =>
      Number(isOpen(b)) - Number(isOpen(a)) ||
      Number(isPaused(b)) - Number(isPaused(a)) ||
      (isOpen(a) ? b.waiting - a.waiting || costsFrom(a) - costsFrom(b) : closedAt(b) - closedAt(a)) ||
      (a.connection.name < b.connection.name ? -1 : 1),
  )
}

/** The logins that are needed, each by the member that comes first. A new login of a person is good for all that they had. */
export function loginsOf(members: readonly CardMember[]): Omit<CardLogin, 'url'>[] {
  const needed = members.filter((member) => isOpen(member) && member.outage.kind === 'authorization')
  const byUser = Map.groupBy(needed, ({ connection: { provider, grantId }, username }) => `${provider} ${username || grantId}`)
  const logins = [...byUser.values()].flatMap(([first, ...others]) =>
    first
      ? {
          provider: first.connection.provider,
          username: first.username,
          count: 1 + others.length,
          connection: first.connection,
          outageId: first.outage.id,
        }
      : [],
  )
  return logins.toSorted((a, b) => b.count - a.count)
}

/** Never downloaded is longest ago. */
function costsFrom({ costsAt }: CardMember): number {
  return costsAt?.getTime() ?? 0
}

function closedAt({ outage }: CardMember): number {
  return outage.closedAt?.getTime() ?? 0
}
