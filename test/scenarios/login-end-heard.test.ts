import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../src/clock.ts'
import { type ConnectChoice, connectAccount } from '../../src/sandbox/story.ts'
import { work } from '../support/ad-courses.ts'
import { aWorld, type World } from '../support/world.ts'

interface Case {
  readonly choice: ConnectChoice
  readonly end: (world: World) => void
  /** What the provider sends; answers with the status that it gets. */
  readonly tell: (world: World, secret: string) => Promise<number>
}

const CASES: Readonly<Record<string, Case>> = {
  meta: {
    choice: { provider: 'meta', org: 'Acme Inc', username: 'mia@acme.example' },
    end: ({ sandbox }) => sandbox.fakes.meta.kill('mia@acme.example', 'appRemoved'),
    async tell(world, secret) {
      const { id } = world.sandbox.fakes.meta.person('mia@acme.example')
      const payload = Buffer.from(JSON.stringify({ algorithm: 'HMAC-SHA256', issued_at: 1, user_id: id })).toString('base64url')
      const signature = createHmac('sha256', secret).update(payload).digest('base64url')
      return post(world, 'meta', new URLSearchParams({ signed_request: `${signature}.${payload}` }))
    },
  },
  hubspot: {
    choice: { provider: 'hubspot', org: 'acme.example', username: 'redkey@acme.example' },
    end: ({ sandbox }) => void sandbox.fakes.hubspot.portal('acme.example').uninstall(),
    async tell(world, secret) {
      const { hubId } = world.sandbox.fakes.hubspot.portal('acme.example')
      const body = JSON.stringify([{ eventId: 1, eventTypeId: '4-1916193', portalId: hubId }])
      const timestamp = String(world.clock.now().getTime())
      const source = `POST${world.config.url}/hooks/hubspot${body}${timestamp}`
      const signature = createHmac('sha256', secret).update(source).digest('base64')
      return post(world, 'hubspot', body, {
        'x-hubspot-signature-v3': signature,
        'x-hubspot-request-timestamp': timestamp,
      })
    },
  },
}

async function post(world: World, name: string, body: string | URLSearchParams, headers: Record<string, string> = {}) {
  return (await fetch(`${world.config.url}/hooks/${name}`, { method: 'POST', body, headers })).status
}

async function statusOf(world: World): Promise<string | undefined> {
  const { body } = await world.api('/v1/connections')
  return (body['connections'] as { status: string }[])[0]?.status
}

/** A doubt is confirmed a minute later. */
async function lookAtOnce(world: World): Promise<void> {
  await world.beat(1)
  world.turn(MINUTE_MS)
  await world.beat(1)
}

test.each(Object.keys(CASES))(
  'what %s says of a login that ended is looked at in a moment, and only if it signed it',
  async (name) => {
    const { choice, end, tell } = CASES[name]!
    await using world = await aWorld()
    const fake = world.sandbox.fakes.all.find((one) => one.name === name)
    const secret = fake?.env[`${name.toUpperCase()}_CLIENT_SECRET`] ?? ''
    await connectAccount(world.slack, choice)
    await world.beat(2)

    expect(await tell(world, secret)).toBe(202)
    await lookAtOnce(world)
    expect(await statusOf(world)).toBe('connected')

    end(world)
    expect(await tell(world, `${secret}?`)).toBe(400)
    await lookAtOnce(world)
    expect(await statusOf(world)).toBe('connected')
    expect(await tell(world, secret)).toBe(202)
    await lookAtOnce(world)
    expect(await statusOf(world)).toBe('authorization_required')
  },
)

test('what Google says of an account is looked at in a moment, for each product that it logged in to', async () => {
  await using world = await aWorld()
  const { google } = world.sandbox.fakes
  const ana = { org: 'Acme Inc', username: 'ana@acme.example' }
  for (const provider of ['google-ads', 'cm360']) await connectAccount(world.slack, { ...ana, provider })
  await world.beat(2)
  // Nothing else asks Google meanwhile.
  for (const provider of ['google-ads', 'cm360']) await work(world, provider)
  google.revoke(ana.username)
  await lookAtOnce(world)
  expect(world.texts().filter((text) => /(Google Ads|360) needs authorization/.test(text))).toEqual([])
  expect(await google.tell(ana.username, 'tokens-revoked')).toBe(202)
  await lookAtOnce(world)
  expect(world.texts().filter((text) => /(Google Ads|360) needs authorization/.test(text))).toHaveLength(2)
})
