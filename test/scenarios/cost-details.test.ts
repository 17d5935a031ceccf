import { WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS, later, MINUTE_MS } from '../../src/clock.ts'
import type { Connection } from '../../src/domain/connections/connection.ts'
import { addDays, dayIn } from '../../src/domain/day.ts'
import { DETAILS_ACTION } from '../../src/messages/action-ids.ts'
import { button } from '../../src/messages/blocks.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { addConnection } from '../support/builders.ts'
import { aWorld, type World } from '../support/world.ts'

const SCOPES = ['chat:write', 'commands', 'users:read']
let world: World
let ads: Connection

/** Long enough for a machine that has much else to do. */
async function begin(scopes: readonly string[], pictureWaitMs = 15_000) {
  world = await aWorld({ slack: { scopes }, pictureWaitMs })
  const { teamId } = world.slack.identity
  ads = await addConnection(world.store, { teamId, name: 'google-ads', provider: 'google-ads', kind: 'ads' })
}
afterEach(() => world[Symbol.asyncDispose]())

/** Downloads the last ten days, of which each cost `micros`. */
async function download(micros = 5_000_000n) {
  const now = world.clock.now()
  const today = dayIn('Europe/Berlin', now)
  const days = { from: addDays(today, -9), to: today }
  const [due] = await world.store.costs.claim(now, later(now, 10_000), 'me', 1)
  const begun = (await world.store.costs.begin(due!.download, 'me', { currency: 'EUR', timeZone: 'Europe/Berlin' }, days))!
  const rows = [...Array(10).keys()].map((back) => ({
    day: addDays(today, -back),
    campaignId: '7',
    campaignName: 'Brand',
    micros,
    clicks: 1,
    impressions: 1,
  }))
  await world.store.costs.take(begun, rows)
  const lost = { from: addDays(today, -11), to: addDays(today, -10) }
  await world.store.costs.complete(begun, 'me', { lost, restatedAt: now, at: now, dueAt: later(now, HOUR_MS) })
}

async function ask(name = 'google-ads') {
  const before = world.slack.ephemerals(ANA).length
  await world.slack.command(ANA, MARKETING_OPS, name)
  const answer = await world.slack.eventually(() => world.slack.ephemerals(ANA)[before])
  return { ...answer, picture: pictureIn(answer.blocks), shown: JSON.stringify(answer.blocks) }
}

function bot(): WebClient {
  return new WebClient(world.config.slack.botToken ?? '', { slackApiUrl: world.slack.apiUrl })
}

function pictureIn(blocks: readonly object[]): { id: string; alt: string } | undefined {
  const found = blocks.find((block) => 'slack_file' in block) as { slack_file: { id: string }; alt_text: string } | undefined
  return found && { id: found.slack_file.id, alt: found.alt_text }
}

const called = (method: string) => world.slack.calls.filter((call) => call.method === method).length
const uploads = () => called('files.getUploadURLExternal')

describe('with files:write', () => {
  beforeEach(async () => {
    await begin([...SCOPES, 'files:write'])
    await download()
  })

  test('/connections <name> shows the days as a picture that Slack has, and the text tells the same', async () => {
    const answer = await ask()
    expect(answer.picture?.alt).toContain('50.00 EUR on the 10 days that are known, at most 5.00 EUR')
    const picture = await fetch(`${world.slack.url}/files/${answer.picture?.id}`)
    const png = Buffer.from(await picture.arrayBuffer())
    expect(picture.headers.get('content-type')).toBe('image/png')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 360])
    expect(answer.shown).toContain('*Costs of the last 30 days: 50.00 EUR on the 10 days that are known*')
    expect(answer.shown).not.toContain('█')
    expect(answer.text).toContain('9 days complete, 1 incomplete, 18 not downloaded and 2 lost')
    expect(world.slack.messages(MARKETING_OPS)).toEqual([])
  })

  test('the same picture is uploaded once, and a new one after the next download', async () => {
    const [first, second] = [await ask(), await ask()]
    expect([first.picture?.id, uploads()]).toEqual([second.picture?.id, 1])
    world.turn(2 * HOUR_MS)
    await download(7_000_000n)
    const third = await ask()
    expect(third.picture?.alt).toContain('at most 7.00 EUR')
    expect(third.picture?.id).not.toBe(first.picture?.id)
    expect(uploads()).toBe(2)
  })

  test('two who ask at once wait for one upload', async () => {
    await Promise.all([
      world.slack.command(ANA, MARKETING_OPS, 'google-ads'),
      world.slack.command(ANA, MARKETING_OPS, 'google-ads'),
    ])
    await world.slack.eventually(() => world.slack.ephemerals(ANA).length === 2)
    expect(uploads()).toBe(1)
  })

  test('a picture that Slack has to look through first is shown as soon as it has', async () => {
    world.slack.faults.lookThroughFilesLate(2)
    expect((await ask()).picture).toBeDefined()
    expect(uploads()).toBe(1)
  })

  test('one that Slack does not show in time is drawn as text, and shown the next time', async () => {
    world.slack.faults.lookThroughFilesLate()
    const first = await ask()
    expect(first.picture).toBeUndefined()
    expect(first.shown).toContain('██████████`')
    world.slack.faults.clear()
    expect((await ask()).picture).toBeDefined()
    expect(uploads()).toBe(1)
  })

  test('one that is gone from Slack is drawn as text, and uploaded anew the next time', async () => {
    await ask()
    world.slack.faults.deleteFiles()
    world.turn(2 * MINUTE_MS)
    expect((await ask()).shown).toContain('██████████`')
    expect((await ask()).picture).toBeDefined()
    expect(uploads()).toBe(2)
  })

  test('where the workspace takes no files, the days are text, and nothing is drawn for some minutes', async () => {
    world.slack.faults.refuse('file_uploads_disabled', { method: 'files.getUploadURLExternal', times: 1 })
    for (const _ of [1, 2]) expect((await ask()).shown).toContain('██████████`')
    expect(uploads()).toBe(1)
    world.turn(11 * MINUTE_MS)
    expect((await ask()).picture).toBeDefined()
  })

  test.each(['files.getUploadURLExternal', 'files.completeUploadExternal'])(
    'when %s is not answered, the days are text, and the next try is not held back',
    async (method) => {
      world.slack.faults.reset({ method })
      expect((await ask()).shown).toContain('██████████`')
      expect((await ask()).picture).toBeDefined()
    },
  )

  test('a window from the Home tab is there at once, and gets the picture when it is', async () => {
    world.slack.faults.lookThroughFilesLate(1)
    await world.slack.openHome(ANA)
    await world.slack.eventually(() => world.slack.home(ANA))
    await world.slack.click(ANA, 'home', DETAILS_ACTION)
    await world.slack.eventually(() => {
      const view = world.slack.view(ANA)
      return view && pictureIn(view.blocks)
    })
    const opened = world.slack.calls.find(({ method }) => method === 'views.open')
    expect(JSON.stringify(opened?.args)).toContain('██████████`')
  })

  test('where the bot may not write, the picture comes all the same', async () => {
    world.slack.faults.removeBot(MARKETING_OPS)
    expect((await ask()).picture).toBeDefined()
    world.slack.faults.lookThroughFilesLate()
    world.turn(2 * HOUR_MS)
    await download(9_000_000n)
    expect((await ask()).shown).toContain('██████████`')
  })

  test('Details on a reply is answered in a window, and on a card with replies in the channel', async () => {
    const blocks = [{ type: 'actions', elements: [button('Details', DETAILS_ACTION, { value: ads.id })] }] as never
    const card = await bot().chat.postMessage({ channel: MARKETING_OPS, text: 'card', blocks })
    const below = { thread_ts: card.ts ?? '', reply_broadcast: true }
    const reply = await bot().chat.postMessage({ channel: MARKETING_OPS, text: 'costs', blocks, ...below })
    await world.slack.click(ANA, { channel: MARKETING_OPS, ts: reply.ts ?? '' }, DETAILS_ACTION)
    await world.slack.eventually(() => pictureIn(world.slack.view(ANA)?.blocks ?? []))
    expect(world.slack.ephemerals(ANA)).toEqual([])
    await world.slack.click(ANA, { channel: MARKETING_OPS, ts: card.ts ?? '' }, DETAILS_ACTION)
    const answer = await world.slack.eventually(() => world.slack.ephemerals(ANA)[0])
    expect(pictureIn(answer.blocks)).toBeDefined()
    expect(answer.threadTs).toBeNull()
  })

  test('what is no ad platform has no costs, and one that was never downloaded says so', async () => {
    const { teamId } = world.slack.identity
    await addConnection(world.store, { teamId, name: 'salesforce' })
    await addConnection(world.store, { teamId, name: 'meta', provider: 'meta', kind: 'ads' })
    expect((await ask('salesforce')).shown).not.toContain('osts')
    expect((await ask('meta')).shown).toContain('*Costs*: none have been downloaded yet.')
    expect(uploads()).toBe(0)
  })
})

describe('without files:write', () => {
  beforeEach(async () => {
    await begin(SCOPES)
    await download()
  })

  test('the days are text, Slack is not asked to take a file, and a right given later counts', async () => {
    const answer = await ask()
    expect(answer.picture).toBeUndefined()
    expect(answer.shown).toContain(`\`${'·'.repeat(18)}××${'█'.repeat(10)}\``)
    expect(answer.shown).toContain('`·` not downloaded, `×` lost')
    await ask()
    expect([uploads(), called('auth.test') > 0]).toEqual([0, true])
    world.slack.faults.setScopes([...SCOPES, 'files:write'])
    world.turn(11 * MINUTE_MS)
    expect((await ask()).picture).toBeDefined()
  })

  test('a failed try is told', async () => {
    world.turn(2 * HOUR_MS)
    const now = world.clock.now()
    const [due] = await world.store.costs.claim(now, later(now, 10_000), 'me', 1)
    await world.store.costs.fail(due!.download, 'me', 'Google Ads has no time today.', later(now, HOUR_MS))
    const { shown, text } = await ask()
    expect(due?.connection.id).toBe(ads.id)
    for (const told of [shown, text]) expect(told).toContain('The last try failed: Google Ads has no time today.')
  })
})

test('when Slack is slow to take the picture, the answer does not wait for it', async () => {
  await begin([...SCOPES, 'files:write'], 100)
  await download()
  world.slack.faults.commitThenHang({ method: 'files.completeUploadExternal' })
  const answer = await ask()
  expect(answer.picture).toBeUndefined()
  expect(answer.shown).toContain('██████████`')
})
