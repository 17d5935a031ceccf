import type { Reply } from '../http-server.ts'

/**
 * What Meta says, word for word where a source was found. "Errors" is developers.facebook.com/docs/graph-api/guides/error-handling,
 * "Ads" …/documentation/ads-commerce/marketing-api/error-reference; both read in stored copies (2026-11).
 */
export interface GraphError {
  readonly status: number
  readonly message: string
  readonly type: 'OAuthException' | 'GraphMethodException'
  readonly code: number
  readonly error_subcode?: number
  readonly is_transient?: boolean
  readonly error_user_title?: string
  readonly error_user_msg?: string
}

function login(message: string, error_subcode?: number): GraphError {
  return { status: 400, message, type: 'OAuthException', code: 190, ...(error_subcode !== undefined && { error_subcode }) }
}

export const ERRORS = {
  // Errors, 458; text: flutter_facebook_login#123
  appRemoved: login('Error validating access token: The user has not authorized application 1234567890.', 458),
  // Errors, 459; text as clients list it
  checkpoint: login(
    'Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.',
    459,
  ),
  // Errors, 460
  passwordChanged: login(
    'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
    460,
  ),
  // Errors, 463
  expired: login('Error validating access token: Session has expired on Thursday, 08-Oct-26 10:00:00 PDT.', 463),
  // Errors, 464; text as clients list it
  unconfirmed: login(
    'Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.',
    464,
  ),
  // Errors, 467
  loggedOut: login('Error validating access token: The session is invalid because the user logged out.', 467),
  // text of many issues: facebook-nodejs-business-sdk, WhatsApp Cloud API
  unknownToken: login('Invalid OAuth access token - Cannot parse access token'),
  // facebook-php-business-sdk#434
  noToken: {
    status: 400,
    message: 'A user access token is required to request this resource.',
    type: 'OAuthException',
    code: 102,
  },
  // measured by users for accounts that the login does not reach, and for tokens without ads_read
  noAccountRight: {
    status: 403,
    message: '(#200) Ad account owner has NOT grant ads_management or ads_read permission',
    type: 'OAuthException',
    code: 200,
  },
  // guess: no verbatim answer for the end of data access was found
  dataAccessOver: {
    status: 400,
    message: '(#10) The data access of this user has expired. The user has to reauthorize the app.',
    type: 'OAuthException',
    code: 10,
  },
  // Errors, 3; facebook-php-business-sdk#295
  noCapability: {
    status: 400,
    message: '(#3) Application does not have the capability to make this API call.',
    type: 'OAuthException',
    code: 3,
  },
  // Errors, 368; title and message are a guess
  blocked: {
    status: 400,
    message: '(#368) The action attempted has been deemed abusive or is otherwise disallowed',
    type: 'OAuthException',
    code: 368,
    error_user_title: 'Temporarily blocked',
    error_user_msg: 'You have been temporarily blocked from performing this action.',
  },
  // …/docs/development/maintaining-data-access/data-use-checkup
  deactivated: {
    status: 400,
    message: 'API access deactivated. To reactivate, go to the app dashboard.',
    type: 'OAuthException',
    code: 200,
  },
  // Errors, 2
  serviceDown: { status: 500, message: 'Service temporarily unavailable', type: 'OAuthException', code: 2, is_transient: true },
  // Ads, 80004
  tooManyCalls: {
    status: 400,
    message: 'There have been too many calls to this ad-account. Wait a bit and try again.',
    type: 'OAuthException',
    code: 80004,
    error_subcode: 2446079,
  },
  // Ads, 2635
  oldVersion: {
    status: 400,
    message: '(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v26.0.',
    type: 'OAuthException',
    code: 2635,
  },
  // …/docs/graph-api/guides/secure-requests
  wrongProof: {
    status: 400,
    message: 'Invalid appsecret_proof provided in the API argument',
    type: 'GraphMethodException',
    code: 100,
  },
  // text of the token endpoint, koala and php-graph-sdk issues
  wrongSecret: { status: 400, message: 'Error validating client secret.', type: 'OAuthException', code: 1 },
  unknownApp: {
    status: 400,
    message: 'Error validating application. Cannot get application info due to a system error.',
    type: 'OAuthException',
    code: 101,
  },
  // php-graph-sdk#1051
  wrongRedirectUri: {
    status: 400,
    message:
      'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
    type: 'OAuthException',
    code: 100,
    error_subcode: 36008,
  },
  // php-graph-sdk#1254
  usedCode: {
    status: 400,
    message: 'This authorization code has been used.',
    type: 'OAuthException',
    code: 100,
    error_subcode: 36009,
  },
  // the like of it; the exact text is a guess
  expiredCode: {
    status: 400,
    message: 'This authorization code has expired.',
    type: 'OAuthException',
    code: 100,
    error_subcode: 36007,
  },
  // airbytehq/airbyte#38025
  tooMuchData: {
    status: 500,
    message: "Please reduce the amount of data you're asking for, then retry your request",
    type: 'OAuthException',
    code: 1,
  },
  // php-graph-sdk#1094
  reportNotReady: {
    status: 400,
    message: 'Error accessing adreport job.',
    type: 'OAuthException',
    code: 2601,
    error_subcode: 1815107,
    is_transient: true,
    error_user_title: 'Loading Async Ads Report Failed',
    error_user_msg:
      'Sorry, the report cannot be loaded successfully. Please check if your job status is completed instead of failed or running before fetching the data.',
  },
  // airbytehq/airbyte, utils.py
  tooLongAgo: {
    status: 400,
    message: '(#3018) The start date of the time range cannot be beyond 37 months from the current date',
    type: 'OAuthException',
    code: 3018,
  },
  // code and texts: …/docs/marketing-api/using-the-api, "Post-Processing" (1815869 "Ad post is not available")
  postNotAvailable: {
    status: 400,
    message: 'Invalid parameter',
    type: 'OAuthException',
    code: 100,
    error_subcode: 1815869,
    is_transient: false,
    error_user_title: 'Ad post is not available',
    error_user_msg:
      'The Facebook post associated with your ad is not available. It may have been removed, or you may not have permission to view it.',
  },
  // …/docs/marketing-api/reference/ad-account/adcreatives, error codes: 200 "Permissions error"
  noRightToChange: { status: 403, message: '(#200) Permissions error', type: 'OAuthException', code: 200 },
  unknownPath: { status: 400, message: 'Unknown path components: /x', type: 'OAuthException', code: 2500 },
} as const satisfies Record<string, GraphError>

// Ads, 100/33
export function unknownObject(id: string): GraphError {
  return {
    status: 400,
    message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
    type: 'GraphMethodException',
    code: 100,
    error_subcode: 33,
  }
}

// facebook-php-business-sdk#403
export function unknownField(name: string): GraphError {
  return { status: 400, message: `(#100) Tried accessing nonexisting field (${name})`, type: 'OAuthException', code: 100 }
}

// …/docs/graph-api/guides/error-handling
export function invalidParameter(name: string): GraphError {
  return { status: 400, message: `(#100) Invalid parameter: ${name}`, type: 'OAuthException', code: 100 }
}

/** `under200`: some errors come with HTTP 200, as users report. */
export function refusal(
  error: GraphError,
  { under200 = false, headers = {} }: { under200?: boolean; headers?: Record<string, string> } = {},
): Reply {
  const { status, ...body } = error
  return { status: under200 ? 200 : status, json: { error: { ...body, fbtrace_id: 'AFakeTraceId0000000000' } }, headers }
}

// …/docs/graph-api/overview/rate-limiting: minutes
export function businessUse(account: string, minutes: number): Record<string, string> {
  const use = {
    type: 'ads_management',
    call_count: 100,
    total_cputime: 25,
    total_time: 25,
    estimated_time_to_regain_access: minutes,
    ads_api_access_tier: 'development_access',
  }
  return { 'x-business-use-case-usage': JSON.stringify({ [account.replace('act_', '')]: [use] }) }
}

export const UNAVAILABLE_HTML = `<!DOCTYPE html><html><head><title>Facebook | Error</title></head>
<body><h1>Sorry, something went wrong.</h1><p>We're working on it and we'll get it fixed as soon as we can.</p></body></html>
`
