import type { UptimeRow, WeekUptime } from '../../domain/digest/digest.ts'
import { escapeMrkdwn } from '../mrkdwn.ts'
import { count, duration, plural } from '../words.ts'

const WORST = 3

/** Rounded down: only what never failed has 100 %. */
export function percent(uptime: number): string {
  return uptime >= 1 ? '100 %' : `${(Math.floor(uptime * 1000) / 10).toFixed(1)} %`
}

/** "All 6 connections worked all week.", "4 of 6 connections worked all week." */
export function workedWords({ connections, worked, rows }: WeekUptime): string {
  if (connections === 0) return 'Every connection of this channel is paused.'
  const all = rows.others === 0 && rows.first.every(({ addedAt }) => addedAt !== null)
  const how = all ? 'since it was added' : 'all week'
  if (worked === connections)
    return connections === 1
      ? `The one connection worked ${how}.`
      : `All ${plural(connections, 'connection')} worked ${all ? 'since they were added' : how}.`
  if (connections === 1) return 'The one connection did not work all the time.'
  return `${worked === 0 ? 'None' : count(worked)} of ${plural(connections, 'connection')} worked all week.`
}

/** "Google Ads gave no usable answer for 3 h (2 connections). Nobody had to log in." */
export function silenceLines({ silences }: WeekUptime): string[] {
  return silences.map(
    ({ provider, connections, ms }) =>
      `${escapeMrkdwn(provider)} gave no usable answer for ${duration(ms)} (${plural(connections, 'connection')}); nobody had to log in.`,
  )
}

/** "salesforce 96.4 %, not working for 6 h 3 min" */
export function rowWords({ name, uptime, downMs }: UptimeRow): string {
  return downMs === 0 ? `${name} ${percent(uptime)}` : `${name} ${percent(uptime)}, not working for ${duration(downMs)}`
}

/** "salesforce 96.4 %, not working for 6 h 3 min; …": the worst, for who can't see the picture. */
export function worstWords({ rows, connections, worked }: WeekUptime): string {
  const down = rows.first.filter(({ downMs }) => downMs > 0).slice(0, WORST)
  if (down.length === 0) return ''
  const more = connections - worked - down.length
  return `${down.map((row) => rowWords({ ...row, name: escapeMrkdwn(row.name, 30) })).join('; ')}${more > 0 ? `; and ${count(more)} more` : ''}.`
}

/** Those that the picture has no room for. */
export function othersWords({ rows, connections, worked }: WeekUptime): string {
  if (rows.others === 0) return ''
  const worked100 = rows.first.filter(({ downMs }) => downMs === 0).length
  const down = connections - worked - (rows.first.length - worked100)
  return down === 0
    ? `${plural(rows.others, 'further connection')} worked all week.`
    : `${plural(rows.others, 'further connection')}, of which ${count(down)} did not work all week.`
}
