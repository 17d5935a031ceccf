import { isIP } from 'node:net'
import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import { isTimeZone } from '../domain/local-time.ts'

/** The environment as read: nothing else of the process is looked at. */
export type Environment = Readonly<Record<string, string | undefined>>

export interface Read {
  <T>(name: string, schema: z.ZodType<T, string>, fallback: T): T
  /** Required: `what` says what to set. */
  <T>(name: string, schema: z.ZodType<T, string>, fallback: undefined, what: string): T | undefined
}

export function reader(env: Environment, problems: string[]): Read {
  return <T>(name: string, schema: z.ZodType<T, string>, fallback: T | undefined, what?: string): T => {
    const raw = env[name]?.trim()
    if (!raw) {
      if (what !== undefined) problems.push(`${name} is missing: set it to ${what}`)
      return fallback as T
    }
    const parsed = schema.safeParse(raw)
    if (parsed.success) return parsed.data
    problems.push(`${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}`)
    return fallback as T
  }
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }
export const duration = z.string().transform((text, context) => {
  const [, amount, unit] = /^(\d+)\s*(ms|s|m|h|d)$/.exec(text) ?? []
  const ms = Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN)
  if (Number.isFinite(ms) && ms >= 100) return ms
  context.addIssue('must be a duration like 30s, 5m or 2h')
  return z.NEVER
})

export const share = z.string().transform((text, context) => {
  const number = Number(text)
  if (number > 0 && number <= 1) return number
  context.addIssue('must be a share above 0 and up to 1, like 0.8 for 80 %')
  return z.NEVER
})

export const portNumber = z.string().transform((text, context) => {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  context.addIssue('must be a port from 0 to 65535')
  return z.NEVER
})

export const countOrOff = z.string().transform((text, context) => {
  if (text.toLowerCase() === 'off') return null
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  context.addIssue('must be a whole number from 1, or off')
  return z.NEVER
})

/** Fewer than three would leave no card as it is. */
export const stormCards = z.string().transform((text, context) => {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 3) return Number(text)
  context.addIssue('must be a whole number from 3')
  return z.NEVER
})

export const keyList = list.transform((parts, context) => {
  const keys = parts.map((part) => Buffer.from(part, 'base64'))
  if (keys.length > 0 && keys.every((key) => key.length === 32)) return keys
  context.addIssue('must be a comma list of keys of 32 bytes in base64. Make one with: openssl rand -base64 32')
  return z.NEVER
})

export const tokenList = list
export const slackId = z.string().regex(/^[UWS][A-Z0-9]+$/, 'must be a Slack user id (U…) or user group id (S…)')
export const slackIds = list.refine(
  (ids) => ids.every((id) => /^[UWS][A-Z0-9]+$/.test(id)),
  'must be a comma list of Slack user ids (U…) or user group ids (S…)',
)
export const teamIds = list.refine(
  (ids) => ids.every((id) => /^T[A-Z0-9]+$/.test(id)),
  'must be a comma list of Slack workspace ids (T…); organizations (E…) install workspace by workspace',
)
/** Of the people that settings name: the user groups. */
export function groupsAmong({
  admins,
  members,
}: {
  readonly admins: readonly string[]
  readonly members: readonly string[]
}): string[] {
  return [...new Set([...admins, ...members])].filter((id) => id.startsWith('S'))
}

export const channel = z
  .string()
  .regex(/^[CGD][A-Z0-9]+$/, 'must be a channel id (C… or G…), not a name: in Slack, channel name › About, at the bottom')
export const emoji = z.string().regex(/^:[a-z0-9_+-]+:$/, 'must be an emoji name like :red-key:')
export const command = z
  .string()
  .regex(/^\/[a-z0-9_-]{1,31}$/, 'must start with / and have at most 32 small letters, digits, - or _')
export const yesNo = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'], 'must be true or false')
  .transform((text) => ['true', '1', 'yes'].includes(text))
export const onOff = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['on', 'off'], 'must be on or off'))
  .transform((text) => text === 'on')
export const timeZone = z.string().refine(isTimeZone, 'must be a time zone like Europe/Berlin')
/** Slack's tokens look alike: one in the other's place is told at once. */
export const slackToken = (prefix: string) =>
  z.string().refine((token) => token.startsWith(prefix) || !/^xox|^xapp-/.test(token), `must begin with ${prefix}`)
export const databaseAddress = z
  .string()
  .regex(/^(file:.+|:memory:|postgres(ql)?:\/\/.+)$/, 'must be file:<path> or postgres://<user>@<host>/<database>')

/** An address that browsers or tokens go to: https, or http on this machine only. */
export const publicUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    context.addIssue('must be a URL like https://redkey.example.com')
    return z.NEVER
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    context.addIssue(`must be https: plain http is for localhost only, and ${url.hostname} is not`)
    return z.NEVER
  }
  return url.href.replace(/\/+$/, '')
})

export const slashedUrl = publicUrl.transform((url) => `${url}/`)

function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}

/** A day, in UTC. */
export const day = z.string().transform((text, context) => {
  const date = new Date(`${text}T00:00:00Z`)
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime())) return date
  context.addIssue('must be a day like 2027-06-30')
  return z.NEVER
})
