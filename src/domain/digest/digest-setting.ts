import type { Day } from '../day.ts'
import type { Settings } from '../deps.ts'
import { isTimeZone } from '../local-time.ts'
import type { WorkspaceAuditEntry } from '../workspaces/installation.ts'

/** When a channel gets its digest, if at all. */
export interface DigestSetting {
  readonly isOn: boolean
  /** IANA name: whose Monday morning it comes at, and whose days it tells. */
  readonly timeZone: string
  /** A Monday that was over in this time zone when it was set, and not yet in the one before: its digest is told all the same. */
  readonly owedWeek: Day | null
}

/** What people set for a channel. */
export interface ChannelDigest extends DigestSetting {
  readonly teamId: string
  /** The channel, or the person (`U…`) who installed the app, as long as cards go there. */
  readonly channelId: string
  /** Slack user. */
  readonly changedBy: string
  readonly changedAt: Date
  /** 1 when it was set for the first time. */
  readonly version: number
}

/** What we ask of the store for digest settings; whole facts like those of `Store`. */
export interface DigestSettingStore {
  find(teamId: string, channelId: string): Promise<ChannelDigest | undefined>
  /** Of a workspace, or of all. By channel. */
  all(teamId?: string): Promise<ChannelDigest[]>
  /** False: it is not at the version before any more, or for version 1: there is one already. */
  save(next: ChannelDigest, audit: WorkspaceAuditEntry): Promise<boolean>
}

/**
 * What holds for a channel: what was set for it, and until then what the settings of Redkey say; these also where a zone was set under
 * another Node that this one does not know.
 */
export function digestSetting(
  found: DigestSetting | undefined,
  { digest, timeZone }: Pick<Settings, 'digest' | 'timeZone'>,
): DigestSetting {
  if (!found) return { isOn: digest, timeZone, owedWeek: null }
  return isTimeZone(found.timeZone) ? found : { ...found, timeZone }
}
