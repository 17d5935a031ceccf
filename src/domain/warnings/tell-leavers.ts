import { DAY_MS, HOUR_MS, later } from '../../clock.ts'
import { newMessage } from '../cards/new-message.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import type { Depended, Dependent } from './people.ts'
import { type Leaver, namesOf, newWarning, type Warning } from './warning.ts'

type LeaverDeps = Pick<Deps, 'store' | 'slack' | 'providers' | 'clock' | 'newId' | 'settings' | 'log'>
type Open = Warning & { readonly detail: Leaver }

/** Everybody is looked at once a day. */
const LOOK_MS = DAY_MS
/** Whoever Slack could not tell of is asked for again after this. */
const ASK_AGAIN_MS = HOUR_MS
/** In one round, of which there is one a minute: far below what Slack allows (https://docs.slack.dev/reference/methods/users.info, tier 4). */
const LOOKS = 40
const NAMED = 20

/**
 * Tells of people who are deactivated in Slack while connections depend on them, before their logins die: one card for each, which
 * ends when nothing depends on them any more. Whom Slack can't tell of has not left. Runs on the beat.
 */
export async function tellLeavers(deps: LeaverDeps): Promise<void> {
  const { store, slack, clock } = deps
  const open = (await store.warnings.open()).filter((one): one is Open => one.detail.kind === 'leaver')
  for (const known of open) await keepUp(deps, known)
  for (const depended of await store.people.toLookAt(later(clock.now(), -LOOK_MS), LOOKS)) {
    const person = await slack.person(depended.teamId, depended.userId)
    const now = clock.now()
    await store.people.lookedAt(depended, person ? now : later(now, ASK_AGAIN_MS - LOOK_MS))
    if (!person) continue
    const known = open.find(({ teamId, detail }) => teamId === depended.teamId && detail.userId === depended.userId)
    if (known && !person.isDeactivated) await end(deps, known, 'back')
    if (!known && person.isDeactivated) await raise(deps, depended, person)
  }
}

async function raise(deps: LeaverDeps, depended: Depended, person: Person): Promise<void> {
  const { store, log } = deps
  const dependents = await store.people.dependents(depended)
  const [first] = dependents
  if (!first) return
  const message = newMessage(deps, first.connection, 'warning')
  const detail: Leaver = {
    kind: 'leaver',
    userId: depended.userId,
    person: person.name,
    ...whatDepends(deps, dependents),
    ended: null,
  }
  if (await store.warnings.raise(newWarning(message, `leaver ${depended.userId}`, detail), message))
    log.warn('person.left', { userId: depended.userId, connections: dependents.length })
}

/** Somebody else has become the owner, or has logged in. */
async function keepUp(deps: LeaverDeps, known: Open): Promise<void> {
  const { store, clock } = deps
  const dependents = await store.people.dependents({ teamId: known.teamId, userId: known.detail.userId })
  if (dependents.length === 0) return end(deps, known, 'mended')
  const { connections, others } = whatDepends(deps, dependents)
  if (others === known.detail.others && isSame(connections, known.detail.connections)) return
  const detail = { ...known.detail, connections, others }
  await store.warnings.change(known, { detail, closedAt: null }, null, clock.now())
}

async function end({ store, clock }: LeaverDeps, known: Open, how: NonNullable<Leaver['ended']>): Promise<void> {
  const now = clock.now()
  await store.warnings.change(known, { detail: { ...known.detail, ended: how }, closedAt: now }, null, now)
}

function whatDepends({ providers }: LeaverDeps, dependents: readonly Dependent[]): Pick<Leaver, 'connections' | 'others'> {
  const connections = dependents.slice(0, NAMED).flatMap(({ connection, ...needs }) => {
    const provider = providers.get(connection.provider)?.label ?? connection.provider
    return namesOf([connection]).map((named) => ({ ...named, provider, ...needs }))
  })
  return { connections, others: dependents.length - connections.length }
}

function isSame(some: Leaver['connections'], others: Leaver['connections']): boolean {
  const key = ({ id, isOwner, isDeputy, loggedIn }: Leaver['connections'][number]) => [id, isOwner, isDeputy, loggedIn].join(' ')
  return some.map(key).join() === others.map(key).join()
}
