import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later, MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import { addDays, dayIn } from '../../src/domain/day.ts'
import { sendDigests } from '../../src/domain/digest/send-digests.ts'
import { instantAt, weekday } from '../../src/domain/local-time.ts'
import type { Message } from '../../src/sandbox/slack/message.ts'
import { ANA, BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { goRed } from '../support/acts.ts'
import { addConnection } from '../support/builders.ts'
import { handClock } from '../support/hand-clock.ts'
import { memoryProvider } from '../support/memory-provider.ts'
import { aWatch, type Watch } from '../support/watch.ts'
import { aTouchpoint, aWorld, touchpoints, UAT, type World } from '../support/world.ts'

const ZONE = 'Europe/Berlin'
const SCOPES = ['chat:write', 'commands', 'users:read']

/** The first Monday at nine that is more than `days` away. */
function mondayAfter(now: Date, days: number): Date {
  let day = addDays(dayIn(ZONE, now), days + 1)
  while (weekday(day) !== 1) day = addDays(day, 1)
  return instantAt(ZONE, day, '09:00')
}

const digestsIn = (world: World, channel = MARKETING_OPS): Message[] =>
  world.slack.messages(channel).filter(({ text }) => /Weekly digest|worked (all week|since)/.test(text))
const shown = (message: Message | undefined) => JSON.stringify(message?.blocks)

/** Makes what is due, and shows it, as soon as its picture is there. */
async function tell(world: World): Promise<void> {
  await world.run('digests')
  for (let round = 0; round < 6; round++) {
    await world.run('messages')
    world.turn(3 * SECOND_MS)
  }
}

/** Two connections, and a week in which one of them broke twice. Ends on Monday, ten seconds before nine. */
async function aWeek(scopes: readonly string[]) {
  const env = { REDKEY_TIME_ZONE: ZONE, REDKEY_CHECK_EVERY: '1h' }
  const world = await aWorld({ slack: { scopes }, pictureWaitMs: 15_000, env })
  const monday = mondayAfter(world.clock.now(), 7)
  const until = (at: Date) => world.turn(at.getTime() - world.clock.now().getTime())
  until(later(monday, -6 * DAY_MS))
  await world.connect()
  await world.connect(UAT)
  until(later(monday, -4 * DAY_MS))
  await world.beat(2)
  await goRed(world)
  await world.send(...touchpoints(3).map((one) => ({ ...one, connection: 'salesforce' })))
  world.turn(2 * HOUR_MS)
  await world.reauthorize()
  await world.beat(8)
  until(later(monday, -2 * DAY_MS))
  await world.beat(2)
  await goRed(world)
  world.turn(6 * HOUR_MS)
  await world.reauthorize()
  await world.beat(4)
  until(later(monday, -10 * SECOND_MS))
  return { world, monday, until }
}

describe('a week with two outages', () => {
  test('is told on Monday at nine, once, with a picture', async () => {
    const { world, until, monday } = await aWeek([...SCOPES, 'files:write'])
    await using _ = world
    await tell(world)
    expect(digestsIn(world)).toEqual([])
    until(monday)
    await tell(world)
    const [digest, ...others] = digestsIn(world)
    expect(others).toEqual([])
    expect(digest?.text).toMatch(/Weekly digest, \d+ \w+ to \d+ \w+\. 1 of 2 connections worked all week\./)
    expect(digest?.text).toMatch(/2 outages: .*From card to login: 4 h \(median of 2\), 6 h at the longest\./)
    expect(digest?.text).toMatch(/Touchpoints since .*: 3 pushed, 0 superseded, 0 rejected\./)
    expect(digest?.text).not.toContain('<@')
    const [picture] = (digest?.blocks ?? []).flatMap((block) => ('slack_file' in block ? [block] : [])) as unknown as {
      slack_file: { id: string }
      alt_text: string
    }[]
    expect(picture?.alt_text).toMatch(/salesforce 9\d\.\d %, not working for 8 h; salesforce-2 100 %/)
    const png = Buffer.from(await (await fetch(`${world.slack.url}/files/${picture?.slack_file.id}`)).arrayBuffer())
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16)]).toEqual(['PNG', 1200])
    expect(shown(digest)).not.toContain('▁')

    for (const hours of [1, 5, 20, 24, 96]) {
      world.turn(hours * HOUR_MS)
      await tell(world)
    }
    expect(digestsIn(world)).toHaveLength(1)
    expect(world.slack.calls.filter(({ method }) => method === 'files.completeUploadExternal')).toHaveLength(1)
  })

  test('where nothing can be uploaded is drawn in characters', async () => {
    const { world, until, monday } = await aWeek(SCOPES)
    await using _ = world
    until(monday)
    await tell(world)
    const [digest] = digestsIn(world)
    expect(shown(digest)).toMatch(/`···▁+▄▁+[▄█]+▁+` 9\d\.\d % salesforce/)
    expect(shown(digest)).not.toContain('slack_file')
  })

  test('is told in characters when Slack does not show the picture in time', async () => {
    const { world, until, monday } = await aWeek([...SCOPES, 'files:write'])
    await using _ = world
    world.slack.faults.lookThroughFilesLate()
    until(monday)
    await tell(world)
    expect(digestsIn(world)).toHaveLength(1)
    expect(shown(digestsIn(world)[0])).toContain('▁')
  })

  test('keeps its picture when Slack first has to look through it', async () => {
    const { world, until, monday } = await aWeek([...SCOPES, 'files:write'])
    await using _ = world
    world.slack.faults.lookThroughFilesLate(2)
    until(monday)
    await tell(world)
    expect(shown(digestsIn(world)[0])).toContain('slack_file')
  })

  test('is followed by a calm line after a week without', async () => {
    const { world, until, monday } = await aWeek(SCOPES)
    await using _ = world
    until(monday)
    await tell(world)
    await world.send(aTouchpoint({ connection: 'salesforce' }), aTouchpoint({ connection: 'salesforce-2' }))
    await world.beat(4)
    until(later(mondayAfter(monday, 1), MINUTE_MS))
    await tell(world)
    const calm = digestsIn(world)[1]
    expect(calm?.text).toBe('✅ All 2 connections worked all week. 2 touchpoints were pushed.')
    expect(calm?.blocks).toHaveLength(1)
  })

  test('goes to each channel that has connections, about its own', async () => {
    const { world, until, monday } = await aWeek(SCOPES)
    await using _ = world
    const elsewhere = 'C0GENERAL'
    const { teamId } = world.slack.identity
    await addConnection(world.store, { teamId, name: 'hubspot', provider: 'hubspot', channelId: elsewhere })
    await addConnection(world.store, { teamId, name: 'paid', provider: 'meta', kind: 'ads', channelId: MARKETING_OPS })
    until(monday)
    await tell(world)
    expect(digestsIn(world)).toHaveLength(1)
    expect(digestsIn(world)[0]?.text).toContain('2 of 3 connections worked all week.')
    expect(digestsIn(world, elsewhere).map(({ text }) => text)).toEqual([expect.stringContaining('The one connection worked')])
  })

  test('says who logged in by name, and pings nobody', async () => {
    const { world, until, monday } = await aWeek(SCOPES)
    await using _ = world
    const outages = await world.store.digests.outages(world.slack.identity.teamId, new Date(0))
    expect(outages).toHaveLength(2)
    until(monday)
    await tell(world)
    for (const id of [ANA, BEN]) expect(shown(digestsIn(world)[0])).not.toContain(id)
  })
})

test('switched off, nothing is told', async () => {
  await using world = await aWorld({ env: { REDKEY_DIGEST: 'off', REDKEY_TIME_ZONE: ZONE } })
  await world.connect()
  world.turn(mondayAfter(world.clock.now(), 7).getTime() - world.clock.now().getTime())
  await tell(world)
  expect(digestsIn(world)).toEqual([])
})

/** Two processes on one database, and what they told. They run in UTC. */
async function twoProcesses() {
  const clock = handClock(new Date('2026-11-25T12:00:00Z'))
  const linkedin = memoryProvider(clock, { name: 'linkedin' })
  const watch = await aWatch({ clock, providers: [linkedin.provider], machines: 2 })
  await watch.connect(linkedin.provider, 'ana', linkedin.logIn('ana', null), ['acme', 'globex'])
  const at = (time: string) => clock.turn(new Date(time).getTime() - clock.now().getTime())
  const beat = async (...places: readonly number[]) => {
    const machines = places.flatMap((place) => watch.machines[place] ?? [])
    await Promise.all(machines.map((deps) => sendDigests(deps)))
    await watch.round()
  }
  return { watch, at, beat, told: () => toldBy(watch).length }
}

function toldBy(watch: Watch) {
  return watch.slack.shown.filter(({ texts }) => /worked all week|Weekly digest/.test(texts[0] ?? ''))
}

describe('two processes', () => {
  test('tell a week once, however often they look', async () => {
    const { watch, at, beat, told } = await twoProcesses()
    await using _ = watch
    at('2026-11-30T08:59:59Z')
    await beat(0, 1)
    expect(told()).toBe(0)
    for (const minute of ['00', '01', '02']) {
      at(`2026-11-30T09:${minute}:00Z`)
      await beat(0, 1)
    }
    expect(told()).toBe(1)
    expect(watch.slack.doubled).toEqual([])
    at('2026-12-07T09:00:00Z')
    await beat(1, 0)
    expect(told()).toBe(2)
  })

  test('that are down at nine tell it when they are back the same day, also after one died over it', async () => {
    const { watch, at, beat, told } = await twoProcesses()
    await using _ = watch
    at('2026-11-30T09:00:00Z')
    const now = new Date('2026-11-30T09:00:00Z')
    await watch.store.leases.take('digests', 'a process that dies', now, later(now, 10 * SECOND_MS))
    await beat(0)
    expect(told()).toBe(0)
    at('2026-11-30T09:30:00Z')
    await beat(1)
    await beat(1)
    expect(told()).toBe(1)
  })

  test('that are down on Monday do not tell it on Tuesday', async () => {
    const { watch, at, beat, told } = await twoProcesses()
    await using _ = watch
    for (const time of ['2026-12-01T00:00:00Z', '2026-12-03T09:00:00Z']) {
      at(time)
      await beat(0, 1)
    }
    expect(told()).toBe(0)
    at('2026-12-07T23:59:00Z')
    await beat(0, 1)
    expect(told()).toBe(1)
  })

  test('tell it once also when clocks are set back and forward', async () => {
    const { watch, at, beat, told } = await twoProcesses()
    await using _ = watch
    for (const time of ['11-30T09:05', '11-29T23:00', '11-30T08:30', '11-30T09:00', '11-30T20:00', '11-30T09:01']) {
      at(`2026-${time}:00Z`)
      await beat(0, 1)
    }
    expect(told()).toBe(1)
    at('2026-12-07T09:00:00Z')
    await beat(0, 1)
    at('2026-11-30T10:00:00Z')
    await beat(0, 1)
    at('2026-12-07T09:30:00Z')
    await beat(0, 1)
    expect(told()).toBe(2)
  })

  test('do not tell Monday’s digest on Tuesday because Slack took it so late', async () => {
    const { watch, at, beat, told } = await twoProcesses()
    await using _ = watch
    watch.slack.isBusy = () => true
    at('2026-11-30T09:00:00Z')
    await sendDigests(watch.machines[0]!)
    for (let hour = 0; hour < 16; hour++) await watch.pass(HOUR_MS, HOUR_MS)
    watch.slack.isBusy = () => false
    await beat(0, 1)
    await watch.pass(HOUR_MS, 10 * MINUTE_MS)
    expect(told()).toBe(0)
    expect(await watch.store.messages.failed()).toEqual([])
  })
})

test('where everything was connected after nine on Monday, there is no week to tell of', async () => {
  const clock = handClock(new Date('2026-11-23T09:00:01Z'))
  const linkedin = memoryProvider(clock, { name: 'linkedin' })
  await using watch = await aWatch({ clock, providers: [linkedin.provider] })
  await addConnection(watch.store, { addedAt: clock.now(), provider: 'linkedin', kind: 'ads' })
  expect(await sendDigests(watch.machines[0]!)).toBe(0)
})
