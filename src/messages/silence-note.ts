import type { Silence } from '../domain/warnings/warning.ts'
import { context, header, type Rendered, section } from './blocks.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'
import { plainNames } from './named.ts'
import { duration, plural } from './words.ts'

const LINES = 12

/** A provider gives no usable answer for hours. Yellow: the logins may be fine, and nothing is lost. */
export function silenceNote(silence: Silence, label: string): Rendered {
  const { silent, back, everybody } = silence
  if (silent.length === 0) return overNote(silence, label)
  const since = earliest(silent)
  const what = `${label} has given no usable answer since ${date(since)}.`
  const calm = 'Nobody needs to log in. Redkey keeps asking, holds what is to be sent, and says here when it is reachable again.'
  const alone = everybody ? 'No other provider answers either, so it may be the network of the machine that Redkey runs on.' : ''
  return {
    text: `🟡 ${what} Affected: ${plainNames(silent)}. ${alone} ${calm}`.replace(/\s+/g, ' '),
    blocks: [
      header(`🟡 ${label} does not answer`),
      section(what, alone),
      section(
        `*${plural(silent.length, 'connection')}*`,
        ...lines(silent.map((one) => `• ${named(one)}: since ${date(new Date(one.since))}`)),
        ...lines(back.map((one) => `• ${named(one)}: ${again(one)}`)),
      ),
      context(calm),
    ],
  }
}

function overNote({ back }: Silence, label: string): Rendered {
  const [only] = back
  const end = new Date(Math.max(...back.map(({ until }) => Date.parse(until))))
  const after = duration(end.getTime() - earliest(back).getTime())
  const what = `${label} is reachable again after ${after}.`
  return {
    text: `✅ ${what} ${plainNames(back)}: nobody had to log in.`,
    blocks: [
      header(`✅ ${label} is reachable again after ${after}`),
      back.length === 1 && only
        ? section(`${named(only)}: ${again(only)}.`)
        : section(`*${plural(back.length, 'connection')}*`, ...lines(back.map((one) => `• ${named(one)}: ${again(one)}`))),
    ],
  }
}

function earliest(ones: readonly { readonly since: string }[]): Date {
  return new Date(Math.min(...ones.map(({ since }) => Date.parse(since))))
}

function again({ since, until }: Silence['back'][number]): string {
  return `reachable again after ${duration(Date.parse(until) - Date.parse(since))}`
}

function named({ accountName, name }: { readonly accountName: string; readonly name: string }): string {
  return `*${escapeMrkdwn(accountName)}* (${escapeMrkdwn(name)})`
}

function lines(all: readonly string[]): string[] {
  return all.length <= LINES ? [...all] : [...all.slice(0, LINES), `… and ${all.length - LINES} more`]
}
