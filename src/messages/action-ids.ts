import type { Press } from '../domain/cards/change-escalation.ts'
import { SNOOZES } from '../domain/cards/snooze-until.ts'

/** Action ids of every button ever sent. They are matched as they are: never change one, old messages keep it for ever. */
export const REAUTHORIZE_ACTION = 'reauthorize'
/** Where a card has a button for each of several logins. */
export const REAUTHORIZE_ACTIONS = [
  REAUTHORIZE_ACTION,
  'reauthorize_2',
  'reauthorize_3',
  'reauthorize_4',
  'reauthorize_5',
] as const
export const SHOW_CONNECTIONS_ACTION = 'show_connections'
export const DETAILS_ACTION = 'details'
export const CONFIRM_CONNECTION_ACTION = 'confirm_connection'
export const LIST_PAGE_ACTION = 'list_page'
/** Slack wants every button of a row to have an id of its own. */
export const LIST_PAGE_BACK_ACTION = 'list_page_back'
/** A button that opens a URL of its own, once. */
export const CONNECT_ACTION = 'connect'

export const PAUSE_PUSHING_ACTION = 'pause_pushing'
export const RESUME_PUSHING_ACTION = 'resume_pushing'
export const PUSH_NOW_ACTION = 'push_now'

export const RETRY_REJECTS_ACTION = 'retry_rejects'
export const DOWNLOAD_REJECTS_ACTION = 'download_rejects'
export const SHOW_REJECTS_ACTION = 'show_rejects'
export const PUSH_ON_ACTION = 'push_on'

export const CLAIM_ACTION = 'claim_outage'
export const RELEASE_ACTION = 'release_outage'
export const SNOOZE_ACTION = 'snooze_outage'
export const HISTORY_OLDER_ACTION = 'history_older'
export const HISTORY_NEWEST_ACTION = 'history_newest'

export const TAGGING_ACTION = 'tagging'
export const UNDO_TAGS_ACTION = 'undo_tags'

export const SETTINGS_ACTION = 'settings'
export const PICK_SETTINGS_ACTION = 'pick_settings'
export const DIGEST_ACTION = 'digest'
export const ADD_ACTION = 'add_connection'
export const HOME_FILTER_ACTION = 'home_filter'
export const PAUSE_ACTION = 'pause_connection'
export const RESUME_ACTION = 'resume_connection'
export const REMOVE_ACTION = 'remove_connection'
/** Buttons that only open a file. */
export const EXPORT_ACTION = 'export_touchpoints'

/** Callback ids of windows that are submitted. */
export const TAGGING_VIEW = 'tagging'
export const SETTINGS_VIEW = 'settings'
export const DIGEST_VIEW = 'digest'
export const ADD_VIEW = 'add'
export const REMOVE_VIEW = 'remove'
/** Of windows that only tell something. */
export const SAID_VIEW = 'said'

/** What a Reauthorize button carries. */
export interface ReauthorizeValue {
  readonly outageId: string | null
  readonly connectionName: string
}

export function writeReauthorizeValue(value: ReauthorizeValue): string {
  return `${value.outageId ?? ''} ${value.connectionName}`
}

export function readReauthorizeValue(text: string): ReauthorizeValue {
  const [outageId = '', connectionName = ''] = text.split(' ')
  return { outageId: outageId === '' ? null : outageId, connectionName }
}

/** What a Retry these button carries. */
export interface RetryRejectsValue {
  readonly connectionId: string
  readonly groupId: string
}

export function writeRetryRejectsValue({ connectionId, groupId }: RetryRejectsValue): string {
  return `${connectionId} ${groupId}`
}

export function readRetryRejectsValue(text: string): RetryRejectsValue {
  const [connectionId = '', groupId = ''] = text.split(' ')
  return { connectionId, groupId }
}

/** What *I'm on it*, *Release* and the choices of *Snooze* carry. At most 75 characters in all: they are values of a menu, too. */
export function writePress({ outageId, version, what }: Press): string {
  return `${outageId} ${version} ${what}`
}

const WHATS = ['claim', 'release', 'wake', ...SNOOZES] as const

/** Undefined for what no button of ours ever carried. */
export function readPress(text: string): Press | undefined {
  const [outageId = '', version = '', word = ''] = text.split(' ')
  const what = WHATS.find((one) => one === word)
  return what === undefined || outageId === '' || !/^\d+$/.test(version)
    ? undefined
    : { outageId, version: Number(version), what }
}

/** What a button of a history carries: `afterId` null means from the newest on. */
export function writeHistoryValue(connectionId: string, afterId: string | null): string {
  return `${connectionId} ${afterId ?? ''}`
}

export function readHistoryValue(text: string): { readonly connectionId: string; readonly afterId: string | null } {
  const [connectionId = '', afterId = ''] = text.split(' ')
  return { connectionId, afterId: afterId === '' ? null : afterId }
}
