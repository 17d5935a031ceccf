import { type SignInChoice, signIn } from '../../src/sandbox/providers/sign-in.ts'
import { allowInstall } from '../../src/sandbox/slack/app-installs.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../src/sandbox/slack/workspace.ts'
import { connectUrl } from './acts.ts'
import { aVisitor, type Seen, type Visitor } from './visitor.ts'
import { ACME, aWorld, type World, type WorldOptions } from './world.ts'

export const BETA_TEAM = 'T0BETA'

/** The workspace of the settings, Acme, and Beta, which may install the app. People and channels of both have the same ids. */
export interface TwoWorkspaces extends World {
  readonly beta: SlackWorkspace
  /** Somebody of Beta installs the app in a browser, and sees the page at the end. */
  install(userId?: string, visitor?: Visitor): Promise<Seen>
  /** Sets out, and comes back from Slack's page: the address that the browser is sent to. */
  approve(teamId: string | null, userId: string, visitor: Visitor): Promise<string>
  /** Types the command in Beta, and answers what is said. */
  askBeta(text: string, userId?: string): Promise<string>
  /** Connects Acme's org in Beta, and shows what is due. */
  connectBeta(choice?: typeof ACME): Promise<void>
  /** The same in either workspace; of several accounts those with these ids. */
  connectIn(slack: SlackWorkspace, choice: SignInChoice, provider?: string, accountIds?: readonly string[]): Promise<void>
  /** What Beta is shown in a channel, or in the direct messages of whoever installed the app. */
  betaTexts(channelId?: string): string[]
}

export async function twoWorkspaces(options: WorldOptions = {}): Promise<TwoWorkspaces> {
  const world = await aWorld({ ...options, beta: true })
  const { beta } = world.sandbox
  if (beta === null) throw new Error('The sandbox has no second workspace')

  async function approve(teamId: string | null, userId: string, visitor: Visitor): Promise<string> {
    return allowInstall(await visitor.depart(`${world.config.url}/slack/install`), teamId, userId)
  }
  async function connectIn(
    slack: SlackWorkspace,
    choice: SignInChoice,
    provider = 'salesforce',
    accountIds: readonly string[] = [],
  ) {
    const link = await connectUrl({ ...world, slack }, ANA, provider)
    const visitor = aVisitor()
    await visitor.identify(link, ANA)
    const { location } = await visitor.visit(await signIn(await visitor.depart(link, 'POST'), choice))
    const body = new URLSearchParams([...accountIds.map((id): [string, string] => ['account', id]), ['act', 'connect']])
    const end = location?.includes('/choose/') ? (await visitor.visit(location, { method: 'POST', body })).location : location
    const page = await visitor.visit(end ?? '')
    if (!page.text.includes('connected')) throw new Error(`Nothing was connected: ${page.text}`)
    await world.beat(2)
  }
  const direct = () => beta.channels().find(({ id, members }) => id.startsWith('D') && members?.includes(ANA))?.id

  return {
    ...world,
    beta,
    approve,
    install: async (userId = ANA, visitor = aVisitor()) => visitor.arrive(await approve(BETA_TEAM, userId, visitor)),
    async askBeta(text, userId = ANA) {
      const answers = () => beta.ephemerals(userId).filter((one) => !one.text.startsWith('Redkey can write here'))
      const before = answers().length
      await beta.command(userId, MARKETING_OPS, text)
      const said = await beta.eventually(() => answers()[before])
      return `${said.text} ${JSON.stringify(said.blocks)}`
    },
    connectIn,
    connect: (choice = ACME) => connectIn(world.slack, choice),
    connectBeta: (choice = ACME) => connectIn(beta, choice),
    betaTexts: (channelId) => beta.messages(channelId ?? direct() ?? '').map(({ text }) => text),
  }
}

/** Everything that a workspace shows anybody: messages, answers, Home tabs and windows. */
export function shownIn(slack: SlackWorkspace): string {
  const people = slack.people().map(({ id }) => id)
  return JSON.stringify([
    slack.channels().map(({ id }) => [slack.timeline(id), slack.messages(id)]),
    people.map((id) => [slack.ephemerals(id), slack.home(id), slack.view(id)]),
  ])
}
