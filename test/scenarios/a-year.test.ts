import { isNull } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/clock.ts'
import { aSeed, fromEnvironment, seeded } from '../support/seeded.ts'
import { aYear, type Year, type YearLogin } from '../support/year.ts'

/** How many days are lived through: `TEST_YEAR_DAYS=365` is the whole proof. */
const DAYS = fromEnvironment('TEST_YEAR_DAYS', 6)
/** Real ones are five minutes apart; what is at stake goes by the number of checks. */
const CHECK_EVERY_MS = fromEnvironment('TEST_YEAR_CHECK_HOURS', 12) * HOUR_MS
const SEED = aSeed()
const ISNT_SHORT = process.env['TEST_YEAR_DAYS'] !== undefined
/** CI's patience. Whoever asks for a number of days waits for them. */
const AT_MOST_MS = ISNT_SHORT ? 6 * HOUR_MS : 18_000

test(`${DAYS} days of 1,000 connections: every dead login is red within two checks, no wrong card is left standing, none is doubled (TEST_SEED=${SEED})`, {
  timeout: ISNT_SHORT ? 7 * HOUR_MS : 120_000,
}, async () => {
  await using year = await aYear(seeded(SEED), CHECK_EVERY_MS)
  const begun = year.now().getTime()
  let nextDay = 1
  const until = performance.now() + AT_MOST_MS
  while (year.now().getTime() - begun < DAYS * DAY_MS && performance.now() < until) {
    await year.step()
    const red = await redOnes(year)
    expectTheDeadToBeRed(year, red)
    expectNoWrongOneToStand(year, red)
    if (year.now().getTime() - begun < nextDay * DAY_MS) continue
    nextDay++
    if (ISNT_SHORT && nextDay % 30 === 0) process.stdout.write(`day ${nextDay}: ${JSON.stringify(year.tally)}\n`)
  }
  await year.settle()
  const red = await redOnes(year)
  const dead = year.logins.filter(({ ill }) => ill !== null).flatMap(({ connections }) => connections)
  expect([...red].sort()).toEqual(dead.sort())
  await expectCardsOf(year, red)
  expect(year.errors).toEqual([])
  expect(year.reused()).toBe(0)
  expect(year.tally.deaths).toBeGreaterThan(0)
  if (ISNT_SHORT) process.stdout.write(`${DAYS} days, TEST_SEED=${SEED}: ${JSON.stringify(year.tally)}\n`)
})

/** Ids of connections that are red. No fault of the year looks like anything else to a person. */
async function redOnes({ watch }: Year): Promise<Set<string>> {
  const { connections } = watch.dialect.tables
  const found = await watch.dialect.queries.select({ id: connections.id, status: connections.status }).from(connections)
  const odd = found.filter(({ status }) => status !== 'connected' && status !== 'authorization_required')
  expect(odd).toEqual([])
  return new Set(found.flatMap(({ id, status }) => (status === 'authorization_required' ? id : [])))
}

/** Refused a minute apart, they are red; a quarter of an hour apart where it may be the trouble of their app. */
function expectTheDeadToBeRed(year: Year, red: ReadonlySet<string>): void {
  for (const login of year.logins) {
    const { ill, refusals, connections } = login
    const [first, last] = [refusals[0], refusals.at(-1)]
    if (ill?.kind !== 'dead' || !first || !last) continue
    if (last.getTime() - first.getTime() < (year.isExcused(login) ? 15 : 1) * MINUTE_MS) continue
    expect(
      connections.filter((id) => !red.has(id)),
      told(year, login),
    ).toEqual([])
  }
}

/** What works, at a provider that answers, is red no longer than the next two checks take. */
function expectNoWrongOneToStand(year: Year, red: ReadonlySet<string>): void {
  for (const login of year.logins) {
    const { ill, app, since, connections } = login
    if (ill !== null || app.weatherUntil !== null) continue
    const fineMs = year.now().getTime() - Math.max(since.getTime(), app.clearSince.getTime())
    if (fineMs < 2 * CHECK_EVERY_MS + 2 * HOUR_MS) continue
    expect(
      connections.filter((id) => red.has(id)),
      told(year, login),
    ).toEqual([])
  }
}

/** What is red is on cards that say so, each of which was posted once; no other card asks for anything. */
async function expectCardsOf({ watch: { slack, dialect } }: Year, red: ReadonlySet<string>): Promise<void> {
  const { outages } = dialect.tables
  const open = await dialect.queries.select().from(outages).where(isNull(outages.closedAt))
  expect(open.map(({ connectionId }) => connectionId).sort()).toEqual([...red].sort())
  const asking = slack
    .saying(/needs authorization: |connections need authorization|more connections? needs? attention/)
    .map(({ messageId }) => messageId)
  expect(asking.sort()).toEqual([...new Set(open.map(({ cardId }) => cardId))].sort())
  expect(slack.doubled).toEqual([])
}

function told(year: Year, { user, ill, since, refusals }: YearLogin): string {
  return `${user} at ${year.now().toISOString()}: ${ill?.kind ?? 'fine'} since ${since.toISOString()}, refused ${refusals.map((at) => at.toISOString()).join(', ')} (TEST_SEED=${SEED})`
}
