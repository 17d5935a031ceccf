import type { AuditEntry } from '../domain/connections/audit-entry.ts'
import { date, escapeMrkdwn, personOr } from './mrkdwn.ts'

const HAPPENED: Readonly<Record<AuditEntry['action'], string>> = {
  added: 'added',
  reauthorized: 'reauthorized',
  reauthorized_by_invitation: 'reauthorized by invitation',
  confirmed: 'confirmed for pushing',
  authorization_lost: 'lost its authorization',
  permission_lost: 'lost a right',
  misconfigured: 'met a set-up problem',
  recovered: 'works again',
  mapping_changed: 'field mapping changed',
  rejects_retried: 'rejected touchpoints tried again',
  rejects_dismissed: 'rejected touchpoints dismissed',
  pushing_paused: 'pushing put on hold',
  pushing_resumed: 'pushing goes on',
  push_confirmed: 'catch-up allowed to push',
  claimed: 'taken on',
  claim_released: 'released',
  snoozed: 'reminders snoozed',
  snooze_ended: 'snooze ended',
  tagging_on: 'auto-tagging switched on',
  tagging_off: 'auto-tagging switched off',
  tags_set: 'URL parameters set',
  tags_undone: 'URL parameters taken back',
  invited: 'somebody outside the workspace was invited to log in',
  invitation_withdrawn: 'invitation withdrawn',
  paused: 'paused',
  resumed: 'resumed',
  renamed: 'renamed',
  settings_changed: 'settings changed',
  removed: 'removed',
}

/** One thing that happened to a connection: when, what, by whom. */
export function historyLine({ at, action, actor, detail }: AuditEntry): string {
  const by = actor === null ? '' : ` by ${personOr(actor, 'somebody')}`
  return `• ${date(at)}: ${HAPPENED[action]}${by}${detail === '' ? '' : ` (${escapeMrkdwn(detail)})`}`
}
