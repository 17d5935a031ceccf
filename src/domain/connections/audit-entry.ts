export interface AuditEntry {
  readonly id: string
  readonly teamId: string
  readonly connectionId: string
  /** Slack user, or null for Redkey itself and for visitors who proved nothing. */
  readonly actor: string | null
  readonly action:
    | 'added'
    | 'reauthorized'
    | 'confirmed'
    | 'authorization_lost'
    | 'permission_lost'
    | 'misconfigured'
    | 'recovered'
    | 'mapping_changed'
    | 'rejects_retried'
    | 'rejects_dismissed'
    | 'pushing_paused'
    | 'pushing_resumed'
    | 'push_confirmed'
    | 'claimed'
    | 'claim_released'
    | 'snoozed'
    | 'snooze_ended'
    | 'invited'
    | 'invitation_withdrawn'
    | 'reauthorized_by_invitation'
    | 'tagging_on'
    | 'tagging_off'
    | 'tags_set'
    | 'tags_undone'
    | 'paused'
    | 'resumed'
    | 'renamed'
    | 'settings_changed'
    | 'removed'
  readonly detail: string
  readonly at: Date
}

export interface HistoryStore {
  /** The newest first; after the entry `afterId`, if that is there, those before it. */
  of(connectionId: string, limit: number, afterId?: string | null): Promise<AuditEntry[]>
}
