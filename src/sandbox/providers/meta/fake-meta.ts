import type { IncomingMessage } from 'node:http'
import type { AdLibrary } from '../ads/ad-library.ts'
import type { CallLog } from '../call-log.ts'
import type { FakeProvider, FakeProviderOptions } from '../fake-provider.ts'
import { listen, type Reply, readForm, sendReply } from '../http-server.ts'
import { randomToken } from '../oauth-server.ts'
import type { MetaAccount } from './ad-accounts.ts'
import { ERRORS, refusal, UNAVAILABLE_HTML } from './answers.ts'
import { graphApi } from './graph-api.ts'
import { metaLogin } from './login.ts'
import { metaPanel } from './panel.ts'
import { debugToken, tokenEndpoint } from './token-endpoint.ts'
import { createWorld, type MetaPerson, type MetaSwitches, type WhyDead, type World } from './world.ts'

export interface FakeMeta extends FakeProvider {
  /** Of the login dialog and the Graph API alike. */
  readonly origin: string
  readonly switches: MetaSwitches
  readonly calls: CallLog
  readonly accounts: readonly MetaAccount[]
  person(username: string): MetaPerson
  /** By its name or id. */
  account(name: string): MetaAccount
  library(account: string): AdLibrary
  /** Rows of the largest page. */
  readonly limits: World['limits']
  readonly creatives: World['creatives']
  kill(username: string, because: WhyDead): void
  expireTokens(username: string): void
  endDataAccess(username: string): void
  /** The app gets a new secret; tokens stay. */
  changeSecret(): void
}

/** Facebook Login and the Graph API in memory, with what goes wrong between them and us. */
export async function startFakeMeta(options: FakeProviderOptions): Promise<FakeMeta> {
  const world = createWorld(options)
  const pages = metaLogin(world)
  const panel = metaPanel(world)
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
    const path = /^\/v\d+\.\d(\/.*)$/.exec(url.pathname)?.[1]
    if (path === undefined) return refusal(ERRORS.unknownPath)
    if (path !== '/oauth/access_token' && path !== '/debug_token') return graphApi(world, request, path, url.searchParams)
    if (world.switches.down) return { status: 503, html: UNAVAILABLE_HTML }
    if (path === '/debug_token') return debugToken(world, url.searchParams)
    return tokenEndpoint(world, request.method === 'POST' ? await readForm(request) : url.searchParams)
  }

  function person(username: string): MetaPerson {
    const found = world.people.find((one) => one.username === username)
    if (!found) throw new Error(`The fake Meta has no user ${username}`)
    return found
  }

  function account(name: string): MetaAccount {
    const found = world.accounts.find((one) => one.name === name || one.id === name)
    if (!found) throw new Error(`The fake Meta has no ad account ${name}`)
    return found
  }

  return {
    name: 'meta',
    label: 'Meta Ads',
    env: {
      META_CLIENT_ID: world.clientId,
      META_CLIENT_SECRET: world.clientSecret,
      META_LOGIN_URL: listener.origin,
      META_API_URL: listener.origin,
    },
    origin: listener.origin,
    switches: world.switches,
    calls: world.calls,
    accounts: world.accounts,
    person,
    account,
    library: (name) => account(name).library,
    limits: world.limits,
    creatives: world.creatives,
    kill: (username, because) => world.kill(person(username), because),
    expireTokens: (username) => world.expireTokens(person(username)),
    endDataAccess: (username) => world.endDataAccess(person(username)),
    changeSecret() {
      world.clientSecret = randomToken(24)
    },
    panelGroups: panel.groups,
    run: panel.run,
    close: () => listener.close(),
  }
}
