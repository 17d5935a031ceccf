import type { AuditEntry } from '../domain/connections/audit-entry.ts'
import { causeWords } from './causes.ts'
import { code, date, escapeMrkdwn, personOr } from './mrkdwn.ts'
import { count } from './words.ts'

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
  return `• ${date(at)}: ${HAPPENED[action]}${by}${detail === '' ? '' : ` (${detailWords(action, detail)})`}`
}

/** The same without the URL parameters of ads, for where those are shown, too. */
export function shortHistoryLine(entry: AuditEntry): string {
  const { action, detail } = entry
  if (action === 'tagging_on') return historyLine({ ...entry, detail: '' })
  if (action !== 'tags_set' && action !== 'tags_undone') return historyLine(entry)
  return historyLine({ ...entry, detail: detail.slice(0, Math.max(0, detail.lastIndexOf(': '))) })
}

/** Most details are words or numbers already; what is a code is told in words, or named as one. */
function detailWords(action: AuditEntry['action'], detail: string): string {
  switch (action) {
    case 'authorization_lost':
      return causeWords('authorization', detail)
    case 'permission_lost':
      return causeWords('permission', detail)
    case 'misconfigured':
      return `code ${code(detail)}, for whoever runs Redkey`
    case 'rejects_retried':
    case 'rejects_dismissed':
      return rejectWords(detail)
    case 'snoozed':
      return untilWords(detail)
    default:
      return escapeMrkdwn(detail)
  }
}

/** "until 2026-11-30 03:06 UTC", as each reader's clock has it. */
function untilWords(detail: string): string {
  const [, day, time] = /^until (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC$/.exec(detail) ?? []
  return day === undefined ? escapeMrkdwn(detail) : `until ${date(new Date(`${day}T${time}:00Z`))}`
}

/** Of "20", "20 × REQUIRED_FIELD_MISSING" or "REQUIRED_FIELD_MISSING". */
function rejectWords(detail: string): string {
  if (/^\d+$/.test(detail)) return count(Number(detail))
  const [, number, reason = detail] = /^(\d+) × (.*)$/s.exec(detail) ?? []
  return `${number === undefined ? 'those' : count(Number(number))} that were refused with the code ${code(reason)}`
}
