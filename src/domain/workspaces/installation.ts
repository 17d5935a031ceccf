import type { Sealed } from '../access/secrets.ts'
import type { Workspace } from '../slack.ts'

export const INSTALLATION_ENDS = ['uninstalled', 'token_revoked'] as const
export type InstallationEnd = (typeof INSTALLATION_ENDS)[number]

/** What the history of a workspace tells. */
export const WORKSPACE_ACTIONS = [
  'installed',
  'uninstalled',
  'channel_changed',
  'digest_changed',
  'token_added',
  'token_removed',
] as const

/** The app in a workspace that installed it by itself. There is none for the workspace of the settings, whose token stands there. */
export interface Installation {
  readonly teamId: string
  readonly botUserId: string
  readonly scopes: readonly string[]
  /** The bot token; null: it has ended. */
  readonly sealed: Sealed | null
  /** Slack user. */
  readonly installedBy: string
  readonly installedAt: Date
  /** Where what has no channel of its own goes; null: to whoever installed it, as a direct message. */
  readonly channelId: string | null
  readonly endedAt: Date | null
  readonly endedHow: InstallationEnd | null
  /** Counts installs and ends. */
  readonly version: number
}

export type NewInstallation = Pick<Installation, 'teamId' | 'botUserId' | 'scopes' | 'installedBy' | 'installedAt'> & {
  readonly sealed: Sealed
}

export interface WorkspaceAuditEntry {
  readonly id: string
  readonly teamId: string
  /** Slack user, or null for Slack itself and for whoever runs Redkey. */
  readonly actor: string | null
  readonly action: (typeof WORKSPACE_ACTIONS)[number]
  readonly detail: string
  readonly at: Date
}

/** What we ask of the store for installations; whole facts like those of `Store`. */
export interface InstallationStore {
  find(teamId: string): Promise<Installation | undefined>
  /** By team id, those that have ended among them. */
  all(): Promise<Installation[]>
  /**
   * The workspace has the app, for the first time or anew; its channel stays. If the last installation had ended, what was given up
   * for it is due again, but for lines in threads: they are news no more.
   */
  save(installation: NewInstallation, workspace: Workspace, audit: WorkspaceAuditEntry): Promise<void>
  /** Forgets the token. False: it had ended already, or was installed anew since it was seen. */
  end(seen: Installation, how: InstallationEnd, audit: WorkspaceAuditEntry): Promise<boolean>
  /** What waits to be posted is due at once, since it may be for that channel. False: there is no such installation, or it has ended. */
  setChannel(teamId: string, channelId: string, audit: WorkspaceAuditEntry): Promise<boolean>
  /** The same token under another key, if it is still the one that was seen. */
  reseal(seen: Installation, sealed: Sealed): Promise<boolean>
  /** The settings have taken the workspace over. */
  remove(teamId: string): Promise<void>
  /** The newest first. */
  history(teamId: string, limit: number): Promise<WorkspaceAuditEntry[]>
}

export type BotBinding = Pick<Installation, 'teamId'>

/** Seals bot tokens, bound to their workspace. */
export interface BotSealer {
  seal(token: string, binding: BotBinding): Promise<Sealed>
  /** Throws `SEAL_BROKEN` when the text was not sealed for this workspace or its key is gone. */
  open(sealed: Sealed, binding: BotBinding): Promise<string>
  /** An older key sealed it. */
  isOutdated(sealed: Sealed): boolean
}

/** Why a message was given up whose workspace has the app no more. */
export const WORKSPACE_GONE = 'workspace_gone'
