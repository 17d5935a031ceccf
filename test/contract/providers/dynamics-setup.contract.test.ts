import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { CrmSetup, SetupStep } from '../../../src/domain/crm.ts'
import type { Tokens, Verdict } from '../../../src/domain/provider.ts'
import { dynamics } from '../../../src/outbound/providers/dynamics/dynamics.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { startFakeDynamics } from '../../../src/sandbox/providers/dynamics/fake-dynamics.ts'
import { startFakeEntra } from '../../../src/sandbox/providers/entra/fake-entra.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { aClock } from '../../outbound/providers/a-server.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/dynamics'
const VERIFIER = 'v'.repeat(43)
const ANA = { org: 'Acme Inc', username: 'ana@acme.example' }
const TOUCHPOINTS = 'redkey_touchpoint'
const ATTRIBUTION = 'redkey_attributiontouchpoint'
const MEASURE = 'bizible2_bizible_touchpoint'
const MEASURE_KEY = 'bizible2_uniqueid'

/** An environment with or without Marketo Measure, and a login to it. */
async function anEnvironment({ hasMeasure = false } = {}) {
  const clock = aClock()
  const client = { clientId: 'client', clientSecret: 'secret' }
  const entra = await startFakeEntra({ port: 0, now: clock.now })
  const environments = [{ name: 'Plain', isSandbox: false, usernames: [ANA.username], hasMeasure }]
  const fake = await startFakeDynamics({ ...client, port: 0, entra, redirectUris: [REDIRECT_URI], now: clock.now, environments })
  const http = createHttp(clock)
  onTestFinished(async () => {
    http.close()
    await Promise.all([fake.close(), entra.close()])
  })
  const plain = fake.environment('Plain')
  const crm = dynamics({ ...client, loginUrl: entra.loginUrl, url: plain.url }, { http, clock })
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const url = crm.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'state', codeChallenge, loginHint: null })
  const code = new URL(await signIn(url, ANA)).searchParams.get('code') ?? ''
  const tokens = await crm.exchangeCode({ code, codeVerifier: VERIFIER, redirectUri: REDIRECT_URI })
  if (tokens.kind !== 'ok' || !crm.setup) throw new Error('no login or no setup')
  return { plain, crm, setup: crm.setup, tokens: tokens.value }
}

async function described(setup: CrmSetup, tokens: Tokens): Promise<readonly SetupStep[]> {
  const steps = await setup.describe(tokens)
  if (steps.kind !== 'ok') throw new Error(`not described: ${steps.explanation}`)
  return steps.value
}

/** Makes what is missing; the first refusal ends it. */
async function make(setup: CrmSetup, tokens: Tokens): Promise<Verdict | null> {
  for (const step of await described(setup, tokens)) {
    if (step.state !== 'missing') continue
    let ticket: string | null = null
    for (let look = 0; look < 10; look += 1) {
      const made = await setup.apply(tokens, step, ticket)
      if (made.kind !== 'ok') return made
      if (made.value.kind === 'done') break
      ticket = made.value.ticket
    }
  }
  return null
}

const told = (steps: readonly SetupStep[]) => steps.map(({ says, state }) => `${state}: ${says}`)

test('what an environment without Marketo Measure lacks is told, made in order, and there at once', async () => {
  const { plain, crm, setup, tokens } = await anEnvironment()
  expect(told(await described(setup, tokens))).toEqual([
    'missing: Solution Redkey, which holds what is made',
    `missing: Table ${TOUCHPOINTS} with 23 columns`,
    `missing: Alternate key of ${TOUCHPOINTS} on redkey_touchkey`,
    `missing: Table ${ATTRIBUTION} with 24 columns`,
    `missing: Alternate key of ${ATTRIBUTION} on redkey_touchkey`,
  ])
  expect(plain.made).toEqual([])
  expect(await make(setup, tokens)).toBeNull()
  expect(plain.made).toEqual([
    'publisher redkey',
    'solution Redkey',
    `table ${TOUCHPOINTS}`,
    `key ${TOUCHPOINTS}.redkey_touchkey`,
    `table ${ATTRIBUTION}`,
    `key ${ATTRIBUTION}.redkey_touchkey`,
  ])
  const steps = await described(setup, tokens)
  expect(steps.map(({ state }) => state)).toEqual(['there', 'there', 'there', 'there', 'there', 'there'])
  expect(await make(setup, tokens)).toBeNull()
  expect(plain.made).toHaveLength(6)

  const { mapping } = crm.presets?.find(({ name }) => name === setup.preset) ?? {}
  for (const target of [mapping?.touchpoints, mapping?.attribution]) {
    const object = await crm.describe(tokens, target?.object ?? '')
    const fields = object.kind === 'ok' ? object.value.fields : []
    for (const name of Object.values(target?.fields ?? {}))
      expect(fields).toContainEqual(expect.objectContaining({ name, writable: true }))
    expect(fields).toContainEqual(expect.objectContaining({ name: target?.externalIdField, externalId: true }))
  }
})

test('a record is pushed to what was made, and a repeat changes no second one', async () => {
  const { plain, crm, setup, tokens } = await anEnvironment()
  await make(setup, tokens)
  const target = { object: TOUCHPOINTS, externalIdField: 'redkey_touchkey' }
  const record = { redkey_touchkey: 't1', redkey_occurredat: '2026-11-20T10:00:00Z', redkey_landingpage: 'x'.repeat(30_000) }
  for (const _ of ['once', 'again']) {
    const answer = await crm.push(tokens, target, [record])
    expect(answer).toMatchObject({ kind: 'ok', value: { outcomes: [{ kind: 'pushed' }] } })
  }
  expect([...plain.records(TOUCHPOINTS).keys()]).toEqual(['t1'])
})

test("of Marketo Measure's tables only the keys are made, and no column or table is added", async () => {
  const { plain, setup, tokens } = await anEnvironment({ hasMeasure: true })
  plain.setKey(MEASURE, MEASURE_KEY, null)
  expect(told(await described(setup, tokens))).toEqual([
    'missing: Solution Redkey, which holds what is made',
    `missing: Alternate key of ${MEASURE} on ${MEASURE_KEY}`,
    `there: Alternate key of bizible2_bizible_attribution_touchpoint on ${MEASURE_KEY}`,
  ])
  expect(await make(setup, tokens)).toBeNull()
  expect(plain.made).toEqual(['publisher redkey', 'solution Redkey', `key ${MEASURE}.${MEASURE_KEY}`])
  expect((await described(setup, tokens)).every(({ state }) => state === 'there')).toBe(true)
})

test('a key that could not be made says why, and is left to a person', async () => {
  const { plain, crm, setup, tokens } = await anEnvironment({ hasMeasure: true })
  await crm.push(tokens, { object: MEASURE, externalIdField: MEASURE_KEY }, [{ [MEASURE_KEY]: 'a' }, { [MEASURE_KEY]: 'b' }])
  plain.setKey(MEASURE, MEASURE_KEY, null)
  for (const record of plain.records(MEASURE).values()) record.fields[MEASURE_KEY] = 'Same'
  expect(await make(setup, tokens)).toMatchObject({ kind: 'rejected', explanation: expect.stringContaining('two records') })
  const made = plain.made.length
  const [key] = (await described(setup, tokens)).filter(({ state }) => state === 'different')
  expect(key?.differs).toContain('activates the key again')
  expect(await make(setup, tokens)).toBeNull()
  expect(plain.made).toHaveLength(made)
})

test('a right that is missing names itself and a role that has it; nothing is made', async () => {
  const { plain, setup, tokens } = await anEnvironment()
  plain.switches.customizers = false
  expect(await make(setup, tokens)).toMatchObject({
    kind: 'permission',
    explanation: expect.stringMatching(/prvCreatePublisher.*System Customizer/),
  })
  expect(plain.made).toEqual([])
})

test('setup waits while somebody else is customizing', async () => {
  const { plain, setup, tokens } = await anEnvironment()
  plain.switches.busyCustomizations = 3
  expect(await make(setup, tokens)).toBeNull()
  expect((await described(setup, tokens)).every(({ state }) => state === 'there')).toBe(true)
})

test('columns that are missing in a table are added to it, and those that are there stay', async () => {
  const { plain, setup, tokens } = await anEnvironment()
  await make(setup, tokens)
  plain.removeColumn(TOUCHPOINTS, 'redkey_medium')
  expect(told(await described(setup, tokens))).toContain(`missing: 1 more columns of ${TOUCHPOINTS}: redkey_medium`)
  const made = plain.made.length
  expect(await make(setup, tokens)).toBeNull()
  expect(plain.made.slice(made)).toEqual([`column ${TOUCHPOINTS}.redkey_medium`])
})

test('a user who may not write what is there learns who gives the right', async () => {
  const { plain, setup, tokens } = await anEnvironment()
  await make(setup, tokens)
  plain.setPrivilege(TOUCHPOINTS, 'Create', false)
  const different = (await described(setup, tokens)).filter(({ state }) => state === 'different')
  expect(different).toMatchObject([{ differs: expect.stringMatching(/admin gives .* security role .* redkey_touchpoint/) }])
})
