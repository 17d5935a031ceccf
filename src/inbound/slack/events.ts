export const HOME_OPENED_EVENT = 'app_home_opened'
export const UNINSTALLED_EVENT = 'app_uninstalled'
export const TOKENS_REVOKED_EVENT = 'tokens_revoked'

/** By which a workspace says that it has the app no more. */
const LEFT_EVENTS = [UNINSTALLED_EVENT, TOKENS_REVOKED_EVENT] as const

/** Events that have a listener; the manifest subscribes to exactly these. */
export const SLACK_EVENTS = [HOME_OPENED_EVENT, ...LEFT_EVENTS] as const
