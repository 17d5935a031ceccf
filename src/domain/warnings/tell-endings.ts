import { later } from '../../clock.ts'
import type { Grant } from '../access/grant.ts'
import { newMessage } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import { daysLeft, FIRST_STEP_MS, isLoud, stepOf } from './steps.ts'
import { type LoginEnds, namesOf, newWarning, sameOnes, type Warning } from './warning.ts'

type EndingsDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>
type Open = Warning & { readonly detail: LoginEnds }

/** Tells which logins end on a known day: one card for each, at 30, 14, 7 and 1 days, until somebody renews it. Runs on the beat. */
export async function tellEndings(deps: EndingsDeps): Promise<void> {
  const { store, clock } = deps
  const ending = await store.grants.endingBefore(later(clock.now(), FIRST_STEP_MS))
  const open = (await store.warnings.open()).filter((one): one is Open => one.detail.kind === 'login_ends')
  for (const { grant, connections } of ending) {
    const known = open.find(({ detail }) => detail.grantId === grant.id)
    await tellOne(deps, grant, connections, known)
  }
  const ids = new Set(ending.map(({ grant }) => grant.id))
  for (const warning of open) if (!ids.has(warning.detail.grantId)) await noteRenewal(deps, warning)
}

async function tellOne(
  deps: EndingsDeps,
  grant: Grant,
  connections: readonly Connection[],
  known: Open | undefined,
): Promise<void> {
  const { store, clock, log } = deps
  const now = clock.now()
  const endsAt = grant.refreshExpiresAt
  const [first] = connections
  if (!endsAt || !first) return
  const step = stepOf(endsAt, now, grant.authorizedAt)
  const isRed = connections.every(({ health }) => health.status === 'authorization_required')
  const detail = detailOf(grant, connections, endsAt, step ?? known?.detail.step ?? 0, now)
  if (!known) {
    if (step === null || step === 0 || isRed) return
    const message = newMessage(deps, first, 'warning')
    if (await store.warnings.raise(newWarning(message, `login ${grant.id}`, detail), message))
      log.warn('login.ends', { grantId: grant.id, provider: grant.provider, days: step })
    return
  }
  if (step === 0 || isRed) return close(deps, known, { ...detail, ended: { how: 'over' } })
  if (step === null) return close(deps, known, { ...detail, ended: { how: 'renewed', by: null, username: grant.username } })
  if (step === known.detail.step && isSame(detail, known.detail)) return
  const isNews = step < known.detail.step
  const notice = isNews
    ? newMessage(deps, first, 'notice', {
        threadOf: known.messageId,
        broadcast: isLoud(step),
        notice: {
          kind: 'login_ends',
          days: step,
          endsAt: detail.endsAt,
          connections: detail.connections,
          ownerId: first.ownerId,
        },
      })
    : null
  const isChanged = await store.warnings.change(known, { detail, closedAt: null }, notice, now)
  if (isChanged && isNews) log.warn('login.ends', { grantId: grant.id, provider: grant.provider, days: step })
}

/** The login is gone, or it ends much later now: somebody logged in anew, or using it has made it longer. */
async function noteRenewal(deps: EndingsDeps, warning: Open): Promise<void> {
  const { store } = deps
  const { detail } = warning
  const [first] = detail.connections
  const connection = first && (await store.connections.find(first.id))
  const grant = connection && (await store.grants.find(connection.grantId))
  const by = grant && grant.id !== detail.grantId ? grant.authorizedBy : null
  await close(deps, warning, { ...detail, ended: { how: 'renewed', by, username: grant?.username ?? '' } })
}

async function close({ store, clock }: EndingsDeps, warning: Open, detail: LoginEnds): Promise<void> {
  const now = clock.now()
  await store.warnings.change(warning, { detail, closedAt: now }, null, now)
}

function detailOf(grant: Grant, connections: readonly Connection[], endsAt: Date, step: number, now: Date): LoginEnds {
  return {
    kind: 'login_ends',
    provider: grant.provider,
    grantId: grant.id,
    username: grant.username,
    endsAt: endsAt.toISOString(),
    connections: namesOf(connections),
    step,
    daysLeft: daysLeft(endsAt, now),
    ended: null,
  }
}

function isSame(one: LoginEnds, other: LoginEnds): boolean {
  return one.endsAt === other.endsAt && one.daysLeft === other.daysLeft && sameOnes(one.connections, other.connections)
}
