import type { Connection } from '../domain/connections/connection.ts'
import type { Hold } from '../domain/outbox/hold.ts'
import { PAUSE_PUSHING_ACTION, PUSH_NOW_ACTION, RESUME_PUSHING_ACTION } from './action-ids.ts'
import { type Button, button } from './blocks.ts'

/** What a person can do about the pushing of a connection: let it go on, or hold what runs. */
export function pushingButtons(connection: Connection, holds: readonly Hold[], isRunning: boolean): Button[] {
  const value = connection.id
  const isHeld = (reason: Hold['reason']) => holds.some((hold) => hold.reason === reason)
  const canBePaused = isRunning && connection.health.status === 'connected' && !isHeld('paused') && !isHeld('ask')
  return [
    ...(isHeld('ask') ? [button('Push now', PUSH_NOW_ACTION, { style: 'primary', value })] : []),
    ...(isHeld('paused') ? [button('Push on', RESUME_PUSHING_ACTION, { style: 'primary', value })] : []),
    ...(canBePaused ? [button('Hold pushing', PAUSE_PUSHING_ACTION, { value })] : []),
  ]
}
