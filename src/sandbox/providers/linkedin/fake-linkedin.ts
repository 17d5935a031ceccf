import type { IncomingMessage } from 'node:http'
import type { AdLibrary } from '../ads/ad-library.ts'
import type { CallLog } from '../call-log.ts'
import type { FakeProvider, FakeProviderOptions } from '../fake-provider.ts'
import { listen, type Reply, readForm, sendReply } from '../http-server.ts'
import { randomToken } from '../oauth-server.ts'
import { UNAVAILABLE_HTML } from './answers.ts'
import { linkedInLogin } from './login.ts'
import { linkedInPanel } from './panel.ts'
import { restApi } from './rest-api.ts'
import { introspectEndpoint, tokenEndpoint } from './token-endpoint.ts'
import { createWorld, type LinkedInAccount, type LinkedInPerson, type LinkedInSwitches } from './world.ts'

export interface FakeLinkedIn extends FakeProvider {
  /** Of the login and the API alike. */
  readonly origin: string
  readonly switches: LinkedInSwitches
  readonly calls: CallLog
  readonly accounts: readonly LinkedInAccount[]
  person(username: string): LinkedInPerson
  account(name: string): LinkedInAccount
  /** Campaigns, ads and costs of an ad account, by its name or id. */
  library(account: string): AdLibrary
  revoke(username: string): void
  expireAccessTokens(username: string): void
  /** The app gets a new secret; tokens stay. */
  changeSecret(): void
}

/** LinkedIn's login and its ads API in memory, with what goes wrong between them and us. */
export async function startFakeLinkedIn(options: FakeProviderOptions): Promise<FakeLinkedIn> {
  const world = createWorld(options)
  const pages = linkedInLogin(world)
  const panel = linkedInPanel(world)
  const listener = await listen(options.host ?? '127.0.0.1', options.port, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const reply = await replyTo(request, url)
    world.calls.add({
      at: world.now(),
      method: request.method ?? '',
      path: url.pathname,
      status: reply.status,
      username: null,
      records: 0,
    })
    sendReply(response, reply)
  })

  async function replyTo(request: IncomingMessage, url: URL): Promise<Reply> {
    const page = await pages.replyTo(request, url)
    if (page) return page
    const isToken = url.pathname === '/oauth/v2/accessToken'
    if (!isToken && url.pathname !== '/oauth/v2/introspectToken') return restApi(world, request, url)
    if (world.switches.down) return { status: 503, html: UNAVAILABLE_HTML }
    const form = await readForm(request)
    return isToken ? tokenEndpoint(world, form) : introspectEndpoint(world, form)
  }

  function person(username: string): LinkedInPerson {
    const found = world.people.find((one) => one.username === username)
    if (!found) throw new Error(`The fake LinkedIn has no member ${username}`)
    return found
  }

  function account(nameOrId: string): LinkedInAccount {
    const found = world.accounts.find(({ name, id }) => name === nameOrId || String(id) === nameOrId)
    if (!found) throw new Error(`The fake LinkedIn has no ad account ${nameOrId}`)
    return found
  }

  return {
    name: 'linkedin',
    label: 'LinkedIn Ads',
    env: {
      LINKEDIN_CLIENT_ID: world.clientId,
      LINKEDIN_CLIENT_SECRET: world.clientSecret,
      LINKEDIN_LOGIN_URL: listener.origin,
      LINKEDIN_API_URL: listener.origin,
    },
    origin: listener.origin,
    switches: world.switches,
    calls: world.calls,
    accounts: world.accounts,
    person,
    account,
    library: (nameOrId) => account(nameOrId).library,
    revoke: (username) => world.revoke(person(username)),
    expireAccessTokens: (username) => world.expireAccessTokens(person(username)),
    changeSecret() {
      world.clientSecret = randomToken(24)
    },
    panelGroups: panel.groups,
    run: panel.run,
    close: () => listener.close(),
  }
}
