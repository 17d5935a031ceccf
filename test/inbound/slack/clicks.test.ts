import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { actions, button } from '../../../src/messages/blocks.ts'
import { redCard } from '../../../src/messages/red-card.ts'
import { rejectsCard } from '../../../src/messages/rejects-card.ts'
import { report } from '../../../src/messages/report.ts'
import { welcome } from '../../../src/messages/welcome.ts'
import { ANA, BEN, DEFAULT_PEOPLE, GUEST, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aCard, aConnection, aFinishedCatchUp, aListed, anOutage, LOOK } from '../../messages/a-card.ts'
import { aClient, aClock, aWorkspace } from '../../sandbox/slack/a-workspace.ts'
import { aRunningApp, nextAnswer, type Running, SOME_REJECTS } from './an-app.ts'

const STRANGER = 'U0STRANGER'
const SOME_REJECTED = aFinishedCatchUp({ rejected: 3 })
let slack: SlackWorkspace
let running: Running

beforeEach(async () => {
  slack = await aWorkspace({
    people: [...DEFAULT_PEOPLE, { id: STRANGER, name: 'sam', realName: 'Sam Other', tz: 'UTC', teamId: 'T0OTHER' }],
  })
  running = await aRunningApp(slack)
})
afterEach(async () => {
  await running.app.stop()
  await slack.close()
})

/** Posts a message as the app and tells where it is. */
async function posted(message: { text: string; blocks: readonly object[] }) {
  const { ts } = await aClient(slack).chat.postMessage({
    channel: MARKETING_OPS,
    text: message.text,
    blocks: message.blocks as never,
  })
  return { channel: MARKETING_OPS, ts: ts ?? '' }
}
const aRedCard = (reauthorizeUrl: string | null = 'https://redkey.example/reauthorize/card') =>
  posted(redCard(aCard({ reauthorizeUrl }), anOutage(), LOOK))
const asked = (name: string) => running.asked.filter(([question]) => question === name)

describe('Reauthorize', () => {
  test('opens the login, is acked, and is noted on the outage; nothing is said', async () => {
    const seen = await slack.click(BEN, await aRedCard(), 'reauthorize')
    expect(seen).toMatchObject({ acked: true, error: null, opened: 'https://redkey.example/reauthorize/card' })
    await expect.poll(() => asked('loginBegun')).toEqual([['loginBegun', 'T0ACME', 'out_1']])
    await running.app.stop()
    expect(slack.ephemerals(BEN)).toEqual([])
    expect(asked('reauthorizeLink')).toEqual([])
  })

  test('without an address answers with a personal link', async () => {
    const card = await aRedCard(null)
    const answer = await nextAnswer(slack, () => slack.click(BEN, card, 'reauthorize'), BEN)
    expect(JSON.stringify(answer.blocks)).toContain(`https://redkey.example/reauthorize/${BEN}`)
    expect(asked('reauthorizeLink')).toEqual([
      ['reauthorizeLink', 'T0ACME', expect.objectContaining({ id: BEN }), 'salesforce', 'out_1'],
    ])
    expect(asked('loginBegun')).toEqual([]) // nobody has opened it yet
  })

  test.each([
    [GUEST, 'Guests can’t use Redkey'],
    [STRANGER, 'Only members of this workspace'],
  ])('is refused to %s, and nothing is noted', async (userId, words) => {
    const card = await aRedCard(null)
    const answer = await nextAnswer(slack, () => slack.click(userId, card, 'reauthorize'), userId)
    expect(answer.text).toContain(words)
    expect(asked('loginBegun')).toEqual([])
    expect(asked('reauthorizeLink')).toEqual([])
  })
})

describe('Details', () => {
  test('tells how the connection is now, for the person alone', async () => {
    const card = await aRedCard()
    const answer = await nextAnswer(slack, () => slack.click(BEN, card, 'details'), BEN)
    expect(answer.text).toContain('salesforce (Salesforce, Acme Corp): Authorization Required')
    expect(JSON.stringify(answer.blocks)).toContain(`https://redkey.example/reauthorize/${BEN}`)
    expect(slack.messages(MARKETING_OPS)).toHaveLength(1)
  })

  test('of a connection that is gone, or of another workspace, says that there is nothing left', async () => {
    const blocks = (value: string) => ({
      text: 'x',
      blocks: [
        { type: 'actions', elements: [{ type: 'button', action_id: 'details', value, text: { type: 'plain_text', text: 'D' } }] },
      ],
    })
    const gone = await posted(blocks('con_gone'))
    expect((await nextAnswer(slack, () => slack.click(BEN, gone, 'details'), BEN)).text).toContain('nothing left to do')
    await running.app.stop()
    const foreign = aListed({ connection: aConnection({ teamId: 'T0OTHER' }) }).overview
    running = await aRunningApp(slack, {
      describeConnectionById: async () => ({
        kind: 'found',
        overview: foreign,
        history: [],
        rejects: [],
        crowdedOut: null,
        costs: null,
        tags: null,
      }),
    })
    const card = await posted(blocks('con_1'))
    expect((await nextAnswer(slack, () => slack.click(BEN, card, 'details'), BEN)).text).toContain('nothing left to do')
  })
})

describe('Start pushing', () => {
  test.each([
    [ANA, 'begins now'],
    [BEN, 'takes a workspace admin'],
  ])('asks the domain whether %s may', async (userId, words) => {
    const card = await posted(welcome(aCard({ connection: aConnection({ id: 'con_2', confirmedAt: null }) })))
    const answer = await nextAnswer(slack, () => slack.click(userId, card, 'confirm_connection'), userId)
    expect(answer.text).toContain(words)
    expect(asked('confirmConnection')).toEqual([
      ['confirmConnection', 'T0ACME', expect.objectContaining({ id: userId }), 'con_2'],
    ])
  })
})

describe('Details and Push on, where pushing has stopped', () => {
  const reason = { code: 'C', field: null, words: 'w', count: 200, message: 'w', key: 1, value: null, examples: ['tp_1'] }
  const alarm = {
    messageId: 'msg_1',
    connectionId: 'con_1',
    kind: 'stopped' as const,
    since: new Date(0),
    settledFrom: new Date(0),
    settled: 200,
    rejected: 200,
  }
  const aStop = (id = 'con_1') =>
    posted(
      rejectsCard(aCard({ connection: aConnection({ id }) }), { ...alarm, reasons: [reason], liftedBy: null, liftedAt: null }),
    )

  test.each([
    [ANA, 'goes on'],
    [BEN, 'takes the owner'],
  ])('ask the domain whether %s may push on', async (userId, words) => {
    const card = await aStop()
    const answer = await nextAnswer(slack, () => slack.click(userId, card, 'push_on'), userId)
    expect(answer.text).toContain(words)
    expect(asked('pushOn')).toEqual([['pushOn', 'T0ACME', expect.objectContaining({ id: userId }), 'con_1']])
  })

  test('show what is rejected by now, with a link of one’s own to the file', async () => {
    const card = await aStop()
    const answer = await nextAnswer(slack, () => slack.click(BEN, card, 'show_rejects'), BEN)
    expect(answer.text).toContain('Salesforce refused')
    expect(JSON.stringify(answer.blocks)).toContain(`https://redkey.example/rejects/${BEN}`)
  })

  test('say so when the connection is gone', async () => {
    const card = await aStop('con_gone')
    const answer = await nextAnswer(slack, () => slack.click(BEN, card, 'show_rejects'), BEN)
    expect(answer.text).toContain('nothing left to do')
  })

  test.each([
    [GUEST, 'Guests can’t use Redkey'],
    [STRANGER, 'Only members of this workspace'],
  ])('are refused to %s', async (userId, words) => {
    const card = await aStop()
    for (const actionId of ['push_on', 'show_rejects']) {
      const answer = await nextAnswer(slack, () => slack.click(userId, card, actionId), userId)
      expect(answer.text).toContain(words)
    }
    expect([...asked('pushOn'), ...asked('describeRejects')]).toEqual([])
  })
})

describe('Retry these and Download CSV', () => {
  const aReport = () =>
    posted(report(aCard({ connection: aConnection(), rejects: [SOME_REJECTS] }), null, aFinishedCatchUp({ rejected: 3 })))

  test('retry those of the reason that was clicked, for every full member', async () => {
    const card = await aReport()
    const answer = await nextAnswer(slack, () => slack.click(BEN, card, 'retry_rejects'), BEN)
    expect(answer.text).toContain('3 touchpoints wait again')
    expect(asked('retryRejectGroup')).toEqual([
      ['retryRejectGroup', 'T0ACME', expect.objectContaining({ id: BEN }), 'con_1', SOME_REJECTS.groupId],
    ])
  })

  test('give a link of one’s own from the channel, where no link is shown', async () => {
    const card = await aReport()
    expect(JSON.stringify(slack.messages(MARKETING_OPS))).not.toContain('/rejects/')
    const answer = await nextAnswer(slack, () => slack.click(BEN, card, 'download_rejects'), BEN)
    expect(JSON.stringify(answer.blocks)).toContain(`https://redkey.example/rejects/${BEN}`)
    const seen = await slack.click(BEN, { channel: MARKETING_OPS, ts: answer.ts }, 'download_rejects')
    expect(seen).toMatchObject({ acked: true, opened: `https://redkey.example/rejects/${BEN}` })
    await running.app.stop()
    expect(slack.ephemerals(BEN)).toHaveLength(1)
  })

  test.each([
    [GUEST, 'Guests can’t use Redkey'],
    [STRANGER, 'Only members of this workspace'],
  ])('are refused to %s', async (userId, words) => {
    const card = await aReport()
    for (const actionId of ['retry_rejects', 'download_rejects']) {
      const answer = await nextAnswer(slack, () => slack.click(userId, card, actionId), userId)
      expect(answer.text).toContain(words)
    }
    expect([...asked('retryRejectGroup'), ...asked('rejectsLink')]).toEqual([])
  })

  test('are refused while Slack can’t tell who clicks', async () => {
    await running.app.stop()
    running = await aRunningApp(slack, { person: async () => undefined })
    const card = await aReport()
    for (const actionId of ['retry_rejects', 'download_rejects']) {
      const answer = await nextAnswer(slack, () => slack.click(BEN, card, actionId), BEN)
      expect(answer.text).toContain('did not tell me who you are')
    }
    expect([...asked('retryRejectGroup'), ...asked('rejectsLink')]).toEqual([])
  })
})

describe('a reply that the channel sees too', () => {
  /** Whoever clicks it in the channel has not its thread open. */
  async function aReply(message = report(aCard({ connection: aConnection(), rejects: [SOME_REJECTS] }), null, SOME_REJECTED)) {
    const card = await aRedCard()
    const below = { thread_ts: card.ts, reply_broadcast: true, text: message.text, blocks: message.blocks as never }
    const { ts } = await aClient(slack).chat.postMessage({ channel: MARKETING_OPS, ...below })
    return { channel: MARKETING_OPS, ts: ts ?? '' }
  }

  test.each([
    ['details', BEN, 'Authorization Required'],
    ['details', GUEST, 'Guests can’t use Redkey'],
    ['retry_rejects', BEN, '3 touchpoints wait again'],
    ['download_rejects', BEN, `https://redkey.example/rejects/${BEN}`],
  ])('answers %s in a window, and not in the thread (%s)', async (actionId, userId, words) => {
    await slack.click(userId, await aReply(), actionId)
    const view = await slack.eventually(() => slack.view(userId))
    expect(JSON.stringify(view.blocks)).toContain(words)
    await running.app.stop()
    expect(slack.ephemerals(userId)).toEqual([])
  })

  test('says in a window that a button of a version long gone has nothing left to do', async () => {
    const reply = await aReply({ text: 'x', blocks: [actions(button('Old', 'long_gone' as never))] })
    await slack.click(BEN, reply, 'long_gone')
    const view = await slack.eventually(() => slack.view(BEN))
    expect(JSON.stringify(view.blocks)).toContain('nothing left to do')
  })

  test('says in a window that something went wrong', async () => {
    await running.app.stop()
    running = await aRunningApp(slack, { describeConnectionById: () => Promise.reject(new Error('broken')) })
    await slack.click(BEN, await aReply(), 'details')
    const view = await slack.eventually(() => slack.view(BEN))
    expect(JSON.stringify(view.blocks)).toContain('Something went wrong')
  })

  test('answers in the thread when it is too late for a window', async () => {
    await running.app.stop()
    await slack.close()
    const clock = aClock()
    slack = await aWorkspace({ now: clock.now })
    const slow = Promise.withResolvers<undefined>()
    running = await aRunningApp(slack, { person: () => slow.promise })
    const reply = await aReply()
    await slack.click(BEN, reply, 'details')
    clock.turn(4_000)
    slow.resolve(undefined)
    const answer = await slack.eventually(() => slack.ephemerals(BEN)[0])
    expect(answer.text).toContain('Authorization Required')
    expect(slack.view(BEN)).toBeNull()
  })
})

test('the list turns its page in place', async () => {
  await running.app.stop()
  const many = Array.from({ length: 20 }, (_, index) => aListed({ connection: aConnection({ name: `crm-${index}` }) }).overview)
  running = await aRunningApp(slack, { listConnections: async () => many })
  const list = await nextAnswer(slack, () => slack.command(ANA, MARKETING_OPS, ''))
  await slack.click(ANA, { channel: MARKETING_OPS, ts: list.ts }, 'list_page')
  const second = await slack.eventually(() =>
    slack.ephemerals(ANA).find(({ blocks }) => JSON.stringify(blocks).includes('*crm-19*')),
  )
  expect(second.ts).toBe(list.ts)
  expect(slack.ephemerals(ANA)).toHaveLength(1)
})

test('the Connect button of add opens the login, and its message says where it went and how to get another', async () => {
  const reply = await nextAnswer(slack, () => slack.command(ANA, MARKETING_OPS, 'add salesforce'))
  const seen = await slack.click(ANA, { channel: MARKETING_OPS, ts: reply.ts }, 'connect')
  expect(seen).toMatchObject({ acked: true, opened: `https://redkey.example/connect/${ANA}` })
  const left = await slack.eventually(() => slack.ephemerals(ANA).find(({ text }) => text.includes('opened in your browser')))
  expect(left.ts).toBe(reply.ts)
  expect(left.text).toContain('Salesforce login')
  expect(left.text).toContain('`/connections add salesforce`')
  expect(JSON.stringify(left.blocks)).not.toContain('"button"')
  expect(slack.ephemerals(ANA)).toHaveLength(1)
})

test('a Connect button from before it carried anything is replaced, too', async () => {
  const connect = button('Connect', 'connect', { url: 'https://redkey.example/connect/old' })
  await aClient(slack).chat.postEphemeral({ channel: MARKETING_OPS, user: BEN, text: 'x', blocks: [actions(connect)] as never })
  const [old] = slack.ephemerals(BEN)
  await slack.click(BEN, { channel: MARKETING_OPS, ts: old!.ts }, 'connect')
  const left = await slack.eventually(() => slack.ephemerals(BEN).find(({ text }) => text.includes('opened in your browser')))
  expect(left.text).toContain('`/connections add`')
})

test('a button of a version long gone still answers', async () => {
  const old = await posted({
    text: 'x',
    blocks: [
      { type: 'actions', elements: [{ type: 'button', action_id: 'ancient', text: { type: 'plain_text', text: 'Old' } }] },
    ],
  })
  const answer = await nextAnswer(slack, () => slack.click(BEN, old, 'ancient'), BEN)
  expect(answer.text).toBe('This button has nothing left to do. `/connections` shows how things are now.')
})

test('a known button gets one answer, not the one for old buttons too', async () => {
  const card = await aRedCard()
  await nextAnswer(slack, () => slack.click(BEN, card, 'details'), BEN)
  await running.app.stop()
  expect(slack.ephemerals(BEN)).toHaveLength(1)
})

test('an answer goes another way when the response address has run out', async () => {
  await running.app.stop()
  await slack.close()
  const clock = aClock()
  slack = await aWorkspace({ now: clock.now })
  const slow = Promise.withResolvers<void>()
  running = await aRunningApp(slack, { loginBegun: () => slow.promise })
  const card = await aRedCard(null)
  await slack.click(BEN, card, 'reauthorize')
  clock.turn(31 * 60_000)
  slow.resolve()
  const answer = await slack.eventually(() => slack.ephemerals(BEN)[0])
  expect(answer.text).toContain('Log in again to Acme Corp')
  expect(slack.calls.at(-1)).toMatchObject({ method: 'chat.postEphemeral', answer: 'ok' })
})

describe('the Home tab', () => {
  test('shows the list to whoever opens it, and Details opens a window', async () => {
    expect(await slack.openHome(BEN)).toMatchObject({ acked: true })
    const home = await slack.eventually(() => slack.home(BEN))
    expect(JSON.stringify(home.blocks)).toContain(`https://redkey.example/reauthorize/${BEN}`)
    await slack.click(BEN, 'home', 'details', { value: 'con_1' })
    const view = await slack.eventually(() => slack.view(BEN))
    expect(JSON.stringify(view.blocks)).toContain('Authorization Required')
  })

  test('shows a guest why there is nothing', async () => {
    await slack.openHome(GUEST)
    const home = await slack.eventually(() => slack.home(GUEST))
    expect(JSON.stringify(home.blocks)).toContain('Guests can’t use Redkey')
    expect(JSON.stringify(home.blocks)).not.toContain('salesforce')
  })

  test('turns its pages', async () => {
    await running.app.stop()
    const many = Array.from({ length: 20 }, (_, index) => aListed({ connection: aConnection({ name: `crm-${index}` }) }).overview)
    running = await aRunningApp(slack, { listConnections: async () => many })
    await slack.openHome(BEN)
    await slack.eventually(() => slack.home(BEN))
    await slack.click(BEN, 'home', 'list_page')
    await slack.eventually(() => JSON.stringify(slack.home(BEN)?.blocks).includes('*crm-19*'))
  })

  test('is left alone when only the Messages tab is opened', async () => {
    await slack.sendEvent({ type: 'app_home_opened', user: BEN, channel: 'D1', tab: 'messages', event_ts: '1.1' })
    await running.app.stop()
    expect(slack.home(BEN)).toBeNull()
  })
})
