import type { Said } from './said.ts'

/**
 * What client libraries print (`error_code { authorization_error: USER_PERMISSION_DENIED }`, `reason = forbidden`), and what the
 * AdWords API said in XML and SOAP (`AuthorizationError.USER_PERMISSION_DENIED @ ; trigger:'<null>'`, developers.google.com/adwords/api/docs/common-errors).
 */
export function saidInText(text: string): readonly Said[] {
  const said: Said[] = []
  for (const [, group = '', code = ''] of text.matchAll(/\b([A-Za-z]\w*[Ee]rror)["']*\s*[:=]\s*["']*([A-Z][A-Z_]{3,})\b/g)) {
    said.push({ kind: 'ads', group: camelCase(group), code, message: text })
  }
  for (const [, group = '', code = ''] of text.matchAll(/\b([A-Z][A-Za-z]*Error)\.([A-Z][A-Z_]{3,})\b/g)) {
    said.push({ kind: 'ads', group: group.charAt(0).toLowerCase() + group.slice(1), code, message: text })
  }
  if (/\bRateExceededError\b/.test(text))
    said.push({ kind: 'ads', group: 'quotaError', code: 'RESOURCE_EXHAUSTED', message: text })
  for (const [, code = ''] of text.matchAll(/\breason["']*\s*[:=]\s*["']*(\w+)/g)) {
    said.push({ kind: /^[A-Z]/.test(code) ? 'reason' : 'legacy', group: '', code, message: text })
  }
  const oauth = OAUTH_WORDS.exec(text)?.[1]
  if (oauth !== undefined) said.push({ kind: 'oauth', group: '', code: oauth, message: text })
  return said
}

export function isOauthWord(text: string): boolean {
  return OAUTH_WORDS.exec(text)?.[1] === text
}

/** Words that nothing but OAuth uses. */
const OAUTH_WORDS =
  /\b(invalid_grant|invalid_client|invalid_request|invalid_scope|unauthorized_client|deleted_client|disabled_client|admin_policy_enforced|org_internal|redirect_uri_mismatch|internal_failure)\b/

export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
