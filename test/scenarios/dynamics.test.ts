import { expect, onTestFinished, test } from 'vitest'
import { startFakeDynamics } from '../../src/sandbox/providers/dynamics/fake-dynamics.ts'
import { startFakeEntra } from '../../src/sandbox/providers/entra/fake-entra.ts'
import { ANA } from '../../src/sandbox/slack/people.ts'
import { backlogOf, cardsSaying, check, connectUrl, reports, shownBy, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { aTouchpoint, aWorld, touchpoints } from '../support/world.ts'

const TOUCHPOINT = 'bizible2_bizible_touchpoint'
const ANA_OF_ACME = { org: 'Acme Inc', username: 'ana@acme.example' }
const TOM_OF_ACME = { org: 'Acme Inc', username: 'tom@acme.example' }

/** The app connected to the production environment of a company that has Dynamics 365. */
async function aContoso() {
  const entra = await startFakeEntra({ port: 0 })
  const redirectUris: string[] = []
  const fake = await startFakeDynamics({ port: 0, entra, clientId: 'client', clientSecret: 'secret', redirectUris })
  const world = await aWorld({ env: fake.env })
  onTestFinished(async () => {
    await world[Symbol.asyncDispose]()
    await Promise.all([fake.close(), entra.close()])
  })
  redirectUris.push(`${world.config.url}/oauth/callback/dynamics`)
  const link = await connectUrl(world, ANA, 'dynamics')
  const seen = await aVisitor().login(link, ANA_OF_ACME, 'POST')
  expect(seen.text).toContain('Contoso')
  await world.beat(2)
  return { world, entra, contoso: fake.environment('Contoso') }
}

test('what a dead login held back at Dynamics 365 is pushed after somebody else of the company has logged in', async () => {
  const { world, entra, contoso } = await aContoso()
  const id = { connection: 'dynamics' }
  await world.send(...touchpoints(3, 'before').map((one) => ({ ...one, ...id })))
  await world.beat(2)
  expect(contoso.records(TOUCHPOINT).size).toBe(3)

  entra.endLogins('revoked')
  contoso.expireAccessTokens()
  await check(world, 'dynamics')
  expect(await statusOf(world, 'dynamics')).toBe('authorization_required')
  await world.send(...touchpoints(120, 'missed').map((one) => ({ ...one, ...id })), aTouchpoint({ id: 'odd/id?', ...id }))
  await world.beat(2)
  expect(contoso.records(TOUCHPOINT).size).toBe(3)

  contoso.dropAnswers(1, 'after_commit')
  await aVisitor().login(world.reauthorizeUrl(), TOM_OF_ACME)
  await world.beat(20)
  expect(await backlogOf(world, 'dynamics')).toEqual({ waiting: 0, pushed: 124, superseded: 0, rejected: 0 })
  expect(reports(world)[0]).toContain('All 121 missed touchpoints accounted for: 121 pushed, 0 superseded, 0 rejected')
  expect(contoso.records(TOUCHPOINT).size).toBe(124)
  expect(contoso.counts(TOUCHPOINT).created).toBe(124)
})

test('a table without an alternate key holds every touchpoint until an admin has added it', async () => {
  const { world, contoso } = await aContoso()
  contoso.setKey(TOUCHPOINT, 'bizible2_uniqueid', null)
  await world.send(...touchpoints(60).map((one) => ({ ...one, connection: 'dynamics' })))
  await world.beat(3)
  expect(await statusOf(world, 'dynamics')).toBe('permission_required')
  const [card] = cardsSaying(world, 'alternate key')
  expect(shownBy(card)).toContain('bizible2_uniqueid')
  expect(shownBy(card)).not.toContain('needs authorization')
  expect(await backlogOf(world, 'dynamics')).toMatchObject({ waiting: 60, rejected: 0 })

  await check(world, 'dynamics')
  expect(await statusOf(world, 'dynamics')).toBe('permission_required')
  contoso.setKey(TOUCHPOINT, 'bizible2_uniqueid', 'Active')
  await check(world, 'dynamics')
  await world.beat(10)
  expect(await statusOf(world, 'dynamics')).toBe('connected')
  expect(await backlogOf(world, 'dynamics')).toEqual({ waiting: 0, pushed: 60, superseded: 0, rejected: 0 })
})
