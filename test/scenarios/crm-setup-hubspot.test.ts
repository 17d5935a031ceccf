import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { setUpCrm } from '../../src/inbound/cli/crm-setup.ts'
import type { FakePortal } from '../../src/sandbox/providers/hubspot/portal.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { backlogOf, check, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { aTouchpoint, aWorld, type World } from '../support/world.ts'

const OBJECT = 'p_redkey_touchpoint'

interface BareWorld extends AsyncDisposable {
  readonly world: World
  readonly portal: FakePortal
}

/** A world with one connection, `hubspot`, to an account without the touchpoint object. */
async function aBareWorld(withheldScopes: readonly string[] = []): Promise<BareWorld> {
  const world = await aWorld()
  const { hubspot } = world.sandbox.fakes
  const portal = hubspot.portal('acme.example')
  portal.removeObject('redkey_touchpoint')
  hubspot.switches.withheldScopes = withheldScopes
  await world.slack.command(ANA, MARKETING_OPS, 'add hubspot')
  const link = await world.slack.eventually(
    () => /https?:\/\/[^\s"<>|\\]+\/connect\/[\w.-]+/.exec(JSON.stringify(world.slack.ephemerals(ANA)))?.[0],
  )
  await aVisitor().login(link, { org: 'acme.example', username: 'redkey@acme.example' }, 'POST')
  await world.beat(2)
  return { world, portal, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

/** The command, beside the app. */
async function setUp(world: World, isYes = true): Promise<{ code: number; said: string }> {
  const output = new PassThrough()
  const wait = async (ms: number) => world.turn(ms)
  const code = await setUpCrm({ ...world.app.deps, wait }, 'hubspot', isYes, { input: new PassThrough(), output })
  output.end()
  return { code, said: await text(output) }
}

function made({ calls }: FakePortal): readonly string[] {
  return calls
    .list()
    .filter(({ method, status }) => method === 'POST' && status === 201)
    .map(({ path }) => path)
}

test('a HubSpot account without the object holds what comes, until setup has made it', async () => {
  await using bare = await aBareWorld()
  const { world, portal } = bare
  expect(await statusOf(world, 'hubspot')).toBe('permission_required')
  expect(world.texts().join('\n')).toContain('npm run redkey -- crm setup hubspot')
  await world.send(aTouchpoint({ id: 't1', position: 'LC', opportunityId: '77' }))
  await world.beat(3)
  expect(await backlogOf(world, 'hubspot')).toMatchObject({ waiting: 1 })

  const shown = await setUp(world, false)
  expect(shown.code).toBe(2)
  expect(shown.said).toContain(`+ Custom object ${OBJECT} with 23 properties, unique values in touch_key, is missing`)
  expect(made(portal)).toEqual([])

  expect(await setUp(world)).toMatchObject({ code: 0, said: expect.stringContaining(`Touchpoints go to ${OBJECT}`) })
  await check(world, 'hubspot')
  await world.beat(3)
  expect(await statusOf(world, 'hubspot')).toBe('connected')
  expect(portal.records().get('t1')?.properties).toMatchObject({ touch_key: 't1', position: 'LC', deal_id: '77' })
  const { body } = await world.api('/v1/connections/hubspot/mapping')
  expect(body).toMatchObject({ isDefault: true, mapping: { touchpoints: { object: OBJECT }, attribution: null } })
})

test('a second setup has nothing to do, and a property that is gone is made alone', async () => {
  await using bare = await aBareWorld()
  const { world, portal } = bare
  await setUp(world)
  expect(await setUp(world, false)).toMatchObject({ code: 0 })
  expect(await setUp(world)).toMatchObject({ code: 0 })
  expect(made(portal)).toHaveLength(1)

  portal.archiveProperty('medium')
  expect((await setUp(world, false)).said).toContain(`+ 1 more properties of ${OBJECT}: medium`)
  expect(await setUp(world)).toMatchObject({ code: 0 })
  expect(made(portal)[1]).toMatch(/\/batch\/create$/)
  expect(portal.find(OBJECT)?.properties.filter(({ name }) => name === 'medium')).toHaveLength(1)
})

test('a right that is missing is named, and setup goes on once it is granted', async () => {
  await using bare = await aBareWorld()
  const { world, portal } = bare
  portal.switches.mayNotDefine = true
  expect(await setUp(world)).toMatchObject({ code: 1, said: expect.stringContaining('super admin') })
  portal.switches.mayNotDefine = false
  portal.switches.objectsUsedUp = true
  expect(await setUp(world)).toMatchObject({ code: 1, said: expect.stringContaining('room for one more') })
  expect(made(portal)).toEqual([])
  portal.switches.objectsUsedUp = false
  expect(await setUp(world)).toMatchObject({ code: 0 })
})

test('a login that was not given the right to make objects is told so beforehand', async () => {
  await using bare = await aBareWorld(['crm.schemas.custom.write'])
  const told = await setUp(bare.world)
  expect(told.code).toBe(1)
  expect(told.said).toContain('✗ Right of the login to make objects (crm.schemas.custom.write)')
  expect(bare.portal.calls.list().filter(({ method }) => method === 'POST')).toEqual([])
})

test('an account that has the object needs no setup', async () => {
  await using bare = await aBareWorld()
  bare.portal.restoreObjects()
  await check(bare.world, 'hubspot')
  expect(await statusOf(bare.world, 'hubspot')).toBe('connected')
  expect(await setUp(bare.world, false)).toMatchObject({ code: 0 })
  expect(made(bare.portal)).toEqual([])
})
