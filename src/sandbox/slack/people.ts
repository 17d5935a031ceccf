/** A person of the workspace (or, with another `teamId`, of another company in a shared channel). */
export interface Person {
  readonly id: string
  /** The handle, as in `user_name`. */
  readonly name: string
  readonly realName: string
  /** IANA name. */
  readonly tz: string
  readonly isAdmin?: boolean
  readonly isOwner?: boolean
  /** `is_restricted` on the wire. */
  readonly isGuest?: boolean
  readonly deleted?: boolean
  readonly email?: string
  /** Left out: the workspace's own. */
  readonly teamId?: string
}

export interface Channel {
  readonly id: string
  readonly name: string
  readonly isPrivate?: boolean
  readonly isArchived?: boolean
  /** Shared with another company (Slack Connect). */
  readonly isExtShared?: boolean
  /** User ids; left out: everybody. */
  readonly members?: readonly string[]
  /** Whether the bot is a member; left out: yes. */
  readonly hasBot?: boolean
  readonly topic?: string
}

export interface UserGroup {
  readonly id: string
  readonly handle: string
  readonly users: readonly string[]
}

export const ANA = 'U0ANARUIZ'
export const BEN = 'U0BENOKAFOR'
export const CHLOE = 'U0CHLOEMARTIN'
export const GUEST = 'U0GUSGUEST'
/** Of another company. Who wants her in the workspace's channels adds her. */
export const PARTNER: Person = {
  id: 'U0PIANOVAK',
  name: 'pia',
  realName: 'Pia Novak',
  tz: 'Europe/Zurich',
  teamId: 'T0NORTHWIND',
}
export const MARKETING_OPS = 'C0MARKETINGOPS'
export const GENERAL = 'C0GENERAL'

export const DEFAULT_PEOPLE: readonly Person[] = [
  { id: ANA, name: 'ana', realName: 'Ana Ruiz', tz: 'America/New_York', isAdmin: true },
  { id: BEN, name: 'ben', realName: 'Ben Okafor', tz: 'Europe/London' },
  { id: CHLOE, name: 'chloe', realName: 'Chloe Martin', tz: 'Europe/Paris' },
  { id: GUEST, name: 'gus', realName: 'Gus Lind', tz: 'America/Los_Angeles', isGuest: true },
]

export const DEFAULT_CHANNELS: readonly Channel[] = [
  { id: MARKETING_OPS, name: 'marketing-ops', topic: 'Campaigns, CRM and ad accounts' },
  { id: GENERAL, name: 'general', topic: 'Company-wide announcements' },
]

const TZ_OFFSET = /GMT(?:([+-])(\d{2}):(\d{2}))?/

/** Seconds east of UTC at `at`, as in `tz_offset`. */
export function tzOffsetSeconds(tz: string, at: Date): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value
  const [, sign, hours, minutes] = TZ_OFFSET.exec(name ?? '') ?? []
  if (sign === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}
