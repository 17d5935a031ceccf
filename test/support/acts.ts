import type { Message } from '../../src/sandbox/slack/message.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import type { World } from './world.ts'

/** Redkey's words for one who must not see how it is built. */
export const STACK = /\bat .+:\d+:\d+|node_modules|\.ts:\d+|Error:/

/** Somebody asks for a check; its outcome is shown. */
export async function check(world: World, name = 'salesforce'): Promise<void> {
  await world.api(`/v1/connections/${name}/check`, { method: 'POST' })
  await world.beat(2)
}

/** The grant is revoked and noticed. Answers the link on the red card. */
export async function goRed(world: World): Promise<string> {
  world.acme.revokeGrant()
  await check(world)
  return world.reauthorizeUrl()
}

export async function statusOf(world: World, name = 'salesforce'): Promise<unknown> {
  return (await world.api(`/v1/connections/${name}`)).body['status']
}

export async function backlogOf(world: World, name = 'salesforce'): Promise<unknown> {
  return (await world.api(`/v1/connections/${name}`)).body['backlog']
}

/** Top-level messages that are, or ever were, of that text. */
export function cardsSaying(world: World, text: string | RegExp): Message[] {
  return world.slack
    .messages(MARKETING_OPS)
    .filter((message) =>
      [message, ...message.versions].some((version) => JSON.stringify([version.text, version.blocks]).match(text) !== null),
    )
}

/** Everything that one message shows now. */
export function shownBy(message: Message | undefined): string {
  return message ? JSON.stringify([message.text, message.blocks]) : ''
}

/** The reports of finished catch-ups, oldest first. */
export function reports(world: World): string[] {
  return world.slack
    .timeline(MARKETING_OPS)
    .map((message) => message.text)
    .filter((text) => text.includes('catch-up report'))
}

/** The link behind the Connect button that this person gets for `add salesforce`, or another provider. */
export async function connectUrl(world: World, userId = ANA, provider = 'salesforce'): Promise<string> {
  const before = world.slack.ephemerals(userId).length
  await world.slack.command(userId, MARKETING_OPS, `add ${provider}`)
  return world.slack.eventually(() =>
    world.slack
      .ephemerals(userId)
      .slice(before)
      .map(({ blocks }) => /https?:\/\/[^\s"<>|]+\/connect\/[\w.-]+/.exec(JSON.stringify(blocks))?.[0])
      .find((url) => url !== undefined),
  )
}

/** The text of the first ephemeral answer that this person gets to what `act` does. */
export async function answerTo(world: World, userId: string, act: () => Promise<unknown>): Promise<string> {
  const before = world.slack.ephemerals(userId).length
  await act()
  return world.slack.eventually(() => world.slack.ephemerals(userId)[before]?.text)
}

/** Everything in the window that answers this person. */
export async function windowTo(world: World, userId: string, act: () => Promise<unknown>): Promise<string> {
  const before = world.slack.view(userId)?.id
  await act()
  const view = await world.slack.eventually(() => {
    const now = world.slack.view(userId)
    return now?.id === before ? null : now
  })
  return JSON.stringify(view.blocks)
}

/** Asks again and again, in real time, for what another program or a listener is about to do. */
export async function soon<T>(what: string, read: () => Promise<T | undefined | null | false>, withinMs = 20_000): Promise<T> {
  const end = performance.now() + withinMs
  for (;;) {
    const found = await read()
    if (found !== undefined && found !== null && found !== false) return found
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The card of the last outage, as it is shown. */
export function lastCard(world: World, channel = MARKETING_OPS): Message {
  const card = world.slack
    .messages(channel)
    .findLast(({ blocks }) => /"(details|show_connections)"/.test(JSON.stringify(blocks)) && !isWelcome(blocks))
  if (!card) throw new Error('there is no card')
  return card
}

function isWelcome(blocks: unknown): boolean {
  return JSON.stringify(blocks).includes('was connected')
}

/** Somebody presses a button of the card, or chooses in its Snooze menu by label; answers what they are told. */
export async function press(world: World, userId: string, what: string, card = lastCard(world)): Promise<string> {
  const { channel, ts } = card
  return answerTo(world, userId, async () => {
    const option = optionsOf(card).find(({ text }) => text.text === what)
    if (option) return world.slack.click(userId, { channel, ts }, 'snooze_outage', { selected: [option.value] })
    const action = { "I'm on it": 'claim_outage', 'Take over': 'claim_outage', Release: 'release_outage' }[what]
    if (action === undefined || !shownBy(card).includes(`"${what}"`)) throw new Error(`the card has no ${what}`)
    return world.slack.click(userId, { channel, ts }, action)
  })
}

interface Choice {
  readonly text: { readonly text: string }
  readonly value: string
}

function optionsOf({ blocks }: Message): Choice[] {
  const rows = blocks as unknown as { type: string; elements?: { type: string; options?: Choice[] }[] }[]
  return rows.flatMap(({ elements }) => elements ?? []).flatMap(({ options }) => options ?? [])
}

/** Turns the clock and lets everything be done that is due then. */
export async function pass(world: World, ms: number): Promise<void> {
  world.turn(ms)
  await world.beat(2)
}

/** Replies below the card. */
export function repliesTo(world: World, card = lastCard(world)): Message[] {
  return world.slack.thread(card.channel, card.ts)
}
