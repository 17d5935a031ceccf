import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { resealClients } from '../../src/domain/access/reseal-grants.ts'
import { examineProviders } from '../../src/domain/doctor.ts'
import { addClient, readClientCommand, removeClient } from '../../src/inbound/cli/clients.ts'
import { silentLog } from '../../src/log.ts'
import { createHttp } from '../../src/outbound/providers/http.ts'
import { createProviders, readOwnLoginUrl } from '../../src/outbound/providers/registry.ts'
import { secretSealer } from '../../src/outbound/seal.ts'
import { type FakeSalesforce, startFakeSalesforce } from '../../src/sandbox/providers/salesforce/fake-salesforce.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { shownIn, windowOf } from '../support/windows.ts'
import { aTouchpoint, aWorld, type World } from '../support/world.ts'

const EU = { org: 'Acme EU', username: 'redkey@acme-eu.example' }
const EVA = { username: EU.username, firstName: 'Eva', lastName: 'Wolf' }
const OBJECT = 'bizible2__Bizible_Touchpoint__c'

/** A Salesforce of its own, whose admin has registered an app in it. */
function anotherSalesforce(world: World): Promise<FakeSalesforce> {
  return startFakeSalesforce({
    loginPort: 0,
    clientId: '3MVG9.acme-eu',
    clientSecret: 'eu-secret',
    redirectUris: () => true,
    // An org's id comes with its place: the third is none of the world's two.
    orgs: ['First', 'Second', EU.org].map((name) => ({ name, isSandbox: false, users: name === EU.org ? [EVA] : [] })),
    now: () => world.clock.now(),
  })
}

/** The command, as a process of its own beside the app. */
async function add(world: World, label: string, loginUrl: string, secret = 'eu-secret') {
  const { store, config, clock } = world
  const input = new PassThrough()
  input.end(`${secret}\n`)
  const output = new PassThrough()
  const providers = createProviders(config.providers, { http: createHttp(clock), clock })
  const secrets = secretSealer(config.keys ?? [])
  const command = readClientCommand([
    'add',
    label,
    '--provider',
    'salesforce',
    '--client-id',
    '3MVG9.acme-eu',
    '--login-url',
    loginUrl,
  ])
  if (command.kind !== 'add') throw new Error(command.kind)
  const deps = { store, providers, secrets, log: silentLog, clock, terminal: { input, output }, url: config.url }
  return addClient({ ...deps, readLoginUrl: readOwnLoginUrl }, command)
}

async function addReply(world: World, words: string): Promise<string> {
  const before = world.slack.ephemerals(ANA).length
  await world.slack.command(ANA, MARKETING_OPS, `add ${words}`)
  const reply = await world.slack.eventually(() => world.slack.ephemerals(ANA)[before])
  return JSON.stringify([reply.text, reply.blocks])
}

async function connectEu(world: World): Promise<void> {
  const link = /https?:\/\/[^\s"<>|\\]+\/connect\/[\w.-]+/.exec(await addReply(world, 'salesforce acme-eu'))?.[0] ?? ''
  expect((await aVisitor().login(link, EU, 'POST')).text).toContain('Salesforce is connected')
  await world.beat(2)
}

test('an org with an app of its own is connected, pushed to and reauthorized by that app, beside the one of the settings', async () => {
  await using world = await aWorld()
  const eu = await anotherSalesforce(world)
  try {
    await world.connect()
    const added = await add(world, 'acme-eu', eu.loginUrl)
    expect(added).toMatchObject({ code: 0, says: expect.stringContaining('/connections add salesforce acme-eu') })
    expect(added.says).toContain('knows the client')
    await connectEu(world)
    expect(await statusOf(world, 'salesforce-2')).toBe('connected')

    const org = eu.org(EU.org)
    await world.send(
      aTouchpoint({ id: 'eu-1', connection: 'salesforce-2' }),
      aTouchpoint({ id: 'us-1', connection: 'salesforce' }),
    )
    await world.beat(2)
    expect([...org.records(OBJECT).keys()]).toEqual(['eu-1'])
    expect([...world.written().keys()]).toEqual(['us-1'])

    // The refresh goes to the login host of its own as well.
    const usRefreshes = () => world.sandbox.salesforce.calls.list().filter(({ path }) => path.endsWith('/token')).length
    const before = usRefreshes()
    org.expireAccessTokens()
    await world.send(aTouchpoint({ id: 'eu-2', connection: 'salesforce-2' }))
    await world.beat(2)
    expect(org.records(OBJECT).size).toBe(2)
    expect(usRefreshes()).toBe(before)

    org.revokeGrant()
    await world.beat(400)
    expect(await statusOf(world, 'salesforce-2')).toBe('authorization_required')
    expect(await statusOf(world, 'salesforce')).toBe('connected')
    const visitor = aVisitor()
    expect(new URL(await visitor.depart(world.reauthorizeUrl())).origin).toBe(eu.loginUrl)
    expect((await visitor.login(world.reauthorizeUrl(), EU)).text).toContain('authorized again')
  } finally {
    await eu.close()
  }
})

test('add offers what there is, and a label that is not known gets the nearest', async () => {
  await using world = await aWorld()
  const eu = await anotherSalesforce(world)
  try {
    await add(world, 'acme-eu', eu.loginUrl)
    await world.run('clients')
    expect(await addReply(world, 'salesforce acme-ue')).toContain('Did you mean `/connections add salesforce acme-eu`')
    expect(await addReply(world, 'salesforce')).toContain('*Salesforce*')
    const form = await windowOf(world, ANA, 'add')
    expect(shownIn(form)).toContain('"text":"Salesforce (acme-eu)"')
  } finally {
    await eu.close()
  }
})

test.each([
  ['Microsoft Advertising', 'Connect Microsoft Advertising'],
  ['CAMPAIGN manager 360', 'Connect Campaign Manager 360'],
  ['microsoft', 'Did you mean `/connections add microsoft-ads`?'],
])('add takes %s, as providers are shown, and knows the begin of a name', async (typed, words) => {
  await using world = await aWorld()
  expect(await addReply(world, typed)).toContain(words)
})

test('without a client in the settings the only one that was added is taken', async () => {
  await using world = await aWorld({ env: { SALESFORCE_CLIENT_ID: '', SALESFORCE_CLIENT_SECRET: '' } })
  const eu = await anotherSalesforce(world)
  try {
    expect(await addReply(world, 'salesforce')).toContain("I can't connect `salesforce`")
    await add(world, 'acme-eu', eu.loginUrl)
    expect(await addReply(world, 'salesforce')).toContain('Connect Salesforce (acme-eu)')
    await connectEu(world)
    await world.send(aTouchpoint({ id: 'eu-1' }))
    await world.beat(2)
    expect(eu.org(EU.org).records(OBJECT).size).toBe(1)
  } finally {
    await eu.close()
  }
})

test('a secret that is no longer right is told by doctor, and given anew without a restart', async () => {
  await using world = await aWorld()
  const eu = await anotherSalesforce(world)
  try {
    await add(world, 'acme-eu', eu.loginUrl)
    await connectEu(world)
    eu.rotateClientSecret({ secret: 'rotated', revokesTokens: false })
    await world.run('clients')
    const findings = async () => {
      const all = await examineProviders({ providers: world.app.deps.providers, settings: world.app.deps.settings })
      return all.filter(({ about }) => about.startsWith('Salesforce'))
    }
    expect((await findings()).map(({ about, state }) => [about, state])).toEqual([
      ['Salesforce', 'ok'],
      ['Salesforce (acme-eu)', 'problem'],
    ])
    expect(await add(world, 'acme-eu', eu.loginUrl, 'rotated')).toMatchObject({ says: expect.stringContaining('new secret') })
    await world.run('clients')
    expect((await findings()).map(({ state }) => state)).toEqual(['ok', 'ok'])

    expect(await removeClient(world.app.deps, { provider: 'salesforce', label: 'acme-eu' })).toMatchObject({
      code: 1,
      says: expect.stringContaining('Logins were made with acme-eu'),
    })
  } finally {
    await eu.close()
  }
})

test('the secret is stored sealed, and sealed anew with a new key', async () => {
  await using world = await aWorld()
  await add(world, 'acme-eu', 'http://127.0.0.1:9', 'top-secret')
  const [stored] = await world.store.clients.all()
  expect(JSON.stringify(stored)).not.toContain('top-secret')
  const old = world.config.keys?.[0] ?? Buffer.alloc(0)
  const fresh = randomBytes(32)
  const { store } = world
  expect(await resealClients({ store, secrets: secretSealer([fresh]) })).toMatchObject({ broken: ['salesforce acme-eu'] })
  const secrets = secretSealer([fresh, old])
  expect(await resealClients({ store, secrets })).toMatchObject({ resealed: 1, current: 0, broken: [], busy: [] })
  expect(await resealClients({ store, secrets })).toMatchObject({ resealed: 0, current: 1 })
  const [after] = await store.clients.all()
  if (!after) throw new Error('gone')
  expect(await secretSealer([fresh]).open(after.sealed, after)).toBe('top-secret')
  await expect(secretSealer([fresh]).open(after.sealed, { ...after, tokenOrigin: 'https://evil.example' })).rejects.toThrow(
    "can't be opened",
  )
})

test.each([
  ['https://acme.lightning.force.com/lightning/page/home', 'https://acme.my.salesforce.com'],
  ['http://acme.my.salesforce.com', 'no login host'],
  ['https://acme.my.salesforce.com.evil.example', 'no login host'],
  ['https://evil.example', 'no login host'],
  ['https://user@login.salesforce.com', 'is not an address'],
])('a login host like %s is refused with what to give instead', (url, says) => {
  expect(readOwnLoginUrl('salesforce', url)).toEqual({ kind: 'refused', says: expect.stringContaining(says) })
})

test.each([
  [null, 'https://login.salesforce.com'],
  ['test.salesforce.com', 'https://test.salesforce.com'],
  ['https://acme--dev.sandbox.my.salesforce.com/', 'https://acme--dev.sandbox.my.salesforce.com'],
])('a login host like %s is taken', (url, origin) => {
  expect(readOwnLoginUrl('salesforce', url)).toEqual({ kind: 'login', origin })
})

test('a secret in an argument is refused, and so is a provider that has but one client', () => {
  const line = ['add', 'x1', '--provider', 'salesforce', '--client-id', 'id']
  expect(readClientCommand([...line, '--client-secret', 'oops'])).toEqual({ kind: 'usage' })
  expect(readClientCommand(line)).toMatchObject({ kind: 'add', loginUrl: null })
  expect(readOwnLoginUrl('hubspot', null)).toMatchObject({ kind: 'refused' })
})
