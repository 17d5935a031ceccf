import { randomBytes } from 'node:crypto'
import { type Fakes, startFakes } from './fakes.ts'
import type { FakeSalesforce } from './providers/salesforce/fake-salesforce.ts'
import { sandboxPanel } from './sandbox-panel.ts'
import { ANA, MARKETING_OPS } from './slack/people.ts'
import { type SlackWorkspace, type SlackWorkspaceOptions, startSlackWorkspace } from './slack/workspace.ts'
import { connectAccount, STORY } from './story.ts'
import { sendTouchpoints } from './touchpoints.ts'
import { until } from './until.ts'

const TOUCHPOINTS = 'bizible2__Bizible_Touchpoint__c'

export interface SandboxOptions {
  /** Where the app will listen. */
  readonly appUrl: string
  /** Of the page; the fake providers take the next ones. 0: any free ones. */
  readonly port: number
  readonly delivery?: 'socket' | 'http'
  readonly now?: () => Date
  /** What is other than usual in the simulated workspace. */
  readonly slack?: Pick<SlackWorkspaceOptions, 'scopes' | 'groups' | 'people' | 'channels'>
  /** The app has a client id and asks Slack who opens a link. */
  readonly signIn?: boolean
  /** A second workspace, Beta, which may install the app and has not yet. Then the app has a client id, too. */
  readonly beta?: boolean
}

export interface Sandbox {
  /** The page for people. */
  readonly url: string
  readonly slack: SlackWorkspace
  /** The second workspace; null unless it was wanted. */
  readonly beta: SlackWorkspace | null
  readonly salesforce: FakeSalesforce
  readonly fakes: Fakes
  /** What the app must be told to talk to this world instead of the real one: environment variables, nothing else. */
  readonly env: Readonly<Record<string, string>>
  /** Connects what a company has, sends touchpoints, and lets one connection die. The app must be running. */
  tellStory(): Promise<void>
  close(): Promise<void>
}

/** A Slack workspace and providers on loopback. Knows no code of the app; they meet over HTTP only. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { appUrl, port } = options
  const now = options.now ?? (() => new Date())
  const secret = () => randomBytes(18).toString('hex')
  const [botToken, appToken, signingSecret, clientSecret, apiToken] = [
    `xoxb-${secret()}`,
    `xapp-${secret()}`,
    secret(),
    secret(),
    secret(),
  ]
  const fakes = await startFakes({ appUrl, port: port === 0 ? 0 : port + 1, clientSecret, now })
  const { salesforce } = fakes
  const api = { url: appUrl, token: apiToken }
  const panel = sandboxPanel(fakes.all, (count) => sendTouchpoints(api, 'salesforce', count, now()))
  const common = { port, botToken, appToken, signingSecret, now }
  const app = { clientId: 'redkey-slack', clientSecret }
  const openId = { ...app, redirectUris: [`${appUrl}/identity/slack/callback`] }
  const installs = { ...app, redirectUris: [`${appUrl}/slack/oauth_redirect`] }
  const slack = await startSlackWorkspace({
    ...common,
    delivery: options.delivery === 'http' ? { mode: 'http', eventsUrl: `${appUrl}/slack/events` } : { mode: 'socket' },
    commandHints: [
      'list',
      'salesforce',
      'add',
      'reauthorize salesforce',
      'settings salesforce',
      'pause hubspot',
      'rejects salesforce',
      'history salesforce',
      'invite salesforce',
      'help',
    ],
    guide: [
      'Press *Reauthorize* on the card with the red key, log in, and watch it catch up.',
      "*⚡ Break things*, *Break Google's logins*: a new card comes in seconds.",
      'Type `/connections`, or open *Redkey* under Apps.',
    ],
    panel,
    ...(options.beta && { installs }),
    ...((options.signIn || options.beta) && { openId }),
    ...options.slack,
  })
  const beta = options.beta ? await startBeta(common, slack) : null
  return {
    url: slack.url,
    slack,
    beta,
    salesforce,
    fakes,
    env: {
      SLACK_BOT_TOKEN: botToken,
      ...(options.delivery === 'http' ? { SLACK_SIGNING_SECRET: signingSecret } : { SLACK_APP_TOKEN: appToken }),
      SLACK_API_URL: slack.apiUrl,
      ...((options.signIn || beta) && { SLACK_CLIENT_ID: app.clientId, SLACK_CLIENT_SECRET: app.clientSecret }),
      ...(beta && { REDKEY_WORKSPACES: beta.identity.teamId }),
      REDKEY_CHANNEL: MARKETING_OPS,
      REDKEY_URL: appUrl,
      REDKEY_API_TOKENS: apiToken,
      ...Object.assign({}, ...fakes.all.map(({ env }) => env)),
    },
    async tellStory() {
      if (options.delivery !== 'http') await slack.eventually(() => slack.links() > 0, 30_000)
      for (const choice of STORY) await connectAccount(slack, choice)
      const isUsed = () => !slack.ephemerals(ANA).some(({ blocks }) => JSON.stringify(blocks).includes('/connect/'))
      await until('the Connect buttons that were pressed', isUsed, 30_000)
      for (const { ts } of slack.ephemerals(ANA)) slack.dismiss(ANA, ts)
      await sendTouchpoints(api, 'salesforce', 40, now())
      await until('the first touchpoints at Acme Inc', () => salesforce.org('Acme Inc').records(TOUCHPOINTS).size >= 40, 30_000)
      const shown = () => slack.messages(MARKETING_OPS).length
      await until('all connections announced', () => shown() >= STORY.length, 30_000)
      salesforce.org('Acme Inc').revokeGrant()
      await sendTouchpoints(api, 'salesforce', 12, now())
      await until('the red card', () => shown() > STORY.length, 30_000)
    },
    async close() {
      await Promise.all([slack.close(), beta?.close(), fakes.close()])
    },
  }
}

/** Its people and channels have the ids of the first one's: whoever takes one workspace for the other is found out. */
async function startBeta(
  common: Pick<SlackWorkspaceOptions, 'appToken' | 'signingSecret'> & { readonly now: () => Date },
  beside: SlackWorkspace,
): Promise<SlackWorkspace> {
  const beta = await startSlackWorkspace({
    ...common,
    port: 0,
    botToken: `xoxb-${randomBytes(18).toString('hex')}`,
    delivery: { mode: 'socket' },
    beside,
    identity: { teamId: 'T0BETA', teamName: 'Beta', teamDomain: 'beta', botId: 'B0BETA', botUserId: 'U0BETABOT' },
  })
  beta.faults.revokeBotToken('account_inactive')
  return beta
}
