import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../src/clock.ts'
import { changeDigest, readDigestForm } from '../../src/domain/digest/change-digest.ts'
import { retryRejectGroup } from '../../src/domain/outbox/move-rejects.ts'
import { openRejectsLink } from '../../src/domain/outbox/read-rejects.ts'
import { changeTagging } from '../../src/domain/tags/change-tagging.ts'
import { API_SCOPES } from '../../src/domain/workspaces/api-token.ts'
import { addToken } from '../../src/inbound/cli/tokens.ts'
import * as actionIds from '../../src/messages/action-ids.ts'
import { openSqlite } from '../../src/outbound/store/sqlite.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../src/sandbox/slack/workspace.ts'
import { connectUrl } from '../support/acts.ts'
import { BETA_TEAM, shownIn, type TwoWorkspaces, twoWorkspaces } from '../support/two-workspaces.ts'
import { aVisitor } from '../support/visitor.ts'
import { aTouchpoint, UAT } from '../support/world.ts'

/** Two workspaces with connections, touchpoints and rejects of the same names and ids; only the accounts tell them apart. */
const SIDES = {
  acme: { teamId: 'T0ACME', own: ['Acme Inc', 'Acme Demand Gen'], foreign: ['Acme UAT', 'Acme Test'] },
  beta: { teamId: BETA_TEAM, own: ['Acme UAT', 'Acme Test'], foreign: ['Acme Inc', 'Acme Demand Gen'] },
} as const
type Side = keyof typeof SIDES
const BOTH: readonly Side[] = ['acme', 'beta']

let folder: string
let world: TwoWorkspaces
let slacks: Record<Side, SlackWorkspace>
let apiTokens: Record<Side, string>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redkey-leak-'))
  world = await twoWorkspaces({ databaseUrl: `file:${join(folder, 'redkey.db')}` })
  slacks = { acme: world.slack, beta: world.beta }
  await world.install()
  await world.connect()
  const lea = { org: 'Acme Inc', username: 'lea@acme.example' }
  await world.connectIn(world.slack, lea, 'linkedin', ['511000001'])
  await world.connectBeta(UAT)
  await world.connectIn(world.beta, lea, 'linkedin', ['511000002'])
  const command = { kind: 'add', label: 'beta', workspace: BETA_TEAM, scopes: API_SCOPES } as const
  const made = await addToken({ ...world.app.deps, newTokenId: () => '0123456789ab' }, command)
  apiTokens = { acme: world.config.apiTokens[0] ?? '', beta: /rk_\S+/.exec(made.says)?.[0] ?? '' }
  for (const side of BOTH) {
    const org = world.sandbox.salesforce.org(side === 'acme' ? 'Acme Inc' : 'Acme UAT')
    org.rejectRecords({ every: 2, code: 'REQUIRED_FIELD_MISSING', message: `Refused by ${SIDES[side].own[0]}`, fields: ['Name'] })
    const records = ['tp_1', 'tp_2', 'tp_3', 'tp_4'].map((id) => aTouchpoint({ id }))
    const sent = await call(side, '/v1/touchpoints', { method: 'POST', body: JSON.stringify(records), headers: JSON_TYPE })
    expect(sent.status).toBe(202)
  }
  await world.beat(5)
  for (const job of ['costs', 'ads']) await world.run(job)
  const { deps } = world.app
  for (const side of BOTH) {
    const person = (await deps.slack.person(SIDES[side].teamId, ANA))!
    const { linkedin: ads } = await idsOf(side)
    const settingsAt = (await world.store.adScans.find(ads))?.settingsAt ?? null
    const wish = { ...WISH, parameters: 'utm_source=google', settingsAt }
    expect(await changeTagging(deps, SIDES[side].teamId, person, ads, wish)).toMatchObject({ kind: 'done' })
  }
  await world.run('ads')
  for (const side of BOTH) {
    world.sandbox.salesforce.org(side === 'acme' ? 'Acme Inc' : 'Acme UAT').revokeGrant()
    await world.store.checks.reschedule((await idsOf(side)).salesforce, world.clock.now())
  }
  await world.beat(3)
}, 60_000)
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const WISH = { isTagging: true, parameters: '', withMarketoMeasure: false, isAgreed: true, settingsAt: null }
const JSON_TYPE = { 'content-type': 'application/json' }

async function call(side: Side, path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${apiTokens[side]}`, ...init.headers }
  const answer = await fetch(`${world.config.url}${path}`, { ...init, headers })
  return { status: answer.status, text: await answer.text() }
}

async function idsOf(side: Side): Promise<Record<'salesforce' | 'linkedin', string>> {
  const find = async (name: string) => (await world.store.connections.byName(SIDES[side].teamId, name))?.id ?? ''
  return { salesforce: await find('salesforce'), linkedin: await find('linkedin') }
}

/** Every row of the database that has to do with a workspace. */
async function rowsOf(side: Side): Promise<string[]> {
  const marks = [SIDES[side].teamId, ...Object.values(await idsOf(side))]
  const dialect = openSqlite(join(folder, 'redkey.db'), false)
  const { leases: _, edits: __, ...tables } = dialect.tables
  const found: string[] = []
  for (const [name, table] of Object.entries(tables)) {
    const rows: object[] = await dialect.queries.select().from(table)
    found.push(
      ...rows.map((row) => `${name} ${JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))}`),
    )
  }
  await dialect.close()
  return found.filter((row) => marks.some((mark) => row.includes(mark))).sort()
}

const other = (side: Side): Side => (side === 'acme' ? 'beta' : 'acme')

test('both have the same names, and accounts of their own', async () => {
  for (const side of BOTH) {
    const { teamId, own } = SIDES[side]
    const overviews = await world.store.connections.overviews(teamId)
    expect(overviews.map(({ connection }) => [connection.name, connection.accountName]).sort()).toEqual([
      ['linkedin', own[1]],
      ['salesforce', own[0]],
    ])
    expect((await rowsOf(side)).length).toBeGreaterThan(10)
  }
})

test.each(BOTH)('the store tells of %s what is its own', async (side) => {
  const { teamId } = SIDES[side]
  const { connections, grants, outbox } = world.store
  const ids = await idsOf(side)
  const mine = new Set(Object.values(ids))
  expect((await connections.crms(teamId, ['salesforce'], 10)).targets.map(({ id }) => id)).toEqual([ids.salesforce])
  expect(await connections.answering(teamId)).toBe(1)
  expect((await outbox.find(teamId, 'tp_1')).map(({ connectionId }) => connectionId)).toEqual([ids.salesforce])
  for (const provider of ['salesforce', 'linkedin'] as const) {
    const working = await grants.working(teamId, provider)
    expect(working.map((grant) => grant.teamId)).toEqual(provider === 'linkedin' ? [teamId] : [])
    const [theirs] = (await connections.overviews(SIDES[other(side)].teamId)).filter(
      ({ connection }) => connection.provider === provider,
    )
    expect(await connections.byAccount(teamId, provider, theirs?.connection.accountId ?? '')).toBeUndefined()
  }
  for (const { connection } of await connections.overviews(teamId)) expect(mine).toContain(connection.id)
})

test.each(BOTH)('commands and the Home tab show %s nothing of the other', async (side) => {
  const slack = slacks[side]
  const before = await rowsOf(other(side))
  const asked = ['', 'salesforce', 'linkedin', 'check', 'check salesforce', 'rejects salesforce', 'reauthorize salesforce', 'add']
  for (const text of [...asked, 'settings linkedin', 'history salesforce', 'invite salesforce', 'digest', 'help', 'nonsense']) {
    const answers = slack.ephemerals(ANA).length
    await slack.command(ANA, MARKETING_OPS, text)
    await slack.eventually(() => slack.ephemerals(ANA).length > answers || slack.view(ANA) !== null)
    if (slack.view(ANA) !== null) await slack.closeView(ANA)
  }
  await slack.openHome(ANA)
  await slack.eventually(() => slack.home(ANA))
  const shown = shownIn(slack)
  expect(SIDES[side].own.filter((account) => !shown.includes(account))).toEqual([])
  expect(SIDES[side].foreign.filter((account) => shown.includes(account))).toEqual([])
  expect(await rowsOf(other(side))).toEqual(before)
})

describe('a button that carries something of the other workspace', () => {
  /** By action id, what it carries; an action that is missing here fails the test below. */
  async function valuesOf(side: Side): Promise<Record<string, string>> {
    const { salesforce, linkedin: ads } = await idsOf(side)
    const { rejects } = JSON.parse((await call(side, '/v1/connections/salesforce/rejects')).text)
    expect(rejects.length).toBeGreaterThan(0)
    const outageId = (await world.store.connections.overview(salesforce))?.outage?.id
    const [change] = await world.store.adScans.changes(ads, 1)
    if (outageId === undefined || change === undefined) throw new Error(`${side} has no outage or no change of tags`)
    return {
      reauthorize: `${outageId} salesforce`,
      details: salesforce,
      confirm_connection: salesforce,
      list_page: '0',
      list_page_back: '0',
      connect: '',
      pause_pushing: salesforce,
      resume_pushing: salesforce,
      push_now: salesforce,
      retry_rejects: `${salesforce} 0`,
      download_rejects: salesforce,
      show_rejects: salesforce,
      push_on: salesforce,
      claim_outage: `${outageId} 0 claim`,
      release_outage: `${outageId} 0 release`,
      snooze_outage: `${outageId} 0 1h`,
      history_older: salesforce,
      history_newest: salesforce,
      settings: ads,
      digest: MARKETING_OPS,
      tagging: ads,
      show_connections: '',
      undo_tags: change.id,
      pick_settings: ads,
      add_connection: '',
      home_filter: 'all',
      pause_connection: salesforce,
      resume_connection: salesforce,
      remove_connection: salesforce,
      export_touchpoints: '',
    }
  }
  /** They open an address, or draw the Home tab anew, which is shown to nobody here. */
  const ONLY_OPEN = ['connect', 'export_touchpoints', 'home_filter']
  const ACTIONS = Object.entries(actionIds).flatMap(([name, id]) => (name.endsWith('_ACTION') ? String(id) : []))

  test.each(ACTIONS)('%s shows and changes nothing of it', async (actionId) => {
    for (const side of BOTH) {
      const slack = slacks[side]
      const value = (await valuesOf(other(side)))[actionId]
      if (value === undefined) throw new Error(`What does ${actionId} carry?`)
      const token = slack.platform.teams.find(({ world: one }) => one.identity.teamId === SIDES[side].teamId)?.world.tokens.bot
      const bot = new WebClient(token, { slackApiUrl: world.slack.apiUrl })
      const element = {
        type: 'button',
        action_id: actionId,
        text: { type: 'plain_text', text: 'Forged' },
        ...(value && { value }),
      }
      const blocks = [{ type: 'actions', elements: [element] }] as never
      const { ts = '' } = await bot.chat.postMessage({ channel: MARKETING_OPS, text: 'forged', blocks })
      const before = await rowsOf(other(side))
      const shownBefore = shownIn(slack)
      expect(await slack.click(ANA, { channel: MARKETING_OPS, ts }, actionId)).toMatchObject({ acked: true, error: null })
      if (!ONLY_OPEN.includes(actionId)) await slack.eventually(() => shownIn(slack) !== shownBefore)
      const shown = shownIn(slack)
      expect(SIDES[side].foreign.filter((account) => shown.includes(account))).toEqual([])
      expect(await rowsOf(other(side))).toEqual(before)
    }
  })

  test('neither does a window, nor a group of rejects', async () => {
    const { deps } = world.app
    for (const side of BOTH) {
      const { teamId } = SIDES[side]
      const person = (await deps.slack.person(teamId, ANA))!
      const { salesforce, linkedin: ads } = await idsOf(other(side))
      const before = await rowsOf(other(side))
      expect(await changeTagging(deps, teamId, person, ads, WISH)).toEqual({ kind: 'gone' })
      expect(await retryRejectGroup(deps, teamId, person, salesforce, '0')).toEqual({ kind: 'gone' })
      expect(await rowsOf(other(side))).toEqual(before)
    }
  })
})

test.each(BOTH)('the digest of a channel is %s’s own, although the other has a channel of that id', async (side) => {
  const { deps } = world.app
  const { teamId } = SIDES[side]
  const person = (await deps.slack.person(teamId, ANA))!
  const before = await rowsOf(other(side))
  const wanted = { isOn: true, timeZone: side === 'acme' ? 'Asia/Tokyo' : 'America/Denver' }
  expect(await changeDigest(deps, teamId, person, MARKETING_OPS, 0, wanted)).toMatchObject({ kind: 'done' })
  expect(await readDigestForm(deps, teamId, person, MARKETING_OPS)).toMatchObject({ form: wanted })
  expect(await rowsOf(other(side))).toEqual(before)
  const shownBefore = slacks[side].ephemerals(ANA).length
  await slacks[side].command(ANA, MARKETING_OPS, 'digest')
  const answer = await slacks[side].eventually(() => slacks[side].ephemerals(ANA)[shownBefore])
  expect(answer.text).toContain(wanted.timeZone)
})

test.each(BOTH)('every route of the API gives the token of %s its own workspace only', async (side) => {
  const { paths } = JSON.parse((await call(side, '/openapi.json')).text) as { paths: Record<string, Record<string, object>> }
  const before = await rowsOf(other(side))
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    path.startsWith('/v1/') ? Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })) : [],
  )
  expect(calls.length).toBeGreaterThan(9)
  let ownSeen = 0
  // What reads goes first, so that there is something to see.
  for (const { path, method } of calls.sort((a, b) => a.method.localeCompare(b.method))) {
    for (const name of ['salesforce', 'linkedin']) {
      const filled = path.replace('{name}', name).replace('{id}', 'tp_1')
      const body = method === 'GET' ? {} : { body: path === '/v1/touchpoints' ? '[]' : '{}', headers: JSON_TYPE }
      const { status, text } = await call(side, filled, { method, ...body })
      expect([401, 403, 405, 500], `${method} ${filled}`).not.toContain(status)
      for (const account of SIDES[side].foreign) expect(text, `${method} ${filled}`).not.toContain(account)
      if (SIDES[side].own.some((account) => text.includes(account))) ownSeen++
    }
  }
  expect(ownSeen).toBeGreaterThan(3)
  expect(await rowsOf(other(side))).toEqual(before)
  const metrics = (await call(side, '/metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } })).text
  expect(metrics).toContain(`workspace="${SIDES[side].teamId}"`)
  expect(metrics).not.toContain(`workspace="${SIDES[other(side)].teamId}"`)
})

test('links of one workspace open nothing of the other', async () => {
  const { deps } = world.app
  const { salesforce, linkedin: ads } = await idsOf('acme')
  const expiresAt = later(deps.clock.now(), MINUTE_MS)
  const forged = await deps.tickets.sign({ kind: 'rejects', connectionId: salesforce, teamId: BETA_TEAM, userId: ANA }, expiresAt)
  expect(await openRejectsLink(deps, forged)).toEqual({ kind: 'gone' })

  const acmesLogin = (await deps.store.connections.find(ads))?.grantId ?? ''
  const link = await connectUrl({ ...world, slack: world.beta }, ANA, 'linkedin')
  const visitor = aVisitor()
  expect((await visitor.identify(link, ANA)).text).toContain('Use the login of Lea Moreau')
  const body = new URLSearchParams({ login: acmesLogin })
  const refused = await visitor.visit(link, { method: 'POST', body })
  expect(refused.text).toContain('does not work any more')
  expect(refused.text).not.toContain('Acme Demand Gen')
})
