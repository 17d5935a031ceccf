import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { setUpCrm } from '../../src/inbound/cli/crm-setup.ts'
import { startFakeDynamics } from '../../src/sandbox/providers/dynamics/fake-dynamics.ts'
import { startFakeEntra } from '../../src/sandbox/providers/entra/fake-entra.ts'
import { ANA } from '../../src/sandbox/slack/people.ts'
import { backlogOf, connectUrl, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { aTouchpoint, aWorld, type World } from '../support/world.ts'

const ANA_OF_ACME = { org: 'Acme Inc', username: 'ana@acme.example' }
const MEASURE = 'bizible2_bizible_touchpoint'

/** The app connected to an environment that has Marketo Measure, or has not. */
async function aPlainWorld({ hasMeasure }: { readonly hasMeasure: boolean }) {
  const entra = await startFakeEntra({ port: 0 })
  const redirectUris: string[] = []
  const environments = [{ name: 'Plain', isSandbox: false, usernames: [ANA_OF_ACME.username], hasMeasure }]
  const clock: { now: () => Date } = { now: () => new Date() }
  const client = { clientId: 'client', clientSecret: 'secret' }
  const fake = await startFakeDynamics({ ...client, port: 0, entra, redirectUris, environments, now: () => clock.now() })
  const plain = fake.environment('Plain')
  if (hasMeasure) plain.setKey(MEASURE, 'bizible2_uniqueid', null)
  const world = await aWorld({ env: fake.env })
  clock.now = () => world.clock.now()
  onTestFinished(async () => {
    await world[Symbol.asyncDispose]()
    await Promise.all([fake.close(), entra.close()])
  })
  redirectUris.push(`${world.config.url}/oauth/callback/dynamics`)
  await aVisitor().login(await connectUrl(world, ANA, 'dynamics'), ANA_OF_ACME, 'POST')
  await world.beat(2)
  return { world, plain }
}

/** The command, beside the app. */
async function setUp(world: World, isYes: boolean): Promise<{ code: number; said: string }> {
  const output = new PassThrough()
  const input = new PassThrough()
  const wait = async (ms: number) => world.turn(ms)
  const code = await setUpCrm({ ...world.app.deps, wait }, 'dynamics', isYes, { input, output })
  output.end()
  return { code, said: await text(output) }
}

test('in Dynamics 365 without Marketo Measure setup makes two tables, and everything that waited is pushed to them', async () => {
  const { world, plain } = await aPlainWorld({ hasMeasure: false })
  expect(await statusOf(world, 'dynamics')).toBe('permission_required')
  expect(world.texts().join('\n')).toContain('npm run redkey -- crm setup dynamics')
  const opportunityId = '6c0f5c8e-0000-4000-8000-000000000001'
  await world.send(
    aTouchpoint({ id: 't1', connection: 'dynamics' }),
    aTouchpoint({ id: 't2', connection: 'dynamics', opportunityId }),
  )
  await world.beat(2)

  const shown = await setUp(world, false)
  expect(shown).toMatchObject({ code: 2, said: expect.stringContaining('+ Table redkey_touchpoint with 23 columns, is missing') })
  expect(plain.made).toEqual([])
  expect(await setUp(world, true)).toMatchObject({ code: 0, said: expect.stringContaining('All is there') })

  await world.beat(310)
  expect(await statusOf(world, 'dynamics')).toBe('connected')
  expect([...plain.records('redkey_touchpoint').keys()]).toEqual(['t1'])
  expect(plain.records('redkey_attributiontouchpoint').get('t2')?.fields).toMatchObject({ redkey_opportunityid: opportunityId })
  expect(await setUp(world, false)).toMatchObject({ code: 0 })
})

test("where Marketo Measure's table has no alternate key setup makes only that, and what waited is pushed", async () => {
  const { world, plain } = await aPlainWorld({ hasMeasure: true })
  await world.send(aTouchpoint({ id: 't1', connection: 'dynamics' }))
  await world.beat(3)
  expect(await statusOf(world, 'dynamics')).toBe('permission_required')
  expect(world.texts().join('\n')).toContain('crm setup')

  expect(await setUp(world, true)).toMatchObject({ code: 0, said: expect.stringContaining(`Touchpoints go to ${MEASURE}`) })
  expect(plain.made).toEqual(['publisher redkey', 'solution Redkey', `key ${MEASURE}.bizible2_uniqueid`])
  await world.beat(310)
  expect(await statusOf(world, 'dynamics')).toBe('connected')
  expect(await backlogOf(world, 'dynamics')).toMatchObject({ waiting: 0, pushed: 1 })
  expect([...plain.records(MEASURE).keys()]).toEqual(['t1'])
  expect(await setUp(world, true)).toMatchObject({ code: 0, said: expect.stringContaining('Nothing to set up') })
})
