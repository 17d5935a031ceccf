import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'
import { SECOND_MS } from '../../clock.ts'
import type { Posting } from '../../domain/slack.ts'

export type Refusal = Exclude<Posting, { readonly kind: 'shown' | 'workspace_gone' }>
type Meaning = Exclude<Refusal['kind'], 'uncertain'> | 'maybe_done'

/** Slack's error codes by what they mean for a message (chat.postMessage and chat.update references, read 2026-11-23). */
const CODES: Readonly<Record<Meaning, readonly string[]>> = {
  later: ['ratelimited', 'rate_limited', 'message_limit_exceeded', 'service_unavailable', 'request_timeout', 'team_added_to_org'],
  maybe_done: ['internal_error', 'fatal_error'],
  gone: ['message_not_found'],
  edit_forbidden: ['cant_update_message', 'edit_window_closed'],
  unreachable: [
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'restricted_action_non_threadable_channel',
    'restricted_action_thread_locked',
    'messages_tab_disabled',
    'no_permission',
    'ekm_access_denied',
    'external_channel_migrating',
    'slack_connect_file_link_sharing_blocked',
  ],
  token_refused: [
    'token_revoked',
    'token_expired',
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'missing_scope',
    'access_denied',
    'not_allowed_token_type',
    'team_access_not_granted',
    'two_factor_setup_required',
    'org_login_required',
    'enterprise_is_restricted',
  ],
  unacceptable: [
    'invalid_blocks',
    'invalid_blocks_format',
    'msg_too_long',
    'msg_blocks_too_long',
    'no_text',
    'too_many_attachments',
    'attachment_payload_limit_exceeded',
    'metadata_too_large',
    'invalid_metadata_format',
    'invalid_metadata_schema',
    'metadata_must_be_sent_from_app',
    'invalid_arguments',
    'invalid_arg_name',
    'invalid_array_arg',
    'invalid_charset',
    'invalid_form_data',
    'invalid_post_type',
    'missing_post_type',
    'cannot_reply_to_message',
    'unknown_method',
    'method_deprecated',
    'deprecated_endpoint',
  ],
}

const MEANING_OF_CODE = new Map(
  (Object.keys(CODES) as Meaning[]).flatMap((meaning) => CODES[meaning].map((code) => [code, meaning] as const)),
)

/** Failures before a byte of the request has left: nothing can have happened. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/

/**
 * What a failed call means. An edit can be repeated without harm, so a lost answer means `later` for it; for a post it means
 * `uncertain`.
 */
export function readRefusal(error: unknown, call: 'post' | 'update'): Refusal {
  if (error instanceof WebAPIRateLimitedError) return later('ratelimited', error.retryAfter * SECOND_MS)
  if (error instanceof WebAPIHTTPError) return later(`http_${error.statusCode}`)
  if (error instanceof WebAPIPlatformError) return readPlatform(error, call)
  if (isUnreadable429(error)) return later('ratelimited')
  const reason = networkReason(error)
  return BEFORE_SENDING.test(reason) ? later(reason) : lost(reason, call)
}

/** Codes by which Slack refuses a reply since there is nothing to reply to. Often it says nothing and posts to the channel. */
const THREAD_GONE = new Set(['thread_not_found', 'cannot_reply_to_message', 'message_not_found'])

/** Whether a post was refused only for its thread: nothing was posted, and without the thread it may be. */
export function isThreadGone(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && THREAD_GONE.has(error.data.error)
}

function readPlatform({ data }: WebAPIPlatformError, call: 'post' | 'update'): Refusal {
  const code = data.error
  if (!/^\w{1,80}$/.test(code)) return lost('answer_unreadable', call) // 200 with something that is not Slack's JSON
  const kind = MEANING_OF_CODE.get(code) ?? 'later'
  switch (kind) {
    case 'maybe_done':
      return lost(code, call)
    case 'later':
      return later(code)
    case 'gone':
      return call === 'update' ? { kind } : { kind: 'unacceptable', reason: code }
    case 'edit_forbidden':
      return { kind }
    case 'unacceptable':
      return { kind, reason: [code, ...(data.response_metadata?.messages ?? [])].join(' ').slice(0, 500) }
    default:
      return { kind, reason: code }
  }
}

function later(reason: string, afterMs: number | null = null): Refusal {
  return { kind: 'later', afterMs, reason }
}

/** The answer did not come or can't be read: a post may exist, an edit is simply done again. */
export function lost(reason: string, call: 'post' | 'update'): Refusal {
  return call === 'post' ? { kind: 'uncertain', reason } : later(reason)
}

/** The client throws a bare error for a 429 without a readable Retry-After (@slack/web-api 8.2.0). */
function isUnreadable429(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Retry header did not contain')
}

/** The system's code (`ECONNRESET`), or the name of the error (`TimeoutError`). */
function networkReason(error: unknown): string {
  const origin = error instanceof WebAPIRequestError ? error.original : error
  if (!(origin instanceof Error)) return 'unknown'
  const { cause } = origin
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : origin.name
}
