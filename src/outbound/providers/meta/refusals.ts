import { authorize, lacks, misconfigured, passes, rejected, usedUp, wait } from '../meaning.ts'
import type { Code, GraphRefusal } from './graph-refusal.ts'
import { LOGIN_REFUSALS } from './login-refusals.ts'

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
    says: /(request|rate) limit (reached|exceeded|hit)|too many (calls|requests)|exceeded the (rate limit|maximum number of requests)/i,
    means: wait('Meta asks to slow down: this app or ad account made too many calls.'),
    source: 'texts of the same codes: Limits; 130429 of messages; Instagram',
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
    says: /error validating (application|client secret)|invalid (client[ _]?(id|secret)|app(lication)? ?id|platform app)|client_secret|missing client_id/i,
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
    codes: [5],
    says: /\bip\b|address/i,
    means: misconfigured('Meta does not accept calls from this address. The settings of the Meta app say which it does.'),
    source: 'old list (5 "Unauthorized source IP address"); the number alone is also used for anything else',
  },
  {
    codes: [15, 104],
    means: misconfigured(
      'Meta does not accept how Redkey signs its calls: the secret in the settings may not be the one of the app.',
    ),
    source: 'Ads (104 "Incorrect signature"); old list (15 "must be signed with the application secret"); restfb#1002',
  },
  {
    says: /redirect[_ ]uri|url blocked|can['’]t load url|included in the app['’]s domains/i,
    means: misconfigured(
      'The callback address of Redkey is not among the redirect URIs of the Meta app, or was changed during the login.',
    ),
    source:
      'facebookarchive/php-graph-sdk#1051, hoauth2#19 ("Please make sure your redirect_uri is identical …", 100 and 100/36008)',
  },
  {
    says: /must be called with an? (page|app|application|system user|client)\b|an? (active |user |app |page |system user |client )?access token (is required|must be (used|provided))/i,
    means: misconfigured('Redkey called Meta with the wrong kind of token. This is for whoever runs Redkey.'),
    source:
      'n8n and Chatwoot issues ("(#190) This method must be called with a Page Access Token"), facebook-php-business-sdk#434',
  },
  {
    says: /api access deactivated|app (is )?not active|app (is )?(in development|inactive)|provide valid app id|application unavailable/i,
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

  ...LOGIN_REFUSALS,

  // What the login may do
  {
    saysToPerson: /authenticated? your account/i,
    means: lacks('admin_blocked', 'Meta has stopped changes until somebody confirms the account in Ads Manager.'),
    source: 'facebook-python-business-sdk#722 ("… until you\'ve authenticated your account in Ads Manager")',
  },
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
    says: /api access blocked|development access|white-?list|allow ?-?list|reviewed|app review|advanced access|access tier/i,
    means: lacks(
      'admin_blocked',
      'Meta does not let the app do this. Whoever manages the Meta app has to get {right} approved for it.',
    ),
    source:
      'Ads (294: "an application that is in our allow list"); facebook-php-business-sdk#17; reports of 200 "API access blocked."',
  },
  {
    codes: [10],
    says: /not enough viewers|outside (of )?(the )?allowed window/i,
    means: rejected('Meta does not accept the request.'),
    source: 'developers.facebook.com/docs/instagram-api/guides/insights, …/docs/messenger-platform/error-codes (10/2018278)',
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
    says: /missing perm(ission)?s?\b/i,
    means: lacks(
      'access_lost',
      'The ad account does not exist any more, or this login lost its access to it. An admin of the ad account has to give the user access in Meta Business settings.',
    ),
    source: 'Ads, 100/33; facebook-php-business-sdk#424; PostHog/posthog#101322 ("(#100) Missing perms")',
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

  {
    says: /\b(tos|terms of (service|use)|terms) (has |have )?(not (been )?|n['’]t )?(yet )?(accepted|signed)|(accept|sign) the [\w ]{0,40}(terms|tos)\b/i,
    means: lacks(
      'role_missing',
      'The ad account has not accepted the terms for this. An admin of the ad account has to do so in Meta Business settings.',
    ),
    source: 'rudder-transformer fixture (2655 "Marketing Messaging TOS not accepted"); Ads (1870034 custom audience terms)',
  },

  // The request
  {
    says: /temporarily|try again later|retry (your|the) request|system error/i,
    means: passes('Meta had trouble of its own and asks to try again.'),
    source: 'Ads (1); rudder-transformer fixture (21009)',
  },
  {
    codes: [1, 2, 100],
    saysToPerson: /try again (later|in )|something went wrong/i,
    means: passes('Meta had trouble of its own and asks to try again.'),
    source: 'justwatchcom/facebook-marketing-api-golang#90 (100/1487390 "Something went wrong. Please try again later.")',
  },
  {
    codes: [2601],
    means: passes('Meta has not got the report ready that it calls complete.'),
    source: 'singer-io/tap-facebook#43, php-graph-sdk#1094 (2601/1815107 "Error accessing adreport job."), read 2026-11-29',
  },
  {
    codes: [1, 2],
    lasting: true,
    means: rejected('Meta does not accept the request.'),
    source:
      'Errors (1 may be the request); airbyte source-facebook-marketing (1/2853001), restfb (1/1965014), both with is_transient false',
  },
  {
    codes: [1, 2, 18, [-1000, 0]],
    means: passes('Meta had trouble of its own.'),
    source: 'Errors (1, 2); Ads ("Negative-value error codes are internal Facebook errors"); old list (18)',
  },
  {
    codes: [
      551,
      9004,
      9007,
      [36000, 36009],
      [131008, 131009],
      131021,
      131026,
      131030,
      131047,
      [131051, 131053],
      [132000, 132016],
    ],
    means: rejected('Meta does not accept the request.'),
    source:
      'messages and posts: developers.facebook.com/docs/messenger-platform/error-codes, …/docs/whatsapp/cloud-api/support/error-codes, …/docs/instagram-platform/instagram-graph-api/reference/error-codes',
  },
  {
    codes: [21, 33, 100, [105, 189], 506, 803, 2500, [2600, 2699], 3018, [1349000, 3999999]],
    means: rejected('Meta does not accept the request.'),
    source: 'Errors (100, 506), Ads (from 1487000 on, 3018), old list of codes by range',
  },
]
