import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Look } from '../../messages/look.ts'
import type { SlackActions } from './actions.ts'

/** What every listener gets. */
export interface Inbound {
  readonly actions: SlackActions
  readonly look: Look
  readonly clock: Clock
  readonly log: Log
  readonly newId: () => string
  /** Where workspaces install the app; null: only the one of the settings is served. */
  readonly installUrl: string | null
  /** How long an answer waits for its picture; one that isn't there by then is for the next time. */
  readonly pictureWaitMs: number
}
