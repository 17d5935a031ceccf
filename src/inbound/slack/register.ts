import type { App } from '@slack/bolt'
import {
  ADD_ACTION,
  ADD_VIEW,
  CLAIM_ACTION,
  CONFIRM_CONNECTION_ACTION,
  CONNECT_ACTION,
  DETAILS_ACTION,
  DIGEST_ACTION,
  DIGEST_VIEW,
  DOWNLOAD_REJECTS_ACTION,
  EXPORT_ACTION,
  HISTORY_NEWEST_ACTION,
  HISTORY_OLDER_ACTION,
  HOME_FILTER_ACTION,
  LIST_PAGE_ACTION,
  LIST_PAGE_BACK_ACTION,
  PAUSE_ACTION,
  PAUSE_PUSHING_ACTION,
  PICK_SETTINGS_ACTION,
  PUSH_NOW_ACTION,
  PUSH_ON_ACTION,
  REAUTHORIZE_ACTIONS,
  RELEASE_ACTION,
  REMOVE_ACTION,
  REMOVE_VIEW,
  RESUME_ACTION,
  RESUME_PUSHING_ACTION,
  RETRY_REJECTS_ACTION,
  SETTINGS_ACTION,
  SETTINGS_VIEW,
  SHOW_CONNECTIONS_ACTION,
  SHOW_REJECTS_ACTION,
  SNOOZE_ACTION,
  TAGGING_ACTION,
  TAGGING_VIEW,
  UNDO_TAGS_ACTION,
} from '../../messages/action-ids.ts'
import { FIELD } from '../../messages/form.ts'
import { addProviderChosen } from './add-provider-chosen.ts'
import { addSubmitted } from './add-submitted.ts'
import { commandTyped } from './command-typed.ts'
import { confirmClicked } from './confirm-clicked.ts'
import { connectClicked } from './connect-clicked.ts'
import { detailsClicked } from './details-clicked.ts'
import { digestSubmitted } from './digest-submitted.ts'
import { downloadRejectsClicked } from './download-rejects-clicked.ts'
import { escalationClicked } from './escalation-clicked.ts'
import { HOME_OPENED_EVENT, TOKENS_REVOKED_EVENT, UNINSTALLED_EVENT } from './events.ts'
import { historyClicked } from './history-clicked.ts'
import { homeOpened } from './home-opened.ts'
import type { Inbound } from './inbound.ts'
import { homeFilterClicked, listPageClicked } from './list-page-clicked.ts'
import type { OpenHomes } from './open-homes.ts'
import { pauseClicked } from './pause-clicked.ts'
import { pushOnClicked } from './push-on-clicked.ts'
import { pushingClicked } from './pushing-clicked.ts'
import { reauthorizeClicked } from './reauthorize-clicked.ts'
import { removeSubmitted } from './remove-submitted.ts'
import { retryRejectsClicked } from './retry-rejects-clicked.ts'
import { addClicked, digestClicked, removeClicked, settingsClicked, taggingClicked } from './settings-clicked.ts'
import { settingsSubmitted } from './settings-submitted.ts'
import { showConnectionsClicked } from './show-connections-clicked.ts'
import { showRejectsClicked } from './show-rejects-clicked.ts'
import { unknownButtonClicked, unknownShortcutUsed, unknownViewSubmitted } from './something-old.ts'
import { taggingSubmitted } from './tagging-submitted.ts'
import { undoTagsClicked } from './undo-tags-clicked.ts'
import { appUninstalled, tokensRevoked } from './workspace-left.ts'

/** The one list of everything that Slack can tell us. What is not in it is answered, too. */
export function register(app: App, inbound: Inbound, homes: OpenHomes): void {
  const buttons = {
    ...Object.fromEntries(REAUTHORIZE_ACTIONS.map((id) => [id, reauthorizeClicked(inbound)])),
    [SHOW_CONNECTIONS_ACTION]: showConnectionsClicked(inbound),
    [DETAILS_ACTION]: detailsClicked(inbound),
    [CONFIRM_CONNECTION_ACTION]: confirmClicked(inbound),
    [LIST_PAGE_ACTION]: listPageClicked(inbound, homes),
    [LIST_PAGE_BACK_ACTION]: listPageClicked(inbound, homes),
    [HOME_FILTER_ACTION]: homeFilterClicked(homes),
    [ADD_ACTION]: addClicked(inbound),
    [SETTINGS_ACTION]: settingsClicked(inbound),
    [PICK_SETTINGS_ACTION]: settingsClicked(inbound),
    [DIGEST_ACTION]: digestClicked(inbound),
    [PAUSE_ACTION]: pauseClicked(inbound, 'pause'),
    [RESUME_ACTION]: pauseClicked(inbound, 'resume'),
    [REMOVE_ACTION]: removeClicked(inbound),
    [EXPORT_ACTION]: async () => undefined, // it only opens its address
    [RETRY_REJECTS_ACTION]: retryRejectsClicked(inbound),
    [DOWNLOAD_REJECTS_ACTION]: downloadRejectsClicked(inbound),
    [PAUSE_PUSHING_ACTION]: pushingClicked(inbound, 'pause'),
    [RESUME_PUSHING_ACTION]: pushingClicked(inbound, 'resume'),
    [PUSH_NOW_ACTION]: pushingClicked(inbound, 'push_now'),
    [SHOW_REJECTS_ACTION]: showRejectsClicked(inbound),
    [PUSH_ON_ACTION]: pushOnClicked(inbound),
    [CLAIM_ACTION]: escalationClicked(inbound),
    [RELEASE_ACTION]: escalationClicked(inbound),
    [SNOOZE_ACTION]: escalationClicked(inbound),
    [HISTORY_OLDER_ACTION]: historyClicked(inbound),
    [HISTORY_NEWEST_ACTION]: historyClicked(inbound),
    [TAGGING_ACTION]: taggingClicked(inbound),
    [UNDO_TAGS_ACTION]: undoTagsClicked(inbound),
    [FIELD]: addProviderChosen(inbound),
    [CONNECT_ACTION]: connectClicked(inbound),
  }
  app.command(/.*/, commandTyped(inbound))
  for (const [actionId, listener] of Object.entries(buttons)) app.action({ type: 'block_actions', action_id: actionId }, listener)
  app.action(/.*/, unknownButtonClicked(inbound, new Set(Object.keys(buttons))))
  app.shortcut(/.*/, unknownShortcutUsed(inbound))
  const windows = {
    [TAGGING_VIEW]: taggingSubmitted(inbound),
    [SETTINGS_VIEW]: settingsSubmitted(inbound),
    [DIGEST_VIEW]: digestSubmitted(inbound, homes),
    [ADD_VIEW]: addSubmitted(inbound),
    [REMOVE_VIEW]: removeSubmitted(inbound),
  }
  for (const [callbackId, listener] of Object.entries(windows))
    app.view({ type: 'view_submission', callback_id: callbackId }, listener)
  app.view(/.*/, unknownViewSubmitted(new Set(Object.keys(windows))))
  app.view({ type: 'view_closed', callback_id: /.*/ }, unknownViewSubmitted(new Set()))
  app.event(HOME_OPENED_EVENT, homeOpened(homes))
  app.event(UNINSTALLED_EVENT, appUninstalled(inbound))
  app.event(TOKENS_REVOKED_EVENT, tokensRevoked(inbound))
}
