import { authorize, lacks, misconfigured } from '../meaning.ts'
import type { GraphRefusal } from './graph-refusal.ts'

/** Codes that mean only: the login is no good. Subcode and text say why. */
const LOGIN = [190, 102] as const

/** What the Graph API says of the login itself; sources as in refusals.ts. */
export const LOGIN_REFUSALS: readonly GraphRefusal[] = [
  {
    codes: LOGIN,
    subcodes: [2069030, 2069032],
    means: misconfigured('Redkey called Meta with the wrong kind of token. This is for whoever runs Redkey.'),
    source: 'reports of 190/2069032 ("User Access Token Is Not Supported"; 2069030 the same of older pages)',
  },

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

  {
    says: /two.factor authentication required/i,
    means: authorize(
      'login_policy',
      'ambiguous',
      'Meta wants this user to confirm with a second factor, as the business of the ad account demands. The user has to log in again.',
    ),
    source: 'facebook-python-business-sdk#516 (415/1404120), facebook-java-business-sdk#438 (415/2859009)',
  },
]
