import { authorize, lacks, type Meaning, misconfigured, passes, rejected, usedUp, wait } from '../meaning.ts'

type Code = number | readonly [from: number, to: number]

export interface GraphRefusal {
  /** `code` of the error, alone or from–to; without it any, also none. */
  readonly codes?: readonly Code[]
  /** `error_subcode`; without it any. */
  readonly subcodes?: readonly number[]
  /** What the message must say; without it any. */
  readonly says?: RegExp
  readonly means: Meaning
  readonly source: string
}

/** Codes that mean only: the login is no good. Subcode and text say why. */
const LOGIN = [190, 102] as const
const PERMISSION: readonly Code[] = [3, 10, [200, 299]]

/** "Errors" is developers.facebook.com/docs/graph-api/guides/error-handling, "Ads" …/documentation/ads-commerce/marketing-api/error-reference; "Limits" …/docs/graph-api/overview/rate-limiting. All read in stored copies (2026-11). */
export const LIMITS: readonly GraphRefusal[] = [
  {
    codes: [4, 17, 613],
    says: /\bdaily\b|per day|24 hours/i,
    means: usedUp('Meta allows no more calls today.'),
    source: 'Limits; the daily text is of the Ads Library and of some insights',
  },
  {
    codes: [4, 9, 17, 32, 341, 613, [80000, 80014]],
    means: wait('Meta asks to slow down: this app or ad account made too many calls.'),
    source: 'Errors (4, 17, 341), Limits (32, 613, 80000 to 80014); 9 "User is performing too many actions" of the old list',
  },
  {
    says: /(request|rate) limit (reached|exceeded)|too many (calls|requests)|exceeded the rate limit/i,
    means: wait('Meta asks to slow down: this app or ad account made too many calls.'),
    source: 'texts of the same codes: Limits',
  },
]

/**
 * Refusals of the Graph API by code, subcode and text, first match wins. The token endpoint has the same codes. A code without a
 * subcode says little, so texts come first where they are known word for word.
 */
export const REFUSALS: readonly GraphRefusal[] = [
  // Our app
  {
    codes: [101],
    means: misconfigured('Meta does not know the app id, or does not accept the secret, of the app that Redkey uses.'),
    source:
      'old list of codes: 101 "The API key submitted is not associated with any known application"; koala#… "Cannot get application info due to a system error"',
  },
  {
    says: /error validating (application|client secret)|invalid (client[ _]?(id|secret)|app(lication)? ?id)|client_secret|missing client_id/i,
    means: misconfigured('Meta does not accept the app id or the secret of the app that Redkey uses.'),
    source:
      'texts of the token endpoint: 101 and 1 ("Error validating client secret."), 190 ("Error validating application. Application has been deleted.")',
  },
  {
    says: /appsecret_proof/i,
    means: misconfigured(
      'Meta does not accept how Redkey proves its app secret: the secret in the settings is not the one of the app.',
    ),
    source:
      'developers.facebook.com/docs/graph-api/guides/secure-requests ("Invalid appsecret_proof provided in the API argument")',
  },
  {
    codes: [5, 104],
    means: misconfigured(
      'Meta does not accept how Redkey signs its calls, or where they come from. The settings of the Meta app say what is allowed.',
    ),
    source: 'Ads (104 "Incorrect signature"); old list (5 "Unauthorized source IP address")',
  },
  {
    says: /redirect[_ ]uri|url blocked/i,
    means: misconfigured(
      'The callback address of Redkey is not among the redirect URIs of the Meta app, or was changed during the login.',
    ),
    source:
      'facebookarchive/php-graph-sdk#1051, hoauth2#19 ("Please make sure your redirect_uri is identical …", 100 and 100/36008)',
  },
  {
    says: /must be called with an? (page|app|application|system user|client)\b|an? (active |user |app )?access token (is required|must be (used|provided))/i,
    means: misconfigured('Redkey called Meta with the wrong kind of token. This is for whoever runs Redkey.'),
    source:
      'n8n and Chatwoot issues ("(#190) This method must be called with a Page Access Token"), facebook-php-business-sdk#434',
  },
  {
    says: /api access deactivated|app (is )?not active|app (is )?(in development|inactive)|provide valid app id/i,
    means: misconfigured(
      'Meta has switched off the API for the app that Redkey uses. Whoever manages the app reactivates it in its dashboard.',
    ),
    source:
      'developers.facebook.com/docs/development/maintaining-data-access/data-use-checkup ("API access deactivated. To reactivate, go to the app dashboard.")',
  },
  {
    codes: [11, 12, 2635],
    means: misconfigured('Redkey asks Meta for an API version that it does not offer any more.'),
    source: 'Ads (2635); old list (11, 12 "deprecated")',
  },
  {
    says: /deprecated version|version .{0,40}(deprecated|no longer (available|supported)|does not exist)|unknown api version|invalid api version/i,
    means: misconfigured('Redkey asks Meta for an API version that it does not offer any more.'),
    source:
      'Ads (2635 "You are calling a deprecated version of the Ads API."); developers.facebook.com/docs/graph-api/guides/versioning (2500)',
  },

  // A code of a login that came too late, twice, or from elsewhere
  {
    codes: [100],
    says: /(verification|authorization) code|code (has )?(been used|expired|was invalid)|code[_ ]verifier/i,
    means: authorize(
      'expired',
      'ambiguous',
      'The login at Meta was not completed in time or was used twice. It has to be started again.',
    ),
    source: 'facebook-csharp-sdk#388, php-graph-sdk#1254 ("This authorization code has been used."; 36009), 36007 "expired"',
  },

  // The login
  {
    codes: LOGIN,
    subcodes: [492],
    means: lacks('access_lost', 'The Facebook user lost the role on the page. A page admin has to give it back.'),
    source: 'Errors, 492 ("does not have an appropriate role on the Page")',
  },
  {
    codes: LOGIN,
    subcodes: [459, 464, 490],
    means: authorize(
      'login_policy',
      'certain',
      'Facebook has stopped this user until a check is passed: open facebook.com, follow the instructions there, then log in again here.',
    ),
    source: 'Errors (459 checkpointed, 464 unconfirmed user); 490 "enrolled in a blocking, logged-in checkpoint"',
  },
  {
    codes: LOGIN,
    subcodes: [460],
    means: authorize(
      'password_changed',
      'certain',
      'The Facebook user changed the password, or Facebook ended the session for security reasons.',
    ),
    source: 'Errors, 460',
  },
  {
    codes: LOGIN,
    subcodes: [458, 461],
    means: authorize('revoked', 'certain', 'The Facebook user has removed the app, so Redkey has no access any more.'),
    source: 'Errors (458 "App not installed"); 461 installed anew since',
  },
  {
    codes: LOGIN,
    subcodes: [463, 462, 468, 493],
    means: authorize('expired', 'certain', 'The login at Meta has expired. It lasts about 60 days.'),
    source: 'Errors (463 "Expired"); 493 "hasn\'t engaged the app in longer than 90 days"; 462, 468: PROVIDERS.md 7.c',
  },
  {
    codes: LOGIN,
    subcodes: [465],
    means: authorize(
      'user_inactive',
      'certain',
      'Meta says that the user who logged in is not valid any more. Another person has to log in.',
    ),
    source: 'PROVIDERS.md 7.c (465 invalid user)',
  },
  {
    codes: LOGIN,
    subcodes: [466, 467],
    means: authorize('revoked', 'certain', 'Meta says that the login has ended: the user logged out, or it was taken back.'),
    source: 'Errors, 467 ("Invalid access token"; with text "the user logged out")',
  },
  {
    codes: LOGIN,
    says: /changed (the|their|his|her) password|changed the session|does not match current stored session/i,
    means: authorize(
      'password_changed',
      'certain',
      'The Facebook user changed the password, or Facebook ended the session for security reasons.',
    ),
    source: 'text of 460: Errors, example',
  },
  {
    codes: LOGIN,
    says: /has not authorized (the )?app|not installed|removed the app|de-?authorized/i,
    means: authorize('revoked', 'certain', 'The Facebook user has removed the app, so Redkey has no access any more.'),
    source: 'text of 458: flutter_facebook_login#123',
  },
  {
    codes: LOGIN,
    says: /checkpoint|not a confirmed user|till you log in|follow the instructions|user access is restricted/i,
    means: authorize(
      'login_policy',
      'certain',
      'Facebook has stopped this user until a check is passed: open facebook.com, follow the instructions there, then log in again here.',
    ),
    source: 'texts of 459, 464 and 490 as clients list them',
  },
  {
    codes: LOGIN,
    says: /\bexpired\b|engaged the app|longer than 90 days/i,
    means: authorize('expired', 'certain', 'The login at Meta has expired. It lasts about 60 days.'),
    source: 'text of 463 and 493: Errors; "Session has expired on …"',
  },
  {
    codes: LOGIN,
    says: /logged out/i,
    means: authorize('revoked', 'certain', 'Meta says that the login has ended: the user logged out, or it was taken back.'),
    source: 'text of 467',
  },
  {
    codes: LOGIN,
    means: authorize('revoked', 'ambiguous', 'Meta does not accept the login any more: it has expired or was taken back.'),
    source:
      'Errors, 190 and 102 without subcode ("expired, been revoked, or is otherwise invalid"); texts "Invalid OAuth access token", "could not be decrypted", "Cannot parse access token"',
  },
  {
    codes: [0, [450, 468]],
    says: /access token|session/i,
    means: authorize('revoked', 'ambiguous', 'Meta does not accept the login any more: it has expired or was taken back.'),
    source: 'old list of codes (450 "Session key specified has passed its expiration time", 452, 453, 454)',
  },

  // What the login may do
  {
    codes: PERMISSION,
    says: /data access|engaged the app|re-?authori[sz]e|reauthenticat/i,
    means: authorize(
      'expired',
      'ambiguous',
      'Meta ends the access to data 90 days after the user was last active with the app. The user has to log in again.',
    ),
    source: 'developers.facebook.com/docs/facebook-login/auth-vs-data',
  },
  {
    codes: PERMISSION,
    says: /has(n't| not|n’t) authorized the application|requires? (an access token with the )?extended permissions?(?!.{0,80}(white|allow) ?-?list)/i,
    means: authorize(
      'scope_missing',
      'ambiguous',
      'The login at Meta lacks the permission {right}. Log in again and allow everything that is asked for.',
    ),
    source: 'Errors (200 to 299); old list (294, 278 "requires an access token with the extended permission …")',
  },
  {
    codes: [3],
    means: lacks(
      'admin_blocked',
      'Meta has not given this capability to the app that Redkey uses. Whoever manages the Meta app has to request {right} for it.',
    ),
    source: 'Errors, 3 ("Capability or permissions issue"); facebook-php-business-sdk#295',
  },
  {
    codes: PERMISSION,
    says: /api access blocked|white-?list|allow ?-?list|reviewed|app review|advanced access|access tier/i,
    means: lacks(
      'admin_blocked',
      'Meta does not let the app do this. Whoever manages the Meta app has to get {right} approved for it.',
    ),
    source:
      'Ads (294: "an application that is in our allow list"); facebook-php-business-sdk#17; reports of 200 "API access blocked."',
  },
  {
    codes: [10],
    subcodes: [2332002],
    means: lacks('admin_blocked', 'Meta wants this user to confirm the identity first, at facebook.com/ID.'),
    source: 'Ad-Library-API-Script-Repository#22',
  },
  {
    codes: [200],
    subcodes: [1870047],
    means: rejected('Meta refused the change: the audience would become too small.'),
    source: 'Ads, 200/1870047',
  },
  {
    codes: PERMISSION,
    says: /ad account owner has not grant/i,
    means: lacks(
      'access_lost',
      'This login may not read the ad account. An admin of the ad account has to give the user access in Meta Business settings (it needs {right}).',
    ),
    source:
      'measured by users with an account outside their business, and with tokens without ads_read; which of both, debug_token tells',
  },
  {
    codes: PERMISSION,
    means: lacks(
      'role_missing',
      'Meta says that this login lacks a right: {right}. An admin of the ad account has to give it to the user in Meta Business settings.',
    ),
    source: 'Errors, 10 and 200 to 299 ("Permission is either not granted or has been removed")',
  },
  {
    codes: [100, 803],
    says: /missing permissions?/i,
    means: lacks(
      'access_lost',
      'The ad account does not exist any more, or this login lost its access to it. An admin of the ad account has to give the user access in Meta Business settings.',
    ),
    source: 'Ads, 100/33; facebook-php-business-sdk#424',
  },
  {
    codes: [100],
    subcodes: [33],
    means: lacks(
      'access_lost',
      'The ad account does not exist any more, or this login lost its access to it. An admin of the ad account has to give the user access in Meta Business settings.',
    ),
    source: 'Ads, 100/33 ("not added … with appropriate permissions to the ad account")',
  },
  {
    codes: [368],
    means: lacks(
      'admin_blocked',
      'Meta has blocked this for a while because of its policies. Account Quality at facebook.com says why and what to do.',
    ),
    source: 'Errors, 368 ("Temporarily blocked for policies violations")',
  },

  // The request
  {
    says: /temporarily|try again later|retry (your|the) request|reduce the amount of data|system error/i,
    means: passes('Meta had trouble of its own and asks to try again.'),
    source: 'Ads (1: "Please reduce the amount of data …"); rudder-transformer fixture (21009)',
  },
  {
    codes: [1, 2, 18, [-1000, 0]],
    means: passes('Meta had trouble of its own.'),
    source: 'Errors (1, 2); Ads ("Negative-value error codes are internal Facebook errors"); old list (18)',
  },
  {
    codes: [100, [105, 189], 506, 803, 2500, [2600, 2699], 3018, [1349000, 3999999]],
    means: rejected('Meta does not accept the request.'),
    source: 'Errors (100, 506), Ads (from 1487000 on, 3018), old list of codes by range',
  },
]
