import type { Workspace } from '../slack.ts'

export interface WorkspaceStore {
  /** Remembers who the bot token belongs to. */
  save(workspace: Workspace, at: Date): Promise<void>
  /** The last saved first. */
  all(): Promise<Workspace[]>
}
