import { asc } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectTrueAccounts } from '../support/accounts.ts'
import { aCourse, type Course, nameOf } from '../support/course.ts'
import { type EmptyDatabase, emptyDatabase } from '../support/empty-database.ts'
import { addUp, beginJournal } from '../support/journal.ts'
import { ONCE_WRONG, schedule } from '../support/schedule.ts'
import { aSeed, fromEnvironment } from '../support/seeded.ts'
import { storedVersions } from '../support/stored-versions.ts'

/** How many schedules are lived through. `TEST_SCHEDULES=5000` is a longer proof. */
const SCHEDULES = fromEnvironment('TEST_SCHEDULES', 250)
/** CI's patience. Whoever asks for a number of schedules waits for them. */
const AT_MOST_MS = process.env['TEST_SCHEDULES'] === undefined ? 18_000 : 3_600_000
const SEED = aSeed()

let databases: EmptyDatabase
beforeAll(async () => {
  databases = await emptyDatabase()
  beginJournal(databases.template)
})
afterAll(() => databases.remove())

test('whatever happens, and in whatever order, every touchpoint is accounted for after each step, and the CRM ends with the newest of each', {
  timeout: AT_MOST_MS + 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async ({ turns, ...how }) => {
      const databaseFile = databases.next()
      await using course = await aCourse(databaseFile, how)
      for (const turn of turns) {
        await course.play(turn)
        await expectTrueBooks(course, databaseFile)
        await expectPushedToBeThere(course)
      }
      await course.heal()
      await expectTrueBooks(course, databaseFile)
      await expectAllToHaveArrived(course)
    }),
    {
      examples: ONCE_WRONG.map((one) => [one]),
      numRuns: SCHEDULES,
      seed: SEED,
      interruptAfterTimeLimit: AT_MOST_MS,
      markInterruptAsFailure: false,
    },
  )
})

/** Counters, catch-ups and reports say what the rows say, and what the database's own journal of them adds up to. */
async function expectTrueBooks(course: Course, databaseFile: string): Promise<void> {
  const { dialect, store } = await course.observer()
  await expectTrueAccounts(dialect, store, course.connectionId)
  const { catchUps } = dialect.tables
  const counted = await dialect.queries.select().from(catchUps).orderBy(asc(catchUps.startedAt), asc(catchUps.id))
  const { connectionId } = course
  expect({
    backlog: await store.outbox.backlog(connectionId),
    catchUps: counted.map(({ expected, pushed, superseded, rejected }) => ({ expected, pushed, superseded, rejected })),
  }).toEqual(addUp(databaseFile))
}

/** Nothing is called pushed before it is in the CRM, and no older version is written over a newer one. */
async function expectPushedToBeThere(course: Course): Promise<void> {
  for (const { state, name } of await rowsOf(course)) if (state === 'pushed') expect(course.everWritten).toContain(name)
  expect(course.stepsBack).toEqual([])
}

async function expectAllToHaveArrived(course: Course): Promise<void> {
  await expectPushedToBeThere(course)
  const rows = await rowsOf(course)
  const { newest, unanswered } = course
  const ids = new Set(rows.map(({ id }) => id))
  expect([...newest.keys()].filter((id) => !ids.has(id))).toEqual([])
  expect(rows.filter(({ state }) => state === 'waiting')).toEqual([])
  for (const row of rows) {
    const { id } = row
    const expected = [newest.get(id) ?? '', ...(unanswered.get(id) ?? [])].map((content) => nameOf({ id, content }))
    if (row.state !== 'dismissed') expect(expected).toContain(row.name)
    if (row.state === 'pushed') expectToHoldNothingOlder(course, row, rows)
  }
}

/** Another in its place is newer, and of an id (in other case) whose newest version the CRM refused or is yet to show: that one was pushed too. */
function expectToHoldNothingOlder({ held, places }: Course, pushed: Row, rows: readonly Row[]): void {
  const found = held.get(pushed.id.toLowerCase())
  expect(found).toBeDefined()
  const name = nameOf(found ?? { id: '', content: '' })
  if (name === pushed.name) return
  expect(places.get(name), `${name} instead of ${pushed.name}`).toBeGreaterThan(places.get(pushed.name) ?? 0)
  const row = rows.find(({ id }) => id === found?.id)
  if (row?.state === 'pushed') expect(name).toBe(row.name)
}

interface Row {
  readonly id: string
  readonly state: string
  readonly name: string
}

/** In order of acceptance. */
async function rowsOf(course: Course): Promise<Row[]> {
  const { dialect } = await course.observer()
  const names = new Map([...course.places].map(([name, key]) => [key, name]))
  return (await storedVersions(dialect)).map(({ id, key, state, payload }) => {
    // What was settled on its own has dropped its payload.
    if (payload === null) return { id, state, name: names.get(key) ?? '' }
    const { adContent: content } = JSON.parse(payload) as { adContent: string }
    return { id, state, name: nameOf({ id, content }) }
  })
}
