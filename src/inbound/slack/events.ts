export const HOME_OPENED_EVENT = 'app_home_opened'

/** Events that have a listener; the manifest subscribes to exactly these. */
export const SLACK_EVENTS = [HOME_OPENED_EVENT] as const
