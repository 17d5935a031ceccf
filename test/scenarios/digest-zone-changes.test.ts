import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../src/clock.ts'
import { changeDigest } from '../../src/domain/digest/change-digest.ts'
import { sendDigests } from '../../src/domain/digest/send-digests.ts'
import type { Person } from '../../src/domain/slack.ts'
import { addConnection } from '../support/builders.ts'
import { handClock } from '../support/hand-clock.ts'
import { memoryProvider } from '../support/memory-provider.ts'
import { aWatch, TEAM } from '../support/watch.ts'

const ZONES = ['Pacific/Kiritimati', 'Pacific/Auckland', 'Europe/Berlin', 'America/Los_Angeles', 'Etc/GMT+12']
const EVERY_HOURS = 5
const SATURDAY = new Date('2026-11-28T20:00:00Z')
const WEDNESDAY = new Date('2026-12-02T12:00:00Z')
/** From when on it may be Monday somewhere, until it is no more. */
const CHANGES = { from: new Date('2026-11-29T05:00:00Z'), until: new Date('2026-12-01T14:00:00Z') }

const ADMIN: Person = {
  id: 'U1',
  teamId: TEAM,
  teamIds: [],
  name: 'Ana',
  isAdmin: true,
  isGuest: false,
  isDeactivated: false,
  timeZone: null,
  groups: [],
}

/** One channel for each change from one zone to another, at every time around a Monday. */
function changes(): { channelId: string; from: string; to: string; at: Date }[] {
  const times: Date[] = []
  for (let time = CHANGES.from; time < CHANGES.until; time = later(time, EVERY_HOURS * HOUR_MS)) times.push(time)
  return times
    .flatMap((at) => ZONES.flatMap((from) => ZONES.filter((to) => to !== from).map((to) => ({ from, to, at, channelId: '' }))))
    .map((change, n) => ({ ...change, channelId: `C${n}` }))
}

test('whenever a time zone is changed, from which to which: each week is told once, by two processes, and none is lost', async () => {
  const clock = handClock(SATURDAY)
  const linkedin = memoryProvider(clock, { name: 'linkedin' })
  await using watch = await aWatch({
    clock,
    providers: [linkedin.provider],
    machines: 2,
    settings: { checkEveryMs: 30 * DAY_MS },
  })
  const { store, machines, slack } = watch
  const all = changes()
  const set = async (channelId: string, timeZone: string) => {
    const version = (await store.digestSettings.find(TEAM, channelId))?.version ?? 0
    const wanted = { isOn: true, timeZone }
    expect(await changeDigest(machines[0]!, TEAM, ADMIN, channelId, version, wanted)).toMatchObject({ kind: 'done' })
  }
  for (const { channelId, from } of all) {
    await addConnection(store, { name: channelId.toLowerCase(), provider: 'linkedin', kind: 'ads', channelId, teamId: TEAM })
    await set(channelId, from)
  }
  const told = () => Map.groupBy(slack.saying(/worked|Weekly digest/), ({ place }) => place.channelId)
  const wrong = (expected: number) =>
    all
      .filter(({ channelId }) => told().get(channelId)?.length !== expected)
      .map(({ from, to, at }) => `${from} ${to} ${at.toISOString()}`)

  const until = async (end: Date) => {
    while (clock.now() < end) {
      for (const { channelId, to, at } of all) if (at.getTime() === clock.now().getTime()) await set(channelId, to)
      await Promise.all(machines.map((deps) => sendDigests(deps)))
      await watch.pass(2 * MINUTE_MS, MINUTE_MS)
      clock.turn(HOUR_MS - 2 * MINUTE_MS)
    }
  }
  await until(WEDNESDAY)
  expect(wrong(1)).toEqual([])
  expect(slack.doubled).toEqual([])
  clock.turn(later(SATURDAY, 7 * DAY_MS).getTime() - clock.now().getTime())
  await until(later(WEDNESDAY, 7 * DAY_MS))
  expect(wrong(2)).toEqual([])
}, 120_000)
