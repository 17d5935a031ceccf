import { newMessage } from '../cards/new-message.ts'
import type { Day } from '../day.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import { defaultChannel } from '../workspaces/default-channel.ts'
import { digestSetting } from './digest-setting.ts'
import { digestAt, isDue, mondayAnywhere } from './digest-time.ts'
import { type DigestDeps, type DigestPlace, digestMaker, type MadeDigest } from './make-digests.ts'

type SendDeps = DigestDeps & Pick<Deps, 'newId' | 'log'>

/** One process at a time reads a week's outages; the row of a week and channel is what lets no second digest be. */
const LEASE = 'digests'

interface Place extends DigestPlace {
  readonly teamId: string
  readonly channelId: string
}

/**
 * Makes the digests of the week that are due where their channels are and not made yet: one for each channel that has connections.
 * Runs on the beat.
 */
export async function sendDigests(deps: SendDeps): Promise<number> {
  const { store, clock, settings, log } = deps
  const week = mondayAnywhere(clock.now())
  if (week === null) return 0
  const due = await duePlaces(deps, week, clock.now())
  const now = clock.now()
  if (due.length === 0 || !(await store.leases.take(LEASE, settings.machine, now, leaseUntil(now)))) return 0
  let sent = 0
  try {
    for (const [teamId, places] of Map.groupBy(due, (place) => place.teamId)) {
      sent += await sendAll(deps, teamId, week, places).catch((cause: unknown) => {
        // The other workspaces have theirs; this one is tried again on the next beat.
        log.error('digest.failed', { teamId }, cause)
        return 0
      })
    }
  } finally {
    await store.leases.release(LEASE, settings.machine)
  }
  return sent
}

async function sendAll(deps: SendDeps, teamId: string, week: Day, places: readonly Place[]): Promise<number> {
  const make = await digestMaker(deps, teamId, week)
  let sent = 0
  for (const place of places) {
    if (await send(deps, place, await make(place))) sent++
  }
  return sent
}

/** Where nothing was connected before the morning of the digest, there is no week to tell of. */
async function duePlaces(deps: SendDeps, week: Day, now: Date): Promise<Place[]> {
  const { store, settings } = deps
  const known = new Map(
    (await store.digestSettings.all()).map((one) => [keyOf(one.teamId, one.channelId), digestSetting(one, settings)]),
  )
  const usual = digestSetting(undefined, settings)
  if (![usual, ...known.values()].some((setting) => isDue(setting, week, now))) return []
  const made = new Set((await store.digests.made(week)).map(({ teamId, channelId }) => keyOf(teamId, channelId)))
  const places = new Map<string, Place & { readonly channels: Set<string | null> }>()
  const old = new Set<string>()
  for (const { teamId, channelId, firstAddedAt } of await store.digests.places()) {
    const resolved = channelId ?? (await defaultChannel(deps, teamId))
    const key = keyOf(teamId, resolved)
    const setting = known.get(key) ?? usual
    if (made.has(key) || !isDue(setting, week, now)) continue
    const { timeZone } = setting
    const place = places.get(key) ?? { teamId, channelId: resolved, timeZone, channels: new Set<string | null>() }
    place.channels.add(channelId)
    places.set(key, place)
    if (firstAddedAt <= digestAt(timeZone, week)) old.add(key)
  }
  return [...places].flatMap(([key, place]) => (old.has(key) ? place : []))
}

function keyOf(teamId: string, channelId: string): string {
  return `${teamId} ${channelId}`
}

async function send(deps: SendDeps, { teamId, channelId }: Place, { digest, counters }: MadeDigest): Promise<boolean> {
  const { store, log } = deps
  const message = newMessage(deps, { id: null, teamId, channelId }, 'digest')
  const isFirst = await store.digests.make({ teamId, channelId, digest, counters }, message, message.createdAt)
  if (isFirst) log.info('digest.made', { channelId, week: digest.week, connections: digest.uptime.connections })
  return isFirst
}
