import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { Connection } from '../../src/domain/connections/connection.ts'
import { addClient } from '../../src/inbound/cli/clients.ts'
import { setUpCrm } from '../../src/inbound/cli/crm-setup.ts'
import { readOwnLoginUrl } from '../../src/outbound/providers/registry.ts'
import { startFakeSalesforce } from '../../src/sandbox/providers/salesforce/fake-salesforce.ts'
import type { FakeOrg } from '../../src/sandbox/providers/salesforce/org.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { backlogOf, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { aTouchpoint, aWorld, type World } from '../support/world.ts'

const PLAIN = { org: 'Plain Ltd', username: 'redkey@plain.example' }
const TOUCHPOINTS = 'Redkey_Touchpoint__c'
const ATTRIBUTION = 'Redkey_Attribution_Touchpoint__c'

interface PlainWorld extends AsyncDisposable {
  readonly world: World
  readonly org: FakeOrg
}

/** A world with one connection, `salesforce`, to an org without the Marketo Measure package. */
async function aPlainWorld(): Promise<PlainWorld> {
  const world = await aWorld({ env: { SALESFORCE_CLIENT_ID: '', SALESFORCE_CLIENT_SECRET: '' } })
  const fake = await startFakeSalesforce({
    loginPort: 0,
    clientId: 'plain',
    clientSecret: 'secret',
    redirectUris: () => true,
    orgs: [
      {
        name: PLAIN.org,
        isSandbox: false,
        hasPackage: false,
        users: [{ username: PLAIN.username, firstName: 'Pia', lastName: 'Lang' }],
      },
    ],
    now: () => world.clock.now(),
  })
  const input = new PassThrough()
  input.end('secret\n')
  const client = { kind: 'add', provider: 'salesforce', label: 'plain', clientId: 'plain', loginUrl: fake.loginUrl } as const
  const terminal = { input, output: new PassThrough() }
  await addClient({ ...world.app.deps, terminal, url: world.config.url, readLoginUrl: readOwnLoginUrl }, client)
  await world.slack.command(ANA, MARKETING_OPS, 'add salesforce plain')
  const link = await world.slack.eventually(
    () => /https?:\/\/[^\s"<>|\\]+\/connect\/[\w.-]+/.exec(JSON.stringify(world.slack.ephemerals(ANA)))?.[0],
  )
  await aVisitor().login(link, PLAIN, 'POST')
  await world.beat(2)
  return {
    world,
    org: fake.org(PLAIN.org),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await fake.close()
    },
  }
}

async function theConnection({ store }: World): Promise<Connection> {
  const [workspace] = await store.workspaces.all()
  const found = workspace && (await store.connections.byName(workspace.teamId, 'salesforce'))
  if (!found) throw new Error('there is no connection')
  return found
}

/** The command, beside the app. */
async function setUp(world: World, isYes = true): Promise<{ code: number; said: string }> {
  const output = new PassThrough()
  const input = new PassThrough()
  const wait = async (ms: number) => world.turn(ms)
  const code = await setUpCrm({ ...world.app.deps, wait }, 'salesforce', isYes, { input, output })
  output.end()
  return { code, said: await text(output) }
}

test('a CRM with nothing to push to holds what comes, and says which command makes it', async () => {
  await using plain = await aPlainWorld()
  const { world } = plain
  expect(await statusOf(world)).toBe('permission_required')
  expect(world.texts().join('\n')).toContain('npm run redkey -- crm setup salesforce')
  await world.send(aTouchpoint({ id: 't1' }))
  await world.beat(5)
  expect(await backlogOf(world)).toMatchObject({ waiting: 1 })
  expect(plain.org.calls.list().filter(({ records }) => records > 0)).toEqual([])
})

test('setup shows what is missing and makes it only with a yes; then everything that waited is pushed', async () => {
  await using plain = await aPlainWorld()
  const { world, org } = plain
  await world.send(aTouchpoint({ id: 't1' }), aTouchpoint({ id: 't2', opportunityId: '006000000000001AAA' }))
  await world.beat(2)

  const shown = await setUp(world, false)
  expect(shown.code).toBe(2)
  expect(shown.said).toContain(`+ Custom object ${TOUCHPOINTS} with 23 fields, external id Touch_Key__c, is missing`)
  expect(shown.said).toContain(`+ Custom object ${ATTRIBUTION} with 24 fields`)
  expect(shown.said).toContain('+ Permission set Redkey_Touchpoints')
  expect(org.setup.deployments).toEqual([])

  const made = await setUp(world)
  expect(made).toMatchObject({ code: 0, said: expect.stringContaining('All is there') })
  expect(org.setup.deployments.map(({ members }) => members)).toEqual([
    [`CustomObject:${TOUCHPOINTS}`],
    [`CustomObject:${ATTRIBUTION}`],
    ['PermissionSet:Redkey_Touchpoints'],
  ])
  expect(org.setup.permissionSets[0]?.assignees).toEqual([org.user(PLAIN.username).id])

  await world.beat(310)
  expect(await statusOf(world)).toBe('connected')
  expect([...org.records(TOUCHPOINTS).keys()]).toEqual(['t1'])
  expect(org.records(ATTRIBUTION).get('t2')?.fields).toMatchObject({ Opportunity__c: '006000000000001AAA', Touch_Key__c: 't2' })
  const { body } = await world.api('/v1/connections/salesforce/mapping')
  expect(body).toMatchObject({
    isDefault: true,
    mapping: { touchpoints: { object: TOUCHPOINTS }, attribution: { object: ATTRIBUTION } },
  })
  const history = await world.store.history.of((await theConnection(world)).id, 20)
  expect(history.map(({ action, detail }) => [action, detail])).toContainEqual(['mapping_changed', TOUCHPOINTS])
})

test('external ids of what is made are told apart by case', async () => {
  await using plain = await aPlainWorld()
  await setUp(plain.world)
  await plain.world.beat(310)
  await plain.world.send(aTouchpoint({ id: 'abc' }), aTouchpoint({ id: 'ABC' }))
  await plain.world.beat(3)
  expect([...plain.org.records(TOUCHPOINTS).keys()].sort()).toEqual(['ABC', 'abc'])
})

test('a second time there is nothing to do', async () => {
  await using plain = await aPlainWorld()
  await setUp(plain.world)
  const deployed = plain.org.setup.deployments.length
  expect(await setUp(plain.world, false)).toMatchObject({ code: 0 })
  expect(await setUp(plain.world)).toMatchObject({ code: 0 })
  expect(plain.org.setup.deployments).toHaveLength(deployed)
})

test('a right that the user lacks is named, and what was made before stays', async () => {
  await using plain = await aPlainWorld()
  const { world, org } = plain
  org.setup.rights = 'none'
  expect(await setUp(world)).toMatchObject({ code: 1, said: expect.stringContaining('View Setup and Configuration') })
  org.setup.rights = 'look'
  expect(await setUp(world)).toMatchObject({ code: 1, said: expect.stringContaining('"Customize Application"') })
  expect(org.setup.deployments).toEqual([])

  org.setup.rights = 'all'
  org.setup.failNext = 'Entity Limit exceeded'
  const stopped = await setUp(world)
  expect(stopped).toMatchObject({ code: 1, said: expect.stringContaining('Entity Limit exceeded') })
  expect(await setUp(world)).toMatchObject({ code: 0 })
})

test('stopped half way it goes on with the rest, and adds only the fields that are missing', async () => {
  await using plain = await aPlainWorld()
  const { world, org } = plain
  await setUp(world)
  // As an older version of Redkey would have left it.
  org.removeField(TOUCHPOINTS, 'Medium__c')
  const shown = await setUp(world, false)
  expect(shown.said).toContain(`+ 1 more fields of ${TOUCHPOINTS}: Medium__c`)
  await setUp(world)
  expect(org.setup.deployments.at(-2)?.members).toEqual([`CustomField:${TOUCHPOINTS}.Medium__c`])
})

test('what is there in another form is told and left alone', async () => {
  await using plain = await aPlainWorld()
  const { world, org } = plain
  await setUp(world)
  const deployed = org.setup.deployments.length
  org.changeField(TOUCHPOINTS, 'Touch_Key__c', { unique: false })
  const told = await setUp(world)
  expect(told.code).toBe(1)
  expect(told.said).toContain(`✗ Custom object ${TOUCHPOINTS}`)
  expect(told.said).toContain('make it an External ID, Unique, and case-sensitive')
  expect(org.setup.deployments).toHaveLength(deployed)
})

test('a mapping that was set by hand stays', async () => {
  await using plain = await aPlainWorld()
  const { world } = plain
  await setUp(world)
  const mapping = {
    touchpoints: { object: TOUCHPOINTS, externalIdField: 'Touch_Key__c', fields: { medium: 'Medium__c' }, custom: [] },
    attribution: null,
  }
  const put = await world.api('/v1/connections/salesforce/mapping', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(mapping),
  })
  expect(put).toMatchObject({ status: 200, body: { isDefault: false } })
  expect(await setUp(world)).toMatchObject({ code: 0, said: expect.stringContaining('set by hand and stays') })
  expect((await world.api('/v1/connections/salesforce/mapping')).body).toEqual({ mapping, isDefault: false })
})

test('with the Marketo Measure package there is nothing to set up, and attribution has its own object', async () => {
  await using world = await aWorld()
  await world.connect()
  const { body } = await world.api('/v1/connections/salesforce/mapping')
  expect(body).toMatchObject({
    isDefault: true,
    mapping: {
      touchpoints: { object: 'bizible2__Bizible_Touchpoint__c' },
      attribution: { object: 'bizible2__Bizible_Attribution_Touchpoint__c' },
    },
  })
  await world.send(aTouchpoint({ id: 't1', opportunityId: '006000000000001AAA' }))
  await world.beat(2)
  expect([...world.acme.records('bizible2__Bizible_Attribution_Touchpoint__c').keys()]).toEqual(['t1'])
  expect(await setUp(world)).toMatchObject({ code: 0, said: expect.stringContaining('Nothing to set up') })
})

test('objects that an admin makes later are found by the next check', async () => {
  await using plain = await aPlainWorld()
  const { world, org } = plain
  await world.send(aTouchpoint({ id: 't1' }))
  const metadata = new URL('../../src/outbound/providers/salesforce/metadata/', import.meta.url)
  for (const object of [TOUCHPOINTS, ATTRIBUTION])
    org.install(readFileSync(new URL(`objects/${object}.object`, metadata), 'utf8'), object)
  await world.beat(310)
  expect(await statusOf(world)).toBe('connected')
  expect([...org.records(TOUCHPOINTS).keys()]).toEqual(['t1'])
  expect((await world.store.connections.mapping((await theConnection(world)).id))?.preset).toBe('redkey')
})
