import { afterEach, expect, test } from 'vitest'
import type { Panel } from '../../../src/sandbox/slack/panel.ts'
import { ANA, BEN, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspaceOptions } from '../../../src/sandbox/slack/workspace.ts'
import { aClient, anApp, aWorkspace } from './a-workspace.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function aPage(options: Partial<SlackWorkspaceOptions> = {}) {
  const slack = await aWorkspace(options)
  stops.push(slack.close)
  const at = (as: string, thread = '') => `as=${as}&at=${MARKETING_OPS}&thread=${thread}`
  const shell = async (as = ANA) => (await fetch(`${slack.url}/?${at(as)}`)).text()
  const parts = async (as = ANA, thread = '') =>
    (await (await fetch(`${slack.url}/page/parts?${at(as, thread)}`)).json()) as Record<
      'feed' | 'thread' | 'modal' | 'panel' | 'sidebar',
      string
    >
  const act = async (request: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${slack.url}/page/act`, {
      method: 'POST',
      body: JSON.stringify({ as: ANA, channel: MARKETING_OPS, ...request }),
      headers,
    })
    return response.status === 200 ? ((await response.json()) as { say: string | null; isBad: boolean }) : response.status
  }
  return { slack, client: aClient(slack), shell, parts, act }
}

const nasty = '<script>alert(1)</script><!channel>"\'&'

test('hostile names and texts become text', async () => {
  const person = { id: ANA, name: 'x', realName: nasty, tz: 'UTC', isAdmin: true }
  const { slack, client, shell } = await aPage({
    people: [person],
    channels: [{ id: MARKETING_OPS, name: nasty, topic: nasty }],
    commandHints: [nasty],
    panel: {
      groups: () => [{ title: nasty, note: nasty, controls: [{ id: nasty, label: nasty, kind: 'button' }] }],
      run: async () => nasty,
    },
  })
  slack.post(ANA, MARKETING_OPS, nasty)
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: nasty } },
    { type: 'section', text: { type: 'mrkdwn', text: nasty } },
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: nasty, value: nasty, text: { type: 'plain_text', text: nasty } }],
    },
  ]
  await client.chat.postMessage({
    channel: MARKETING_OPS,
    text: nasty,
    blocks,
    attachments: [{ color: '#000"><script>', title: nasty, text: nasty, fallback: 'x' }],
  } as never)
  const page = await shell()
  expect(page.match(/<script/g)).toHaveLength(1)
  expect(page).toContain('<script src="/assets/page.client.js" type="module"></script>')
  expect(page).not.toMatch(/<[^>]+\son\w+=/)
})

test('the page runs no script but its own', async () => {
  const { slack } = await aPage()
  const { headers } = await fetch(slack.url)
  expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  for (const asset of ['page.css', 'blocks.css', 'page.client.js', 'page-scroll.client.js', 'icon.svg']) {
    expect((await fetch(`${slack.url}/assets/${asset}`)).status).toBe(200)
  }
})

test('a person sees cards, replies and their own ephemeral messages', async () => {
  const { client, parts } = await aPage()
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'The card' })
  await client.chat.postMessage({ channel: MARKETING_OPS, text: 'A reminder', thread_ts: ts as string })
  await client.chat.postMessage({ channel: MARKETING_OPS, text: 'The report', thread_ts: ts as string, reply_broadcast: true })
  await client.chat.postEphemeral({ channel: MARKETING_OPS, user: ANA, text: 'For Ana' })
  const { feed, thread } = await parts(ANA, ts as string)
  expect(feed).toContain('The card')
  expect(feed).toContain('2 replies')
  expect(feed).not.toContain('A reminder')
  expect(feed).toMatch(/replied to <a[^>]*>a thread[\s\S]*The report/)
  expect(feed).toMatch(/Only visible to you[\s\S]*For Ana/)
  expect(thread).toMatch(/The card[\s\S]*A reminder[\s\S]*Also sent to the channel[\s\S]*The report/)
  expect((await parts(BEN)).feed).not.toContain('For Ana')
})

test('the composer sends messages and commands, and says why a command failed', async () => {
  const { slack, act } = await aPage()
  await act({ do: 'send', text: 'Hello <b>' })
  expect(slack.messages(MARKETING_OPS)).toMatchObject([{ text: 'Hello &lt;b&gt;', user: ANA, byBot: false }])
  expect(await act({ do: 'send', text: '/connections list' })).toEqual({
    say: '/connections failed with the error "dispatch_failed"',
    isBad: true,
  })
  expect(await act({ do: 'send', text: '/nothing' })).toMatchObject({ say: '/nothing is not a valid command.' })
  expect(await act({ do: 'send', text: '/connections list', threadTs: '1.1' })).toMatchObject({ isBad: true })
  const app = anApp(slack)
  stops.push(() => app.stop())
  app.command('/connections', async ({ ack, command }) => ack(`heard ${command.text}`))
  await app.start()
  expect(await act({ do: 'send', text: '/connections check hubspot' })).toEqual({ say: null, isBad: false })
  expect(slack.ephemerals(ANA)).toMatchObject([{ text: 'heard check hubspot' }])
})

test('a modal is drawn with its fields, and a field error beside the field', async () => {
  const { slack, parts, act } = await aPage()
  const app = anApp(slack)
  stops.push(() => app.stop())
  const label = { type: 'plain_text' as const, text: 'Name' }
  app.command('/connections', async ({ ack, command, client }) => {
    await ack()
    const element = { type: 'plain_text_input' as const, action_id: 'v' }
    const blocks = [{ type: 'input' as const, block_id: 'name', label, element }]
    await client.views.open({
      trigger_id: command.trigger_id,
      view: { type: 'modal', callback_id: 's', title: label, submit: label, blocks },
    })
  })
  app.view('s', async ({ ack }) => ack({ response_action: 'errors', errors: { name: 'Already taken' } }))
  await app.start()
  await act({ do: 'send', text: '/connections add' })
  await slack.eventually(() => slack.view(ANA))
  expect((await parts()).modal).toContain('data-field="name"')
  expect((await parts(BEN)).modal).toBe('')
  await act({ do: 'submit', form: { name: 'crm' } })
  expect((await parts()).modal).toContain('Already taken')
  await act({ do: 'close-all' })
  expect((await parts()).modal).toBe('')
})

test('a control of the side panel runs, says what it did, and is drawn anew', async () => {
  let on = false
  const panel: Panel = {
    groups: () => [
      { title: 'Salesforce', controls: [{ id: 'revoke', label: 'Grant revoked', kind: 'toggle', on, tone: 'danger' }] },
    ],
    async run(id) {
      if (id !== 'revoke') throw new Error(`There is no ${id}`)
      on = !on
      return 'The grant is revoked.'
    },
  }
  const { parts, act } = await aPage({ panel })
  expect((await parts()).panel).toContain('aria-checked="false"')
  expect(await act({ do: 'panel', id: 'revoke' })).toEqual({ say: 'The grant is revoked.', isBad: false })
  expect((await parts()).panel).toContain('aria-checked="true"')
  expect(await act({ do: 'panel', id: 'other' })).toEqual({ say: 'There is no other', isBad: true })
})

test('the panel folds what belongs to a section, and shows on the outside that something in it was switched', async () => {
  const toggle = (id: string, isChanged: boolean) => ({ id, label: id, kind: 'toggle' as const, on: isChanged, isChanged })
  const { parts } = await aPage({
    panel: {
      groups: () => [
        { title: 'First', controls: [] },
        { section: 'CRM', title: 'Login', controls: [toggle('a', true), toggle('b', false)] },
        { section: 'CRM', title: 'Service', controls: [toggle('c', true)] },
        { section: 'Ads', title: 'Login', controls: [toggle('d', false)] },
      ],
      run: async () => '',
    },
  })
  const { panel } = await parts()
  expect(panel.slice(0, panel.indexOf('<details'))).toContain('<h3>First</h3>')
  expect(panel).not.toMatch(/<details[^>]* open/)
  expect([...panel.matchAll(/<summary>(.*?)<\/summary>/g)].map(([, text]) => text?.replaceAll(/<[^>]+>/g, ''))).toEqual([
    'CRM 2 changed',
    'Login 1 changed',
    'Service 1 changed',
    'Ads',
    'Login',
  ])
  const names = [...panel.matchAll(/data-name="([^"]*)"/g)].map(([, name]) => name)
  expect(new Set(names).size).toBe(5)
})

test('what to try first is said on the page, and nothing where there is nothing to say', async () => {
  const { shell } = await aPage({ guide: ['Press *Reauthorize*', nasty] })
  expect(await shell()).toContain('<ol><li>Press <strong>Reauthorize</strong></li>')
  expect((await shell()).match(/<script/g)).toHaveLength(1)
  expect(await (await aPage()).shell()).not.toContain('What to try first')
})

test('a link to a message leads to it: in the channel, or in its thread', async () => {
  const { slack, client } = await aPage()
  const post = async (text: string, over: object = {}) =>
    (await client.chat.postMessage({ channel: MARKETING_OPS, text, ...over })).ts as string
  const card = await post('The card')
  const reply = await post('A reminder', { thread_ts: card })
  const broadcast = await post('The report', { thread_ts: card, reply_broadcast: true })
  const follow = async (ts: string) => {
    const response = await fetch(`${slack.url}/archives/${MARKETING_OPS}/p${ts.replace('.', '')}`, { redirect: 'manual' })
    const location = new URL(response.headers.get('location') ?? '', slack.url)
    const page = await (await fetch(location)).text()
    expect(page).toContain(`id="${location.hash.slice(1)}"`)
    return [location.searchParams.get('at'), location.searchParams.get('thread'), location.hash.split('-')[0]]
  }
  expect(await follow(card)).toEqual([MARKETING_OPS, null, '#message'])
  expect(await follow(reply)).toEqual([MARKETING_OPS, card, '#reply'])
  expect(await follow(broadcast)).toEqual([MARKETING_OPS, null, '#message'])
  const gone = await fetch(`${slack.url}/archives/${MARKETING_OPS}/p1`, { redirect: 'manual' })
  expect(gone.headers.get('location')).toBe(`/?at=${MARKETING_OPS}`)
})

test('open pages hear of changes and of a refreshed panel', async () => {
  const { slack } = await aPage()
  const response = await fetch(`${slack.url}/page/live`)
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const until = async (text: string) => {
    let heard = ''
    while (!heard.includes(text)) heard += new TextDecoder().decode((await reader.read()).value)
  }
  await until('retry')
  slack.post(BEN, MARKETING_OPS, 'hi')
  await until('event: changed')
  slack.refreshPanel()
  await until('event: changed')
  await reader.cancel()
})

test('another site in the same browser can press nothing', async () => {
  const { slack, act } = await aPage()
  expect(await act({ do: 'send', text: 'x' }, { origin: 'https://evil.example' })).toBe(403)
  expect(slack.messages(MARKETING_OPS)).toEqual([])
  expect(await act({ do: 'send', text: 'x' }, { origin: slack.url })).toEqual({ say: null, isBad: false })
})

test('people delete messages and dismiss what only they see', async () => {
  const { slack, client, act } = await aPage()
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'card' })
  await client.chat.postEphemeral({ channel: MARKETING_OPS, user: ANA, text: 'psst' })
  await act({ do: 'delete', ts })
  await act({ do: 'dismiss', ts: slack.ephemerals(ANA)[0]?.ts })
  expect(slack.messages(MARKETING_OPS)).toEqual([])
  expect(slack.ephemerals(ANA)).toEqual([])
})

test('what the app sends to one person alone has a place of its own, which nobody else sees', async () => {
  const { slack, client, parts } = await aPage()
  expect((await parts()).sidebar).not.toContain('Direct messages')
  const { channel } = await client.chat.postMessage({ channel: ANA, text: 'For Ana alone' })
  expect((await parts()).sidebar).toContain('Direct messages')
  expect((await parts(BEN)).sidebar).not.toContain('Direct messages')
  const page = async (as: string) => (await fetch(`${slack.url}/?as=${as}&at=${channel}`)).text()
  expect(await page(ANA)).toContain('For Ana alone')
  expect(await page(BEN)).not.toContain('For Ana alone')
})
