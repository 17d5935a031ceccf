import { type SignInChoice, signIn } from './providers/sign-in.ts'
import { ANA, MARKETING_OPS } from './slack/people.ts'
import type { SlackWorkspace } from './slack/workspace.ts'

/** The addresses that a browser saw on its way through a login. */
export interface Travel {
  readonly link: string
  readonly login: string
  readonly callback: string
  readonly end: string
}

export interface ConnectChoice extends SignInChoice {
  /** As people type it. Default `salesforce`. */
  readonly provider?: string
  /** Names of the accounts to tick, where the login reaches several. Default: the first that is offered. */
  readonly accounts?: readonly string[]
}

const CONNECT_LINK = /https?:\/\/[^\s"<>|]+\/connect\/[\w.-]+/

/** What a company has connected when somebody opens the sandbox. */
export const STORY: readonly ConnectChoice[] = [
  { provider: 'salesforce', org: 'Acme Inc', username: 'redkey@acme.example' },
  { provider: 'salesforce', org: 'Acme UAT', username: 'redkey@acme.example.uat' },
  { provider: 'hubspot', org: 'acme.example', username: 'redkey@acme.example' },
  { provider: 'google-ads', org: 'Acme Inc', username: 'ana@acme.example' },
  { provider: 'meta', org: 'Acme Inc', username: 'mia@acme.example' },
  { provider: 'linkedin', org: 'Acme Inc', username: 'lea@acme.example' },
]

/**
 * Connects an account the way a person does: types the command, follows the Connect button, continues on the page, logs in, allows,
 * and ticks accounts. Everything goes through the app's own front door. @throws when a step does not lead on.
 */
export async function connectAccount(slack: SlackWorkspace, choice: ConnectChoice, userId: string = ANA): Promise<Travel> {
  const before = slack.ephemerals(userId).length
  await slack.command(userId, MARKETING_OPS, `add ${choice.provider ?? 'salesforce'}`)
  const answer = await slack.eventually(() =>
    slack
      .ephemerals(userId)
      .slice(before)
      .find(({ blocks }) => CONNECT_LINK.test(JSON.stringify(blocks))),
  )
  const { opened } = await slack.click(userId, { channel: MARKETING_OPS, ts: answer.ts }, 'connect')
  return followConnectLink(opened ?? '', choice)
}

/** Connects an account by the link of a Connect button. */
export async function followConnectLink(link: string, choice: ConnectChoice): Promise<Travel> {
  return finishLogin(link, await fetch(link, { method: 'POST', redirect: 'manual' }), choice)
}

/** Reauthorizes by a card's link. */
export async function followReauthorizeLink(link: string, choice: SignInChoice): Promise<Travel> {
  return finishLogin(link, await fetch(link, { redirect: 'manual' }), choice)
}

async function finishLogin(link: string, departure: Response, choice: ConnectChoice): Promise<Travel> {
  const login = departure.headers.get('location')
  if (!login) throw new Error(`The link led to no login: status ${departure.status}`)
  const callback = await signIn(login, choice)
  const done = await fetch(callback, { headers: { cookie: cookiesOf(departure) }, redirect: 'manual' })
  if (done.status !== 303) throw new Error(`The callback answered ${done.status}`)
  const end = new URL(done.headers.get('location') ?? '', callback)
  if (end.pathname.startsWith('/choose/')) await chooseAccounts(end, cookiesOf(done), choice.accounts)
  return { link, login, callback, end: end.href }
}

async function chooseAccounts(page: URL, cookie: string, wanted: readonly string[] | undefined): Promise<void> {
  const shown = await (await fetch(page, { headers: { cookie } })).text()
  const offered = [...shown.matchAll(/<input[^>]*name="account"[^>]*value="([^"]*)"[^>]*>([\s\S]*?)<\/label>/g)].map(
    ([, id = '', words = '']) => ({ id, words }),
  )
  const ticked = wanted ? offered.filter(({ words }) => wanted.some((name) => words.includes(name))) : offered.slice(0, 1)
  const body = new URLSearchParams([...ticked.map(({ id }) => ['account', id]), ['act', 'connect']] as [string, string][])
  const answer = await fetch(page, { method: 'POST', headers: { cookie }, body, redirect: 'manual' })
  if (answer.status !== 303) throw new Error(`The page of the accounts answered ${answer.status}`)
}

function cookiesOf(response: Response): string {
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0])
  return cookies.join('; ')
}
