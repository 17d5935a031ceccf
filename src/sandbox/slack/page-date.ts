/** Slack's date tokens in the time zone of whoever looks, `en-US` as in Slack's default. */
export function formatSlackDate(format: string, at: Date, viewer: { tz: string; now: Date }): string {
  return format.replaceAll(/\{(\w+)\}/g, (token, name: string) => {
    const writer = TOKENS[name]
    return writer === undefined ? token : writer(at, viewer.tz, viewer.now)
  })
}

/** `9:12 AM` */
export function clockTime(at: Date, tz: string): string {
  return part(at, tz, { hour: 'numeric', minute: '2-digit' })
}

/** `Today`, `Yesterday` or `Monday, November 23rd`, as between the days of a channel. */
export function dayLabel(at: Date, tz: string, now: Date): string {
  const near = nearDay(at, tz, now)
  if (near !== null) return near.charAt(0).toUpperCase() + near.slice(1)
  return `${part(at, tz, { weekday: 'long' })}, ${part(at, tz, { month: 'long' })} ${ordinal(Number(part(at, tz, { day: 'numeric' })))}`
}

/** When a message was written: its `ts` as a Date. */
export function tsDate(ts: string): Date {
  return new Date(Math.floor(Number(ts) * 1000))
}

type Writer = (at: Date, tz: string, now: Date) => string

const TOKENS: Readonly<Record<string, Writer>> = {
  date_num: (at, tz) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at),
  date_slash: (at, tz) => part(at, tz, { year: 'numeric', month: '2-digit', day: '2-digit' }),
  date: long({ month: 'long' }),
  date_short: (at, tz) => part(at, tz, { month: 'short', day: 'numeric', year: 'numeric' }),
  date_long: (at, tz, now) => `${part(at, tz, { weekday: 'long' })}, ${long({ month: 'long' })(at, tz, now)}`,
  date_pretty: (at, tz, now) => nearDay(at, tz, now) ?? long({ month: 'long' })(at, tz, now),
  date_short_pretty: (at, tz, now) => nearDay(at, tz, now) ?? part(at, tz, { month: 'short', day: 'numeric', year: 'numeric' }),
  date_long_pretty: (at, tz, now) =>
    nearDay(at, tz, now) ?? `${part(at, tz, { weekday: 'long' })}, ${long({ month: 'long' })(at, tz, now)}`,
  time: clockTime,
  time_secs: (at, tz) => part(at, tz, { hour: 'numeric', minute: '2-digit', second: '2-digit' }),
  ago: (at, _tz, now) => ago(at, now),
}

function part(at: Date, tz: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: tz, ...options }).format(at).replaceAll('\u202f', ' ')
}

function long(month: Intl.DateTimeFormatOptions): Writer {
  return (at, tz) =>
    `${part(at, tz, month)} ${ordinal(Number(part(at, tz, { day: 'numeric' })))}, ${part(at, tz, { year: 'numeric' })}`
}

function nearDay(at: Date, tz: string, now: Date): string | null {
  const day = (moment: number) => part(new Date(moment), tz, { year: 'numeric', month: 'numeric', day: 'numeric' })
  const dayMs = 24 * 3_600_000
  if (day(at.getTime()) === day(now.getTime())) return 'today'
  if (day(at.getTime()) === day(now.getTime() - dayMs)) return 'yesterday'
  return day(at.getTime()) === day(now.getTime() + dayMs) ? 'tomorrow' : null
}

function ordinal(day: number): string {
  const teens = day % 100 >= 11 && day % 100 <= 13
  return `${day}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`
}

function ago(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000)
  const [size, unit] =
    seconds < 60 ? [1, 'second'] : seconds < 3600 ? [60, 'minute'] : seconds < 86_400 ? [3600, 'hour'] : [86_400, 'day']
  const count = Math.floor(Math.abs(seconds) / Number(size))
  return `${count} ${unit}${count === 1 ? '' : 's'} ${seconds < 0 ? 'from now' : 'ago'}`
}
