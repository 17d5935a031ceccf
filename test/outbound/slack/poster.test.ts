import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Poster } from '../../../src/outbound/slack/poster.ts'
import { BEN, GUEST, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aCard, aFinishedCatchUp, aMessage, anOutage, aReauthorizedOutage } from '../../messages/a-card.ts'
import { aWorkspace } from '../../sandbox/slack/a-workspace.ts'
import { aPoster } from './a-poster.ts'

const CHANNEL = { channelId: MARKETING_OPS, threadTs: null, broadcast: false }

let slack: SlackWorkspace
let poster: Poster
let turn: (ms: number) => void

beforeEach(async () => {
  slack = await aWorkspace()
  const made = aPoster(slack.apiUrl)
  poster = made.poster
  turn = made.clock.turn
})
afterEach(() => slack.close())

/** Posts the red card and turns the clock past the channel's second. */
async function aPostedCard(): Promise<{ channelId: string; ts: string }> {
  const posting = await poster.post(CHANNEL, aCard())
  turn(1000)
  if (posting.kind !== 'shown') throw new Error(`Not shown: ${JSON.stringify(posting)}`)
  return posting
}

test('no card is edited before the time that Slack asked for', async () => {
  const place = await aPostedCard()
  slack.faults.rateLimit({ retryAfterSeconds: 20 })
  expect(await poster.update(place, aCard())).toEqual({ kind: 'later', afterMs: 20_000, reason: 'ratelimited' })
  turn(15_000)
  expect(await poster.update(place, aCard())).toEqual({ kind: 'later', afterMs: 5000, reason: 'edits_busy' })
  turn(5000)
  expect(await poster.update(place, aCard())).toMatchObject({ kind: 'shown' })
  expect(slack.calls.filter(({ method }) => method === 'chat.update')).toHaveLength(2)
})

describe('a post', () => {
  test('shows the card, with a marker by which it can be found again', async () => {
    const posting = await poster.post(CHANNEL, aCard())
    const [message] = slack.messages(MARKETING_OPS)
    expect(posting).toEqual({ kind: 'shown', ts: message?.ts, channelId: MARKETING_OPS })
    expect(message?.text).toContain('Salesforce needs authorization')
    expect(message?.metadata).toEqual({ event_type: 'redkey_card', event_payload: { message_id: 'msg_1' } })
    expect(slack.calls.at(-1)?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' })
  })

  test('goes to the thread, and to the channel too when it is to be broadcast', async () => {
    const { ts } = await aPostedCard()
    const report = aCard({ message: aMessage({ id: 'msg_2', kind: 'report' }), catchUp: aFinishedCatchUp(), outage: null })
    await poster.post({ channelId: MARKETING_OPS, threadTs: ts, broadcast: true }, report)
    turn(1000)
    await poster.post({ channelId: MARKETING_OPS, threadTs: ts, broadcast: false }, report)
    expect(slack.thread(MARKETING_OPS, ts).map((reply) => reply.broadcast)).toEqual([true, false])
    expect(slack.timeline(MARKETING_OPS)).toHaveLength(2)
  })

  test.each(['thread_not_found', 'cannot_reply_to_message', 'message_not_found'])(
    'goes to the channel when its thread is gone (%s)',
    async (code) => {
      const { ts } = await aPostedCard()
      slack.faults.refuse(code)
      const posting = await poster.post({ channelId: MARKETING_OPS, threadTs: ts, broadcast: true }, aCard())
      const [, message] = slack.timeline(MARKETING_OPS)
      expect(posting).toEqual({ kind: 'shown', ts: message?.ts, channelId: MARKETING_OPS })
      expect(message).toMatchObject({ threadTs: null, broadcast: false })
      expect(slack.thread(MARKETING_OPS, ts)).toEqual([])
    },
  )

  test('whose thread and channel are gone says what the channel’s refusal means', async () => {
    slack.faults.refuse('thread_not_found')
    slack.faults.archive(MARKETING_OPS)
    const posting = await poster.post({ channelId: MARKETING_OPS, threadTs: '1.1', broadcast: false }, aCard())
    expect(posting).toEqual({ kind: 'unreachable', reason: 'is_archived' })
  })

  test('waits as long as Slack asked, whatever else is to be posted there', async () => {
    slack.faults.rateLimit({ retryAfterSeconds: 30 })
    expect(await poster.post(CHANNEL, aCard())).toEqual({ kind: 'later', afterMs: 30_000, reason: 'ratelimited' })
    turn(29_000)
    expect(await poster.post(CHANNEL, aCard())).toEqual({ kind: 'later', afterMs: 1000, reason: 'channel_busy' })
    expect(await poster.post({ ...CHANNEL, channelId: 'C0GENERAL' }, aCard())).toMatchObject({ kind: 'shown' })
    turn(1000)
    expect(await poster.post(CHANNEL, aCard())).toMatchObject({ kind: 'shown' })
    expect(slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(3)
  })

  test('waits for its turn: one a second in a channel, by the answer, not by sleeping', async () => {
    expect(await poster.post(CHANNEL, aCard())).toMatchObject({ kind: 'shown' })
    turn(400)
    expect(await poster.post(CHANNEL, aCard())).toEqual({ kind: 'later', afterMs: 600, reason: 'channel_busy' })
    expect(await poster.post({ ...CHANNEL, channelId: 'C0GENERAL' }, aCard())).toMatchObject({ kind: 'shown' })
    turn(600)
    expect(await poster.post(CHANNEL, aCard())).toMatchObject({ kind: 'shown' })
    expect(slack.messages(MARKETING_OPS)).toHaveLength(2)
  })

  test('is made once: no call is repeated behind our back', async () => {
    slack.faults.httpError({ status: 503, times: 5 })
    expect(await poster.post(CHANNEL, aCard())).toEqual({ kind: 'later', afterMs: null, reason: 'http_503' })
    expect(slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1)
  })

  test('waits as long as Slack says', async () => {
    slack.faults.rateLimit({ retryAfterSeconds: 7 })
    expect(await poster.post(CHANNEL, aCard())).toEqual({ kind: 'later', afterMs: 7000, reason: 'ratelimited' })
    turn(7000)
    slack.faults.rateLimit({ retryAfterSeconds: null })
    expect(await poster.post(CHANNEL, aCard())).toEqual({ kind: 'later', afterMs: null, reason: 'ratelimited' })
  })

  test.each([
    ['the answer never comes', 'commitThenHang'],
    ['the link breaks after the work is done', 'commitThenReset'],
    ['the link breaks before an answer', 'reset'],
    ['Slack says internal_error', 'internalError'],
  ] as const)('may exist when %s', async (_when, fault) => {
    slack.faults[fault]()
    expect(await poster.post(CHANNEL, aCard())).toMatchObject({ kind: 'uncertain' })
  })

  test('does not exist when Slack could not be reached', async () => {
    await slack.close()
    expect(await poster.post(CHANNEL, aCard())).toEqual({ kind: 'later', afterMs: null, reason: 'ECONNREFUSED' })
  })

  test.each([
    ['an archived channel', () => slack.faults.archive(MARKETING_OPS), { kind: 'unreachable', reason: 'is_archived' }],
    [
      'a channel that the bot left',
      () => slack.faults.removeBot(MARKETING_OPS),
      { kind: 'unreachable', reason: 'not_in_channel' },
    ],
    ['a revoked token', () => slack.faults.revokeBotToken(), { kind: 'token_refused', reason: 'token_revoked' }],
    ['a missing scope', () => slack.faults.setScopes(['commands']), { kind: 'token_refused', reason: 'missing_scope' }],
    [
      'a restricted channel',
      () => slack.faults.refuse('restricted_action'),
      { kind: 'unreachable', reason: 'restricted_action' },
    ],
    [
      'a code nobody knows',
      () => slack.faults.refuse('some_new_code'),
      { kind: 'later', afterMs: null, reason: 'some_new_code' },
    ],
  ])('tells %s', async (_what, breakIt, answer) => {
    breakIt()
    expect(await poster.post(CHANNEL, aCard())).toEqual(answer)
  })

  test('that Slack finds wrong comes back with Slack’s reason', async () => {
    const tooLong = aCard({ reauthorizeUrl: `https://redkey.example/${'x'.repeat(3000)}` })
    const posting = await poster.post(CHANNEL, tooLong)
    expect(posting).toMatchObject({ kind: 'unacceptable', reason: expect.stringMatching(/^invalid_blocks .*\/url/) })
  })
})

describe('an edit', () => {
  test('shows the new state in place', async () => {
    const place = await aPostedCard()
    const done = aCard({ outage: aReauthorizedOutage(), catchUp: aFinishedCatchUp() })
    expect(await poster.update(place, done)).toEqual({ kind: 'shown', ...place })
    const [message] = slack.messages(MARKETING_OPS)
    expect(message?.versions).toHaveLength(2)
    expect(JSON.stringify(message?.blocks)).toContain('accounted for')
    expect(message?.isMarkedEdited).toBe(false)
  })

  test('is not held back by posts of the same second', async () => {
    const posting = await poster.post(CHANNEL, aCard())
    if (posting.kind !== 'shown') throw new Error('Not shown')
    expect(await poster.update(posting, aCard())).toMatchObject({ kind: 'shown' })
  })

  test('of a deleted message says so', async () => {
    const place = await aPostedCard()
    slack.faults.deleteMessage(place.channelId, place.ts)
    expect(await poster.update(place, aCard())).toEqual({ kind: 'gone' })
  })

  test.each(['edit_window_closed', 'cant_update_message'] as const)('that is forbidden says so (%s)', async (code) => {
    const place = await aPostedCard()
    slack.faults.forbidEditing(code)
    expect(await poster.update(place, aCard())).toEqual({ kind: 'edit_forbidden' })
  })

  test.each(['commitThenHang', 'commitThenReset', 'internalError'] as const)('is simply done again after %s', async (fault) => {
    const place = await aPostedCard()
    slack.faults[fault]()
    expect(await poster.update(place, aCard({ outage: anOutage() }))).toMatchObject({ kind: 'later' })
    expect(await poster.update(place, aCard())).toMatchObject({ kind: 'shown' })
  })
})

describe('who', () => {
  test('the bot is', async () => {
    expect(await poster.whoAmI()).toMatchObject({ teamId: 'T0ACME', name: 'Acme', botUserId: 'U0REDKEY' })
    slack.faults.revokeBotToken()
    expect(await poster.whoAmI()).toBeUndefined()
  })

  test('a person is, asked at most every five minutes', async () => {
    const asked = () => slack.calls.filter(({ method }) => method === 'users.info').length
    expect(await poster.person(BEN)).toMatchObject({
      id: BEN,
      teamId: 'T0ACME',
      isGuest: false,
      isAdmin: false,
      timeZone: 'Europe/London',
      groups: [],
    })
    expect(await poster.person(GUEST)).toMatchObject({ isGuest: true })
    await poster.person(BEN)
    expect(asked()).toBe(2)
    slack.faults.deactivate(BEN)
    turn(5 * 60_000)
    expect(await poster.person(BEN)).toMatchObject({ isDeactivated: true })
    expect(asked()).toBe(3)
  })

  test('nobody can tell without the scope, and Slack is not asked again and again', async () => {
    slack.faults.setScopes(['chat:write'])
    expect(await poster.person(BEN)).toBeUndefined()
    expect(await poster.person(BEN)).toBeUndefined()
    expect(slack.calls.filter(({ method }) => method === 'users.info')).toHaveLength(1)
  })

  test('a failure is not remembered', async () => {
    slack.faults.httpError()
    expect(await poster.person(BEN)).toBeUndefined()
    expect(await poster.person(BEN)).toMatchObject({ id: BEN })
  })
})
