import { newMessage } from '../cards/new-message.ts'
import type { Day } from '../day.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import { digestAt, dueWeek } from './digest-time.ts'
import { type DigestDeps, digestMaker, type MadeDigest } from './make-digests.ts'

type SendDeps = DigestDeps & Pick<Deps, 'newId' | 'log'>

/** One process at a time reads a week's outages; the row of a week and channel is what lets no second digest be. */
const LEASE = 'digests'

interface Place {
  readonly teamId: string
  readonly channelId: string
}

/** Makes the digests of the week that are due and not made yet: one for each channel that has connections. Runs on the beat. */
export async function sendDigests(deps: SendDeps): Promise<number> {
  const { store, clock, settings } = deps
  const week = settings.digest ? dueWeek(settings.timeZone, clock.now()) : null
  if (week === null) return 0
  const due = await duePlaces(deps, week)
  const now = clock.now()
  if (due.length === 0 || !(await store.leases.take(LEASE, settings.machine, now, leaseUntil(now)))) return 0
  let sent = 0
  try {
    for (const [teamId, places] of Map.groupBy(due, (place) => place.teamId)) {
      const make = await digestMaker(deps, teamId, week)
      for (const place of places) {
        const isIn = (channelId: string | null) => channelOf(deps, channelId) === place.channelId
        if (await send(deps, place, await make(isIn))) sent++
      }
    }
  } finally {
    await store.leases.release(LEASE, settings.machine)
  }
  return sent
}

/** Where nothing was connected before the morning of the digest, there is no week to tell of. */
async function duePlaces(deps: SendDeps, week: Day): Promise<Place[]> {
  const { store, settings } = deps
  const key = ({ teamId, channelId }: Place) => `${teamId} ${channelId}`
  const made = new Set((await store.digests.made(week)).map(key))
  const at = digestAt(settings.timeZone, week)
  const places = (await store.digests.places())
    .filter(({ firstAddedAt }) => firstAddedAt <= at)
    .map(({ teamId, channelId }) => ({ teamId, channelId: channelOf(deps, channelId) }))
  return [...new Map(places.map((place) => [key(place), place])).values()].filter((place) => !made.has(key(place)))
}

async function send(deps: SendDeps, { teamId, channelId }: Place, { digest, counters }: MadeDigest): Promise<boolean> {
  const { store, log } = deps
  const message = newMessage(deps, { id: null, teamId, channelId }, 'digest')
  const isFirst = await store.digests.make({ teamId, channelId, digest, counters }, message, message.createdAt)
  if (isFirst) log.info('digest.made', { channelId, week: digest.week, connections: digest.uptime.connections })
  return isFirst
}

function channelOf({ settings }: Pick<Deps, 'settings'>, channelId: string | null): string {
  return channelId ?? settings.channelId
}
