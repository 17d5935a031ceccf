import { authorize, lacks, type Meaning, misconfigured, passes, wait } from '../meaning.ts'
import {
  ADMIN_CONSENT,
  ASSIGN,
  CODES,
  CONSENT,
  EXPIRED,
  GONE,
  INTERACTION,
  INVALID,
  LOCKED,
  OUR_APP,
  OUR_REDIRECT,
  OUR_REQUEST,
  OUR_SECRET,
  PASSWORD,
  POLICY,
  START_AGAIN,
  STRONGER,
  SWITCHED_OFF,
  TROUBLE,
} from './meanings.ts'

export interface EntraRefusal {
  /** The digits after `AADSTS`. */
  readonly numbers: readonly number[]
  /** What `error_description` must say; without it any. */
  readonly says?: RegExp
  readonly means: Meaning
  readonly source: string
}

/** Refusals by number, first match wins. */
export const ENTRA_REFUSALS: readonly EntraRefusal[] = [
  // The login is over
  {
    numbers: [50173],
    means: authorize(
      'revoked',
      'certain',
      'Microsoft says that the login was revoked: the password was reset, or an administrator or the user ended all sessions.',
    ),
    source: CODES,
  },
  {
    numbers: [70008],
    says: /authorization code/i,
    means: START_AGAIN,
    source: `${CODES}; "The provided authorization code or refresh token has expired due to inactivity" (v2-oauth2-auth-code-flow)`,
  },
  { numbers: [700082, 700081, 70008, 700084, 70043], means: EXPIRED, source: CODES },
  {
    numbers: [50089, 500133],
    means: authorize('expired', 'ambiguous', 'Microsoft says that the login has expired or was revoked.'),
    source: `${CODES}; a flow token may also be that of one login page`,
  },
  {
    numbers: [70000],
    says: /redirect_uri/i,
    means: OUR_REDIRECT,
    source: 'AADSTS70000 names the parameter that is not valid; questions on learn.microsoft.com/answers',
  },
  { numbers: [70000], says: /'client_id'|'client_secret'/i, means: OUR_REQUEST, source: 'as above' },
  {
    numbers: [70000],
    says: /scopes? requested (are|is) unauthorized/i,
    means: authorize('revoked', 'ambiguous', 'Microsoft says that the user has to log in and allow the app again.'),
    source:
      'learn.microsoft.com/advertising/guides/authentication-oauth-get-tokens, 2026-11: "grant the client application access to the requested scope"',
  },
  {
    numbers: [70000, 50085, 50139],
    means: INVALID,
    source: `${CODES}; BingAds-Python-SDK#279 saw 70000 come and go with one token`,
  },
  {
    numbers: [54005, 501481, 501491, 50147, 50148, 50149, 700005],
    means: START_AGAIN,
    source: `${CODES}: the code was used, is of another tenant, or does not fit its PKCE verifier`,
  },
  { numbers: [50132, 50133, 50055, 50144, 50135, 50125, 50142, 50056, 50126, 50064], means: PASSWORD, source: CODES },
  {
    numbers: [50057, 500571, 50034, 500341, 51004, 50014, 50020, 16000, 16003, 90072, 50177],
    means: GONE,
    source: `${CODES}; Azure/azure-cli#18945 (50057). "Sign in again with a different Microsoft Entra user account" (50020, 16000, 90072)`,
  },
  {
    numbers: [50072, 50074, 50076, 50078, 50079, 50158, 50187, 50097, 50155, 51006, 50005, 50127, 50129, 700020, 700003, 135011],
    means: STRONGER,
    source: `${CODES}; interaction_required, "Retry with a new authorize request for the resource"`,
  },
  {
    numbers: [50058, 16001, 16002, 160021, 50140, 50199, 50197, 50143, 50180],
    means: INTERACTION,
    source: `${CODES}; interaction_required and login_required`,
  },
  { numbers: [65001, 52004], means: CONSENT, source: CODES },
  {
    numbers: [65004],
    means: authorize('scope_missing', 'certain', 'The user has refused the permissions that the app asks for.'),
    source: CODES,
  },
  // What the organization allows
  {
    numbers: [
      53000, 53001, 53002, 53003, 53004, 53008, 53009, 53010, 53011, 530001, 530002, 530003, 530004, 530021, 530031, 530032,
      530033, 530034, 530035, 530036, 50131, 50002, 500021, 500022, 500212, 500213, 50178, 1000104, 90123, 51000, 80012, 54000,
    ],
    means: POLICY,
    source: `${CODES}; 53003 comes as interaction_required with suberror message_only (MSOLSpray#5): no login helps`,
  },
  { numbers: [50105, 501051], means: ASSIGN, source: CODES },
  { numbers: [50053], means: LOCKED, source: CODES },
  { numbers: [90094, 90095, 90008, 90093, 90099, 650051], means: ADMIN_CONSENT, source: CODES },
  { numbers: [500014, 7000112, 1000031, 650052], means: SWITCHED_OFF, source: CODES },
  { numbers: [70001], says: /disabled/i, means: SWITCHED_OFF, source: CODES },
  {
    numbers: [5000224, 5000225],
    means: lacks(
      'access_lost',
      'Microsoft has blocked this organization, for instance because nobody used it. Its administrator has to clear that with Microsoft.',
    ),
    source: 'learn.microsoft.com/troubleshoot/entra: "This tenant has been blocked due to inactivity" (2026-11)',
  },
  // Our own settings
  {
    numbers: [7000215, 7000222, 7000218, 7000216, 700025, 700027, 700021, 700023, 700024, 700030, 700211, 700212, 700213, 50012],
    means: OUR_SECRET,
    source: CODES,
  },
  { numbers: [50011, 70004, 900971, 500112, 500113, 500117, 700009, 700046], means: OUR_REDIRECT, source: CODES },
  { numbers: [700016, 700011, 70001, 90002, 900023, 50059, 50128], means: OUR_APP, source: CODES },
  {
    numbers: [50194, 90130, 90124, 9001023, 9002332, 9002346, 90019, 90027, 900382, 900432, 90038, 900439],
    means: misconfigured(
      'The tenant in the Microsoft login address does not fit the app registration: check which accounts the app supports.',
    ),
    source: CODES,
  },
  {
    numbers: [500011, 650053, 650054, 650056, 650057, 65005, 65002, 50001, 70011, 28002, 28003, 700022, 7000023],
    means: misconfigured(
      'The app registration lacks the API permission that Redkey asks for, or the service is not in this organization: check its API permissions and the configured addresses.',
    ),
    source: CODES,
  },
  {
    numbers: [
      90014, 900144, 901002, 70003, 70005, 70007, 700054, 90023, 90056, 900561, 90100, 9002325, 9002326, 9002327, 1002012,
      1002016,
    ],
    means: OUR_REQUEST,
    source: `${CODES}; 90023xx: the redirect URI is registered as single-page app instead of Web`,
  },
  // It passes
  { numbers: [90055, 50166, 50088], means: wait('Microsoft asks to slow down.'), source: CODES },
  {
    numbers: [50196],
    means: passes('Microsoft has stopped too many equal requests for tokens in a short time. Redkey waits and tries again.'),
    source: `${CODES} (LoopDetected)`,
  },
  {
    numbers: [
      90033, 90041, 90006, 90012, 90024, 90025, 90036, 90090, 90091, 90092, 50000, 50033, 50086, 50087, 40008, 40010, 70012,
      51005, 80001, 80002, 80005, 80007, 80010, 80013, 80014, 501621,
    ],
    means: TROUBLE,
    source: `${CODES}; azure-sdk-for-python#14241 (90033), microsoft-authentication-library-for-js#4329 (90041)`,
  },
]
