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

/**
 * Connects an account the way a person does: types the command, follows the Connect button, continues on the page, logs in and
 * allows. Everything goes through the app's own front door. @throws when a step does not lead on.
 */
export async function connectAccount(slack: SlackWorkspace, choice: SignInChoice, userId: string = ANA): Promise<Travel> {
  const before = slack.ephemerals(userId).length
  await slack.command(userId, MARKETING_OPS, 'add salesforce')
  const link = await slack.eventually(() =>
    slack
      .ephemerals(userId)
      .slice(before)
      .map((ephemeral) => /https?:\/\/[^\s"<>|]+\/connect\/[\w.-]+/.exec(JSON.stringify(ephemeral.blocks))?.[0])
      .find((url) => url !== undefined),
  )
  const asked = await fetch(link, { method: 'POST', redirect: 'manual' })
  return finishLogin(link, asked, choice)
}

/** Reauthorizes by a card's link. */
export async function followReauthorizeLink(link: string, choice: SignInChoice): Promise<Travel> {
  return finishLogin(link, await fetch(link, { redirect: 'manual' }), choice)
}

async function finishLogin(link: string, departure: Response, choice: SignInChoice): Promise<Travel> {
  const login = departure.headers.get('location')
  if (!login) throw new Error(`The link led to no login: status ${departure.status}`)
  const cookie = departure.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const callback = await signIn(login, choice)
  const done = await fetch(callback, { headers: { cookie }, redirect: 'manual' })
  if (done.status !== 303) throw new Error(`The callback answered ${done.status}`)
  return { link, login, callback, end: new URL(done.headers.get('location') ?? '', callback).href }
}
