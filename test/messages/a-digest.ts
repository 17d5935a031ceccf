import { DAY_MS, HOUR_MS, later } from '../../src/clock.ts'
import type { Break, Digest, UptimeRow } from '../../src/domain/digest/digest.ts'
import type { Named } from '../../src/domain/warnings/warning.ts'

export const UNTIL = new Date('2026-11-23T08:00:00Z')
const FROM = later(UNTIL, -7 * DAY_MS)
export const hour = (hours: number) => later(FROM, hours * HOUR_MS).toISOString()
export const nothing = { first: [], others: 0 }
export const ACME: Named = { id: 'con_1', name: 'salesforce', accountName: 'Acme Corp' }

export function aRow(over: Partial<UptimeRow> = {}): UptimeRow {
  return { name: 'salesforce', accountName: 'Acme Corp', addedAt: null, uptime: 1, downMs: 0, spans: [], ...over }
}
export const out = (from: number, until: number, kind: 'out' | 'silent' = 'out') => ({
  kind,
  from: hour(from),
  until: hour(until),
})
export const aDownRow = (over: Partial<UptimeRow> = {}) =>
  aRow({ uptime: 1 - 12 / 168, downMs: 12 * HOUR_MS, spans: [out(24, 36)], ...over })

export function aBreak(over: Partial<Break> = {}): Break {
  return {
    connections: [ACME],
    others: 0,
    provider: 'Salesforce',
    kind: 'authorization',
    cause: 'password_changed',
    openedAt: hour(24),
    closedAt: hour(36),
    closedHow: 'reauthorized',
    closedBy: 'Ben',
    ...over,
  }
}

export function aDigest(over: Partial<Digest> = {}): Digest {
  return {
    week: '2026-11-23',
    timeZone: 'Europe/Berlin',
    from: FROM.toISOString(),
    until: UNTIL.toISOString(),
    uptime: { connections: 6, worked: 6, rows: { first: [aRow()], others: 0 }, silences: [] },
    breaks: { count: 0, open: 0, list: nothing, logins: null, by: nothing },
    touchpoints: null,
    costs: null,
    endings: nothing,
    recurrences: nothing,
    ...over,
  }
}

/** Five connections of six worked; Salesforce broke twice, and again and again before. */
export function aWeek(): Digest {
  const rows = [
    aDownRow({ spans: [out(24, 36), out(120, 122)] }),
    ...['google-ads', 'hubspot', 'meta'].map((name) => aRow({ name })),
  ]
  return aDigest({
    uptime: {
      connections: 6,
      worked: 5,
      rows: { first: rows, others: 2 },
      silences: [{ provider: 'Meta Ads', connections: 1, ms: 3 * HOUR_MS }],
    },
    breaks: {
      count: 2,
      open: 1,
      list: { first: [aBreak({ openedAt: hour(120), closedAt: null, closedHow: null, closedBy: null }), aBreak()], others: 0 },
      logins: { count: 1, medianMs: 12 * HOUR_MS, longestMs: 12 * HOUR_MS },
      by: { first: [{ name: 'Ben', count: 1 }], others: 0 },
    },
    touchpoints: { since: hour(0), pushed: 12_840, superseded: 31, rejected: 3, waiting: 12, uncounted: 0 },
    costs: {
      accounts: 3,
      whole: 2,
      amounts: [{ currency: 'EUR', amount: '14998.72' }],
      incomplete: { first: [{ ...ACME, name: 'meta', provider: 'Meta Ads', wholeDays: 6, lostDays: 0 }], others: 0 },
    },
    endings: {
      first: [{ kind: 'login', provider: 'LinkedIn Ads', endsAt: hour(168 + 24 * 23), connections: [ACME], others: 0 }],
      others: 0,
    },
    recurrences: {
      first: [
        {
          connections: [ACME],
          others: 0,
          provider: 'Salesforce',
          times: 4,
          causes: [{ kind: 'authorization', cause: 'password_changed', times: 4 }],
        },
      ],
      others: 0,
    },
  })
}
