import { afterEach, describe, expect, test } from 'vitest'
import { DEFAULT_CHANNELS, DEFAULT_PEOPLE, GENERAL, GUEST, MARKETING_OPS, PARTNER } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aWorkspace, BOT_TOKEN } from '../../sandbox/slack/a-workspace.ts'
import { aPoster } from './a-poster.ts'

const TEN_MINUTES = 10 * 60_000
const READING = ['chat:write', 'users:read', 'channels:read', 'groups:read']
const PRIVATE = { id: 'G0PRIVATE', name: 'private', isPrivate: true, members: DEFAULT_PEOPLE.map(({ id }) => id) }

let slack: SlackWorkspace
afterEach(() => slack.close())

async function aChannel(over: Parameters<typeof aWorkspace>[0] = {}) {
  slack = await aWorkspace({ scopes: READING, channels: [...DEFAULT_CHANNELS, PRIVATE], ...over })
  const { poster, clock } = aPoster(slack.apiUrl, BOT_TOKEN, [])
  const asked = () => slack.calls.map(({ method }) => method)
  return { poster, clock, asked }
}

const WITHOUT_GUESTS = { people: DEFAULT_PEOPLE.filter(({ id }) => id !== GUEST) }

describe('who sees a channel', () => {
  test('guests do, in public and in private channels', async () => {
    const { poster } = await aChannel()
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(true)
    expect(await poster.hasOutsiders(PRIVATE.id)).toBe(true)
  })

  test('nobody from outside does where all are full members', async () => {
    const { poster } = await aChannel(WITHOUT_GUESTS)
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(false)
  })

  test('a guest of the workspace who is in another channel does not count', async () => {
    const members = DEFAULT_PEOPLE.map(({ id }) => id).filter((id) => id !== GUEST)
    const { poster } = await aChannel({ channels: [{ id: GENERAL, name: 'general', members }] })
    expect(await poster.hasOutsiders(GENERAL)).toBe(false)
  })

  test('people of a company that the channel is shared with do', async () => {
    const { poster, asked } = await aChannel({ people: [...WITHOUT_GUESTS.people, PARTNER] })
    slack.faults.share(MARKETING_OPS)
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(true)
    expect(asked()).toEqual(['conversations.info'])
  })

  test('Slack is asked every ten minutes, and answered with what is known meanwhile', async () => {
    const { poster, clock, asked } = await aChannel(WITHOUT_GUESTS)
    await poster.hasOutsiders(MARKETING_OPS)
    slack.faults.share(MARKETING_OPS)
    const before = asked().length
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(false)
    expect(asked()).toHaveLength(before)
    clock.turn(TEN_MINUTES)
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(false) // the newer answer is on its way
    await slack.eventually(() => asked().length > before)
    await expect.poll(() => poster.hasOutsiders(MARKETING_OPS)).toBe(true)
  })

  test('without the scope nobody is known to, and Slack is not asked again and again', async () => {
    const { poster, asked } = await aChannel({ scopes: ['chat:write', 'users:read'] })
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(false)
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(false)
    expect(asked()).toEqual(['conversations.info'])
  })

  test('a failure keeps what was known, and Slack is asked again soon', async () => {
    const { poster, clock } = await aChannel()
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(true)
    clock.turn(TEN_MINUTES)
    slack.faults.httpError({ method: 'conversations.info' })
    expect(await poster.hasOutsiders(MARKETING_OPS)).toBe(true)
  })
})
