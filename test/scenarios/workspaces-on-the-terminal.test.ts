import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examineStore } from '../../src/domain/doctor.ts'
import { findConnection } from '../../src/domain/outbox/setup-crm.ts'
import { examineWorkspaces } from '../../src/domain/workspaces/examine-workspaces.ts'
import { WORKSPACE_GONE } from '../../src/domain/workspaces/installation.ts'
import { printConnections } from '../../src/inbound/cli/connections.ts'
import { readCostsCommand, tellCosts } from '../../src/inbound/cli/costs.ts'
import { readCrmCommand } from '../../src/inbound/cli/crm-setup.ts'
import { findTarget } from '../../src/inbound/cli/import/find-target.ts'
import { chooseWorkspace } from '../../src/inbound/cli/workspace-option.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { addConnection, aWorkspace } from '../support/builders.ts'
import { BETA_TEAM, type TwoWorkspaces, twoWorkspaces } from '../support/two-workspaces.ts'
import { UAT } from '../support/world.ts'

let world: TwoWorkspaces
beforeAll(async () => {
  world = await twoWorkspaces()
  await world.install()
  await world.connect()
  await world.connectBeta(UAT)
  for (const teamId of ['T0ACME', BETA_TEAM])
    await addConnection(world.store, { teamId, name: 'meta', provider: 'meta', kind: 'ads', accountName: `Meta of ${teamId}` })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

describe('a name that two workspaces have is asked about, and one of them can be named', () => {
  async function costs(...args: string[]) {
    const command = readCostsCommand(args)
    if (!command) return { code: 'usage', out: '', err: '' }
    let [out, err] = ['', '']
    const paper = { output: { write: (text: string) => (out += text) }, errors: { write: (text: string) => (err += text) } }
    const code = await tellCosts(world.app.deps, command, paper)
    return { code, out, err }
  }

  test('by costs', async () => {
    const several = await costs('meta')
    expect(several).toMatchObject({ code: 64, out: '' })
    expect(several.err).toContain('--workspace')
    expect(await costs('meta', '--workspace', BETA_TEAM)).toMatchObject({ code: 0, err: '' })
    expect(await costs('meta', '--workspace', 'T9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no connection meta'),
    })
  })

  test('by the set-up of a CRM', async () => {
    const { store } = world
    expect(await findConnection({ store }, 'salesforce')).toMatchObject({ kind: 'several' })
    expect(await findConnection({ store }, 'salesforce', BETA_TEAM)).toMatchObject({
      kind: 'found',
      connection: { teamId: BETA_TEAM, accountName: 'Acme UAT' },
    })
    expect(await findConnection({ store }, 'salesforc', BETA_TEAM)).toEqual({ kind: 'unknown', nearest: 'salesforce' })
    expect(readCrmCommand(['setup', 'salesforce', '--workspace', 'T2', '--yes'])).toEqual({
      name: 'salesforce',
      isYes: true,
      workspace: 'T2',
    })
    expect(readCrmCommand(['setup', 'salesforce', '--force'])).toBeNull()
  })

  test('by the import', async () => {
    const { deps } = world.app
    for (const wanted of [null, 'salesforce'])
      expect(await findTarget(deps, wanted, '/connections')).toMatchObject({
        kind: 'nowhere',
        says: expect.stringContaining('--workspace'),
      })
    expect(await findTarget(deps, null, '/connections', BETA_TEAM)).toEqual({
      kind: 'found',
      teamId: BETA_TEAM,
      crms: ['salesforce'],
    })
    expect(await findTarget(deps, null, '/connections', 'T9')).toMatchObject({ says: expect.stringContaining(BETA_TEAM) })
  })

  test('without --workspace the only one is meant', () => {
    const [acme, beta] = [aWorkspace({ teamId: 'T1' }), aWorkspace({ teamId: 'T2' })]
    expect(chooseWorkspace([acme], null)).toEqual({ kind: 'chosen', workspace: acme })
    expect(chooseWorkspace([acme, beta], 'T2')).toEqual({ kind: 'chosen', workspace: beta })
    expect(chooseWorkspace([acme, beta], null)).toMatchObject({ kind: 'refused' })
    expect(chooseWorkspace([], null)).toMatchObject({ kind: 'refused', says: expect.stringContaining('npm start') })
  })
})

const listed = async () => {
  const { store } = world
  const installation = await store.installations.find(BETA_TEAM)
  return Promise.all(
    (await store.workspaces.all()).map(async (workspace) => ({
      workspace,
      installation: workspace.teamId === BETA_TEAM ? installation : undefined,
      overviews: await store.connections.overviews(workspace.teamId),
    })),
  )
}

const examined = async (allowed: readonly string[] = [BETA_TEAM]) => {
  const { deps } = world.app
  const tokens = { of: async () => ({ kind: 'token' as const, token: 'x' }) }
  const options = { ...deps, tokens, allowed, installUrl: 'https://redkey.example.com/slack/install', command: '/connections' }
  return (await examineWorkspaces(options)).map(({ about, state, says, next }) => `${state} ${about}: ${says} ${next}`)
}

test('doctor tells where cards go, and who may install and has not', async () => {
  expect(await examined([BETA_TEAM, 'T0GAMMA'])).toEqual([
    expect.stringMatching(/^warning Slack workspace Beta \(T0BETA\): .*direct messages.*settings channel/),
    expect.stringMatching(/^warning Slack workspace T0GAMMA: .*has not yet.*\/slack\/install/),
  ])
  await world.askBeta(`settings channel ${MARKETING_OPS}`, ANA)
  expect(await examined()).toEqual([expect.stringMatching(/^ok .*its cards go to C0MARKETINGOPS/)])
})

test('the list of connections is by workspace', async () => {
  const text = printConnections(await listed())
  expect(text).toMatch(/Beta \(T0BETA\)\nNAME[\s\S]*Acme UAT/)
  expect(text).toMatch(/Acme \(T0ACME\)\nNAME[\s\S]*Acme Inc/)
  expect(text).not.toContain('removed the app')
})

test('when a workspace has removed the app, both tell that nobody there can be told', async () => {
  world.beta.faults.revokeBotToken('account_inactive')
  expect(await examined()).toEqual([
    expect.stringMatching(/^problem .*Slack refuses its token: nobody there can be told of its 2 connections/),
  ])
  world.turn(3_600_000)
  await world.beta.sendEvent({ type: 'app_uninstalled' })
  await expect.poll(async () => (await world.store.installations.find(BETA_TEAM))?.endedAt ?? null).not.toBeNull()
  expect(await examined()).toEqual([
    expect.stringMatching(
      /^problem .*removed the app on \d{4}-.*2 connections, which go on being checked\. .*installs it again: https/,
    ),
  ])
  expect(printConnections(await listed())).toMatch(/! Beta \(T0BETA\) removed the app on \d{4}.*nobody there can be told/)

  world.sandbox.salesforce.org('Acme UAT').revokeGrant()
  const red = await world.store.connections.byName(BETA_TEAM, 'salesforce')
  await world.store.checks.reschedule(red?.id ?? '', world.clock.now())
  await world.beat(3)
  expect(new Set((await world.store.messages.failed()).map(({ reason }) => reason))).toEqual(new Set([WORKSPACE_GONE]))
  expect(await examineStore(world)).toMatchObject([{ state: 'ok' }])
})

test('doctor tells which token is not used, and why', async () => {
  await world.install()
  const { deps } = world.app
  const options = { ...deps, allowed: [BETA_TEAM], installUrl: 'https://r.example/slack/install', command: '/connections' }
  const say = async (reason: 'not_in_redkey_workspaces' | 'seal_broken') =>
    (await examineWorkspaces({ ...options, tokens: { of: async () => ({ kind: 'none', reason }) } }))[0]
  expect(await say('not_in_redkey_workspaces')).toMatchObject({
    state: 'warning',
    next: expect.stringContaining('REDKEY_WORKSPACES'),
  })
  expect(await say('seal_broken')).toMatchObject({ state: 'problem', next: expect.stringContaining('REDKEY_KEYS') })
})
