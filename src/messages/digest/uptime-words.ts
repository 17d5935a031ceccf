import type { UptimeRow, WeekUptime } from '../../domain/digest/digest.ts'
import { escapeMrkdwn } from '../mrkdwn.ts'
import { duration, plural } from '../words.ts'

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
  return `${worked === 0 ? 'None' : worked} of ${plural(connections, 'connection')} worked all week.`
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

/** Those that the picture has no room for. */
export function othersWords({ rows, connections, worked }: WeekUptime): string {
  if (rows.others === 0) return ''
  const worked100 = rows.first.filter(({ downMs }) => downMs === 0).length
  const down = connections - worked - (rows.first.length - worked100)
  return down === 0
    ? `${plural(rows.others, 'further connection')} worked all week.`
    : `${plural(rows.others, 'further connection')}, of which ${down} did not work all week.`
}
