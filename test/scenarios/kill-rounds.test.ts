import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { BulkCall } from '../../src/sandbox/providers/salesforce/bulk-jobs.ts'
import { soon } from '../support/acts.ts'
import { aLife, isBad, type Life, shownMessages, untilRed } from '../support/kill-rounds.ts'
import { aSeed, fromEnvironment, seeded } from '../support/seeded.ts'
import { TOUCHPOINT_OBJECT } from '../support/world.ts'

/** Each ends with one `kill -9`. `TEST_KILL_ROUNDS=200` is the long proof. */
const ROUNDS = fromEnvironment('TEST_KILL_ROUNDS', 6)
const SEED = aSeed()
const ROUND_MS = 20_000
/** Touchpoints of a request: what comes to wait stays below the threshold of bulk, or passes it, or that of a sample as well. */
const A_FEW_OR_MANY = [2, 30, 100] as const
const BULK_CALLS: readonly BulkCall[] = [
  'create',
  'list',
  'upload',
  'close',
  'abort',
  'state',
  'successfulResults',
  'failedResults',
]

/** What is going on while the process is killed, one after another. Each goes on until it is done, however often that happens. */
const PHASES: readonly ((life: Life) => Promise<void>)[] = [
  async function touchpointsComeInAndArePushed(life) {
    loseSomeAnswersOfTheCrm(life)
    await life.ingestUntilKilled()
  },
  async function theGrantDiesAndTheCardIsPosted(life) {
    loseSomeAnswersOfSlack(life)
    life.live.acme.revokeGrant()
    await untilRed(life)
  },
  async function touchpointsComeInWhileItIsRed(life) {
    await life.ingestUntilKilled(life.chance.oneOf(A_FEW_OR_MANY))
  },
  async function somebodyLogsInAndWhatWasMissedIsPushed(life) {
    const { live, chance } = life
    live.acme.switches.latencyMs = chance.between(0, 80)
    live.acme.bulk.switches.atOnce = chance.happens(0.7)
    loseSomeAnswersOfTheCrm(life)
    if (chance.happens(0.6)) life.dieAt(chance.oneOf(['create', 'upload', 'close']))
    await life.login()
  },
  async function aBulkJobIsWorkedOnAndItsResultsAreRead(life) {
    const { live, chance } = life
    live.acme.switches.latencyMs = 0
    loseSomeAnswersOfTheCrm(life)
    if (chance.happens(0.2)) live.acme.bulk.switches.failAfter = chance.between(1, 500)
    if (chance.happens(0.2))
      live.acme.bulk.cutResults(chance.oneOf(['successfulResults', 'failedResults']), chance.between(0, 20_000))
    if (chance.happens(0.7)) life.dieAt(chance.oneOf(['state', 'successfulResults', 'failedResults']))
  },
  async function theReportIsPosted(life) {
    loseSomeAnswersOfSlack(life)
    await sleep(life.chance.between(0, 1500))
  },
]

function loseSomeAnswersOfTheCrm({ live, chance }: Life): void {
  live.acme.dropAnswers(chance.between(0, 2), chance.oneOf(['after_commit', 'before_commit']))
  live.acme.bulk.loseAnswers(chance.oneOf(BULK_CALLS), chance.between(0, 2), chance.oneOf(['after', 'before']))
}

function loseSomeAnswersOfSlack({ live, chance }: Life): void {
  if (chance.happens(0.3)) live.slack.faults.commitThenReset({ method: 'chat.postMessage' })
}

test(`kill -9, ${ROUNDS} times in one life of the database, loses nothing, doubles nothing, and every report is exact (TEST_SEED=${SEED})`, {
  timeout: 60_000 + ROUNDS * ROUND_MS,
}, async () => {
  await using life = await aLife(seeded(SEED))
  await life.live.start()
  await life.live.connect()
  for (let round = 0; round < ROUNDS; round++) {
    const goingOn = PHASES[round % PHASES.length]?.(life)
    await life.killSoon()
    await goingOn
  }
  await allIsWellAgain(life)
  await life.live.running().end('SIGTERM')
  expectTheCrmToHoldTheNewestOfEach(life)
  expectTheRecordToAddUp(life)
  expectNoJobToBeLeftAtTheCrm(life)
  const jobs = Object.groupBy(life.live.acme.bulk.jobs, ({ state }) => state)
  const figures = { ...life.moments, ...Object.fromEntries(Object.entries(jobs).map(([state, some]) => [state, some.length])) }
  process.stdout.write(`${JSON.stringify({ rounds: ROUNDS, seed: SEED, versions: life.versions(), ...figures })}\n`)
})

/** The faults end, and what is under way comes to its end. */
async function allIsWellAgain(life: Life): Promise<void> {
  const { acme, slack, api } = life.live
  acme.switches.latencyMs = 0
  acme.dropAnswers(0, 'after_commit')
  acme.bulk.switches.atOnce = true
  acme.bulk.switches.failAfter = null
  for (const call of BULK_CALLS) for (const when of ['before', 'after'] as const) acme.bulk.loseAnswers(call, 0, when)
  slack.faults.clear()
  if ((await life.status()) !== 'connected') await life.login()
  await soon('nothing waits', async () => JSON.stringify(await api('/v1/connections/salesforce')).includes('"waiting":0'), 60_000)
  await soon('nothing is due in Slack', async () => dueMessages(life) === 0, 90_000)
}

function dueMessages({ live }: Life): number {
  return rows(live.databaseFile, 'select 1 from messages where shown < wanted').length
}

function rows(databaseFile: string, query: string): Record<string, number | string>[] {
  const database = new Database(databaseFile, { readonly: true })
  try {
    return database.prepare(query).all() as Record<string, number | string>[]
  } finally {
    database.close()
  }
}

function expectTheCrmToHoldTheNewestOfEach({ live, sent }: Life): void {
  const held = [...live.acme.records(TOUCHPOINT_OBJECT).values()]
  const found = held.map(({ externalId, fields }) => [externalId, fields['bizible2__Ad_Content__c']])
  const wanted = [...sent].filter(([id]) => !isBad(id)).map(([id, version]) => [id, `version ${version}`])
  expect(new Map(found as [string, string][])).toEqual(new Map(wanted as [string, string][]))
}

function expectNoJobToBeLeftAtTheCrm({ live }: Life): void {
  expect(live.acme.bulk.jobs.filter(({ state }) => !['JobComplete', 'Failed', 'Aborted'].includes(state))).toEqual([])
}

/** Every version that was taken is counted once, every catch-up adds up, and Slack shows each card and report once, with its numbers. */
function expectTheRecordToAddUp(life: Life): void {
  const { databaseFile } = life.live
  const bad = [...life.sent.keys()].filter(isBad).length
  const [backlog] = rows(databaseFile, 'select waiting, pushed, superseded, rejected from backlogs')
  const { pushed = 0, superseded = 0 } = backlog as Record<string, number>
  expect(backlog).toMatchObject({ waiting: 0, rejected: bad })
  expect(pushed + superseded + bad).toBe(life.versions())

  const shown = shownMessages(life.live)
  const messages = rows(databaseFile, "select id, kind, outage_id, catch_up_id from messages where kind in ('outage', 'report')")
  for (const { id, kind } of messages) expect([kind, shown.get(String(id))?.length]).toEqual([kind, 1])
  expect(rows(databaseFile, 'select 1 from outages').length).toBe(messages.filter(({ kind }) => kind === 'outage').length)
  const catchUps = rows(databaseFile, 'select * from catch_ups')
  expect(catchUps.length).toBe(messages.filter(({ kind }) => kind === 'report').length)
  for (const { id, expected, pushed, superseded, rejected, finished_at } of catchUps) {
    expect(finished_at).not.toBeNull()
    expect(Number(pushed) + Number(superseded) + Number(rejected)).toBe(expected)
    const report = messages.find(({ kind, catch_up_id }) => kind === 'report' && catch_up_id === id)
    const [text] = shown.get(String(report?.['id'])) ?? []
    const numbers = [pushed, superseded, rejected].map((number) => Number(number).toLocaleString('en-US'))
    expect(text).toContain(
      expected === 0 ? 'No touchpoint was missed.' : `${numbers[0]} pushed, ${numbers[1]} superseded, ${numbers[2]} rejected.`,
    )
  }
}
