import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../../src/clock.ts'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import { brokenTogether, median, weekBreaks } from '../../../src/domain/digest/breaks.ts'
import type { CountedSince, PastOutage } from '../../../src/domain/digest/digest.ts'
import { recurrencesOf } from '../../../src/domain/digest/recurrences.ts'
import { lengthMs, type Span, silentSpans, union, uptimeOf, weekUptime } from '../../../src/domain/digest/uptime.ts'
import { costDays, weekCosts } from '../../../src/domain/digest/week-costs.ts'
import { weekEndings } from '../../../src/domain/digest/week-endings.ts'
import { weekTouchpoints } from '../../../src/domain/digest/week-touchpoints.ts'
import { aConnection, aGrant, anOutage } from '../../support/builders.ts'

/** Hours after the beginning of the week. */
const UNTIL = new Date('2026-11-23T09:00:00Z')
const FROM = later(UNTIL, -7 * DAY_MS)
const WEEK: Span = { from: FROM, until: UNTIL }
const hour = (hours: number) => later(FROM, hours * HOUR_MS)
const span = (from: number, until: number): Span => ({ from: hour(from), until: hour(until) })
const label = (provider: string) => provider.toUpperCase()
const nobody = async () => null
const of = (connections: readonly Connection[]) => new Map(connections.map((one) => [one.id, one]))
const old = (over: Partial<Connection> = {}) => aConnection({ addedAt: later(FROM, -90 * DAY_MS), ...over })

/** Open from one hour of the week to another; null: still open. */
function out({ id }: Connection, from: number, until: number | null, over: Partial<PastOutage> = {}): PastOutage {
  const closed = until === null ? {} : { closedAt: hour(until), closedHow: 'reauthorized' as const, closedBy: 'U1' }
  return anOutage({ connectionId: id, lastProofAt: hour(from), openedAt: hour(from), ...closed, ...over })
}

describe('uptime', () => {
  test.each([
    ['no outage', [], 1],
    ['one of a day', [span(24, 48)], 6 / 7],
    ['two that overlap count once', [span(10, 20), span(15, 25)], 1 - 15 / 168],
    ['one within another adds nothing', [span(10, 30), span(12, 14)], 1 - 20 / 168],
    ['two that touch', [span(10, 20), span(20, 30)], 1 - 20 / 168],
    ['what lies before and after the week does not count', [span(-50, 10), span(160, 500)], 1 - 18 / 168],
    ['all of it', [span(-1, 200)], 0],
    ['one that ends before it begins is none', [span(30, 20)], 1],
  ])('%s', (_name, down, expected) => {
    expect(uptimeOf(down, WEEK)).toBeCloseTo(expected, 10)
  })

  test('overlapping times are told as one, in order', () => {
    expect(union([span(15, 25), span(40, 41), span(10, 20)], WEEK)).toEqual([span(10, 25), span(40, 41)])
  })

  test('a week in which clocks change has an hour less or more', () => {
    const spring = { from: new Date('2026-03-23T08:00:00Z'), until: new Date('2026-03-30T07:00:00Z') }
    const autumn = { from: new Date('2026-10-19T07:00:00Z'), until: new Date('2026-10-26T08:00:00Z') }
    expect([lengthMs([spring]), lengthMs([autumn])]).toEqual([167 * HOUR_MS, 169 * HOUR_MS])
    const day = (start: Date) => ({ from: start, until: later(start, DAY_MS) })
    expect(uptimeOf([day(spring.from)], spring)).toBeCloseTo(1 - 24 / 167, 10)
    expect(uptimeOf([day(autumn.from)], autumn)).toBeCloseTo(1 - 24 / 169, 10)
  })

  test('counts from the last proof on, and of a new connection since it was added', () => {
    const [first, second] = [old({ name: 'a' }), aConnection({ name: 'b', addedAt: hour(84) })]
    const outages = new Map([
      [first.id, [out(first, 10, 20, { lastProofAt: hour(8) })]],
      [second.id, [out(second, 84, 126)]],
    ])
    const { rows, worked } = weekUptime([first, second], outages, new Map(), WEEK, label)
    expect(worked).toBe(0)
    expect(rows.first.map(({ name, uptime, addedAt }) => [name, uptime, addedAt])).toEqual([
      ['b', 0.5, hour(84).toISOString()],
      ['a', 1 - 12 / 168, null],
    ])
  })

  test('a provider that gives no answer is told apart from an outage, and both together count once', () => {
    const [one, other] = [old({ provider: 'meta' }), old({ provider: 'meta' })]
    const named = { name: 'x', accountName: 'X' }
    const silences = silentSpans(
      [
        {
          kind: 'silence',
          provider: 'meta',
          silent: [{ ...named, id: other.id, since: hour(160).toISOString() }],
          back: [{ ...named, id: one.id, since: hour(10).toISOString(), until: hour(20).toISOString() }],
          everybody: false,
        },
      ],
      UNTIL,
    )
    const uptime = weekUptime([one, other], new Map([[one.id, [out(one, 15, 30)]]]), silences, WEEK, label)
    const row = uptime.rows.first.find(({ name }) => name === one.name)
    expect(row?.downMs).toBe(20 * HOUR_MS)
    expect(row?.spans.map(({ kind }) => kind)).toEqual(['silent', 'out'])
    expect(uptime.silences).toEqual([{ provider: 'META', connections: 2, ms: 18 * HOUR_MS }])
  })

  test('of ten thousand connections the ten worst are told', () => {
    const many = Array.from({ length: 10_000 }, (_, place) =>
      old({ id: `c${place}`, name: `n${String(place).padStart(5, '0')}` }),
    )
    const outages = new Map(many.slice(0, 12).map((one, place) => [one.id, [out(one, 0, place + 1)]]))
    const { rows, worked, connections } = weekUptime(many, outages, new Map(), WEEK, label)
    expect([connections, worked, rows.others]).toEqual([10_000, 9_988, 9_990])
    expect(rows.first.map(({ downMs }) => downMs / HOUR_MS)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])
  })
})

describe('what broke', () => {
  test('connections of one login that break together for one reason are one break', () => {
    const login = [1, 2, 3].map(() => old({ grantId: 'g1', provider: 'google-ads' }))
    const other = old({ grantId: 'g2' })
    const minutes = (n: number) => n / 60
    const outages = [
      out(login[0] as Connection, 10, 20),
      out(login[1] as Connection, 10 + minutes(5), 22),
      out(login[2] as Connection, 10 + minutes(14), 21),
      out(login[0] as Connection, 30, null),
      out(other, 10, 11),
    ]
    const together = brokenTogether(outages, of([...login, other]))
    expect(together.map(({ connections, closedAt }) => [connections.length, closedAt])).toEqual([
      [3, hour(22)],
      [1, hour(11)],
      [1, null],
    ])
  })

  test('tells the median and the longest time to log in, and by whom', async () => {
    const all = [1, 2, 3, 4].map(() => old())
    const [a, b, c, d] = all as [Connection, Connection, Connection, Connection]
    const outages = [
      out(a, 10, 11),
      out(b, 20, 25, { closedBy: 'U2' }),
      out(c, 30, 32),
      out(d, 40, 41, { closedHow: 'withdrawn', closedBy: null }),
      out(a, -30, 3, { closedBy: null, closedByUsername: 'cem@acme.example' }),
      out(b, 150, null),
    ]
    const names: Record<string, string> = { U1: 'Ana', U2: 'Ben' }
    const breaks = await weekBreaks(outages, of(all), WEEK, label, async (id) => names[id] ?? null)
    expect(breaks).toMatchObject({ count: 6, open: 1 })
    expect(breaks.logins).toEqual({ count: 4, medianMs: 3.5 * HOUR_MS, longestMs: 33 * HOUR_MS })
    expect(breaks.by.first).toEqual([
      { name: 'Ana', count: 2 },
      { name: 'Ben', count: 1 },
      { name: 'cem@acme.example', count: 1 },
    ])
    expect(breaks.list.first.map(({ openedAt }) => openedAt)).toEqual(
      [150, -30, 20, 30, 10].map((one) => hour(one).toISOString()),
    )
    expect(breaks.list.others).toBe(1)
  })

  test('is of the week if it was open in it', async () => {
    const one = old()
    const before = out(one, -20, -10)
    const across = out(one, -5, 1)
    const { count } = await weekBreaks([before, across, out(one, 200, null)], of([one]), WEEK, label, nobody)
    expect(count).toBe(1)
  })

  test.each([
    [[5], 5],
    [[1, 9], 5],
    [[9, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7, 7, 7, 7, 1], 7],
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  test('nothing has no median', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})

describe('recurrences', () => {
  const breaks = (connection: Connection, days: readonly number[], over: Partial<PastOutage> = {}) =>
    days.map((back) => out(connection, 168 - 24 * back, 169 - 24 * back, { cause: 'password_changed', ...over }))
  const told = (outages: readonly PastOutage[], connections: readonly Connection[]) =>
    recurrencesOf(outages, of(connections), FROM, UNTIL, label)

  test('the third break in 60 days is told with its causes, the most frequent first', () => {
    const one = old()
    const outages = [...breaks(one, [2, 30, 59]), ...breaks(one, [45], { cause: 'expired' })]
    expect(told(outages, [one]).first).toMatchObject([
      {
        times: 4,
        provider: 'SALESFORCE',
        causes: [
          { cause: 'password_changed', times: 3 },
          { cause: 'expired', times: 1 },
        ],
      },
    ])
  })

  test('two breaks, breaks long ago, and breaks that were none are not told', () => {
    const one = old()
    expect(told(breaks(one, [2, 30]), [one]).first).toEqual([])
    expect(told(breaks(one, [2, 30, 61]), [one]).first).toEqual([])
    expect(told([...breaks(one, [2, 30]), ...breaks(one, [4], { closedHow: 'withdrawn' })], [one]).first).toEqual([])
  })

  test('what did not break again this week is not told again', () => {
    const one = old()
    expect(told(breaks(one, [8, 20, 40]), [one]).first).toEqual([])
  })

  test('connections of one login that broke alike are told as one', () => {
    const login = Array.from({ length: 7 }, () => old({ grantId: 'g1' }))
    const other = old({ grantId: 'g2' })
    const outages = [...login, other].flatMap((one) => breaks(one, [1, 10, 20]))
    const { first } = told(outages, [...login, other])
    expect(first.map(({ connections, others }) => connections.length + others)).toEqual([7, 1])
  })
})

describe('costs', () => {
  test('the seven days are those of the account that ended hours ago', () => {
    expect(costDays('Europe/Berlin', UNTIL)).toEqual({ from: '2026-11-16', to: '2026-11-22' })
    expect(costDays('America/Los_Angeles', UNTIL)).toEqual({ from: '2026-11-15', to: '2026-11-21' })
  })

  test('amounts are summed by currency, and accounts that miss days are named', () => {
    const [whole, part, none] = [1, 2, 3].map(() => old({ kind: 'ads', provider: 'meta' })) as [
      Connection,
      Connection,
      Connection,
    ]
    const sum = (connectionId: string, wholeDays: number, micros: bigint) => ({ connectionId, wholeDays, lostDays: 1, micros })
    const known = new Map([
      [whole.id, { currency: 'EUR', sum: sum(whole.id, 7, 9_007_199_254_740_993_000_000n) }],
      [part.id, { currency: 'USD', sum: sum(part.id, 4, 1_500_000n) }],
      [none.id, { currency: null, sum: null }],
    ])
    expect(weekCosts([whole, part, none, old()], known, label)).toMatchObject({
      accounts: 3,
      whole: 1,
      amounts: [
        { currency: 'EUR', amount: '9007199254740993.00' },
        { currency: 'USD', amount: '1.50' },
      ],
      incomplete: {
        first: [
          { id: none.id, wholeDays: 0 },
          { id: part.id, wholeDays: 4, lostDays: 1 },
        ],
        others: 0,
      },
    })
    expect(weekCosts([old()], known, label)).toBeNull()
  })
})

describe('touchpoints', () => {
  const counters = (pushed: number, superseded: number, rejected: number) => ({ pushed, superseded, rejected })
  const overview = (connection: Connection, waiting = 0) => ({
    connection,
    username: '',
    backlog: { waiting, ...counters(0, 0, 0) },
    outage: null,
    catchUp: null,
    holds: [],
    refreshExpiresAt: null,
  })
  const known = (all: readonly CountedSince[]) => new Map(all.map((one) => [one.connectionId, one]))

  test('are counted from the last digest on, of a new CRM from its beginning, of one never counted not yet', () => {
    const [counted, fresh, unknown] = [old(), aConnection({ addedAt: hour(30) }), old()]
    const told = weekTouchpoints(
      [overview(counted, 4), overview(fresh, 2), overview(unknown, 9)],
      known([
        { connectionId: counted.id, now: counters(150, 7, 5), before: { at: hour(1), ...counters(50, 5, 5) } },
        { connectionId: fresh.id, now: counters(10, 0, 3), before: null },
        { connectionId: unknown.id, now: counters(1_000, 0, 0), before: null },
      ]),
      FROM,
    )
    expect(told).toEqual({ since: hour(1).toISOString(), pushed: 110, superseded: 2, rejected: 3, waiting: 6, uncounted: 1 })
  })

  test('of no CRM, or none that was counted before, nothing is told', () => {
    const [ads, unknown] = [old({ kind: 'ads' }), old()]
    expect(weekTouchpoints([overview(ads)], known([]), FROM)).toBeNull()
    const never = { connectionId: unknown.id, now: counters(5, 0, 0), before: null }
    expect(weekTouchpoints([overview(unknown)], known([never]), FROM)).toBeNull()
  })
})

describe('what ends next', () => {
  const inDays = (days: number) => later(UNTIL, days * DAY_MS)
  const login = (connection: Connection, days: number) => ({
    grant: aGrant({ provider: connection.provider, refreshExpiresAt: inDays(days) }),
    connections: [connection],
  })

  test('logins and secrets of the next 60 days, the first first; not what has ended, is red, or is of another channel', () => {
    const here = [old({ provider: 'meta' }), old({ provider: 'linkedin' }), old({ provider: 'dynamics' })] as const
    const red = old({ health: { ...old().health, status: 'authorization_required' } })
    const endings = weekEndings(
      of([...here, red]),
      [login(here[0], 40), login(here[1], 3), login(here[2], -1), login(red, 5), login(old(), 4), login(here[2], 61)],
      [
        { provider: 'dynamics', at: inDays(20) },
        { provider: 'microsoft-ads', at: inDays(2) },
      ],
      UNTIL,
      label,
    )
    expect(endings.first.map(({ kind, provider }) => [kind, provider])).toEqual([
      ['login', 'LINKEDIN'],
      ['secret', 'DYNAMICS'],
      ['login', 'META'],
    ])
    expect(endings.others).toBe(0)
  })
})

test('a minute of outage is no 100 %', () => {
  expect(uptimeOf([{ from: FROM, until: later(FROM, MINUTE_MS) }], WEEK)).toBeLessThan(1)
})
