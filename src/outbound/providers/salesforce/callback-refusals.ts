import { lacks, type Meaning } from '../meaning.ts'

/** What the login page sends back instead of a code, and what an admin of the org does about it in Setup, step by step. */
export interface CallbackRefusal {
  /** `error` of the address, compared without case. */
  readonly errors: readonly string[]
  /** What `error_description` must say; without it any. */
  readonly says?: RegExp
  readonly means: Meaning
  readonly steps: readonly string[]
  readonly source: string
}

const AGAIN = 'Then log in once more from Slack.'
const OF_ITS_OWN =
  'Or register an external client app in this very org, and give its client id to Redkey: npm run redkey -- client add'

const NOT_INSTALLED = {
  means: lacks('admin_blocked', 'Salesforce lets nobody authorize the app until an admin has installed it in this org.'),
  steps: [
    'In Setup, open Apps › Connected Apps › Connected Apps OAuth Usage, find the app of Redkey and press Install. An external client app that was registered in this org stands under External Client App Manager instead: check that it is enabled there.',
    'In the policies of the app, set Permitted Users to "All users may self-authorize", or give it to the profile or permission set of whoever logs in.',
    'If it is not in the list: give whoever logs in the permission "Approve Uninstalled Connected Apps" ("Use Any API Client" where API Access Control is on) for this one login.',
    OF_ITS_OWN,
    AGAIN,
  ],
} as const

const NOT_APPROVED = {
  means: lacks(
    'admin_blocked',
    'Salesforce lets only users whom an admin has approved use the app, and this user is not one of them.',
  ),
  steps: [
    'In Setup, open Apps › Connected Apps › Manage Connected Apps (or External Client App Manager) and the app of Redkey, then its policies.',
    'Set Permitted Users to "All users may self-authorize", or add a profile or permission set of whoever logs in to the app.',
    'Look at IP Relaxation in the same place: the address of this login may be outside the ranges that are allowed.',
    AGAIN,
  ],
} as const

const CROSS_ORG = {
  means: lacks('admin_blocked', 'The app belongs to another Salesforce org, and may not be used to log in to this one.'),
  steps: [
    'In Setup of this org, open External Client App Manager and make an app for Redkey, with the callback URL and the scopes that the README lists.',
    'Give its client id to Redkey: npm run redkey -- client add',
    AGAIN,
  ],
} as const

/**
 * First match wins; what no row knows is read as at the token endpoint. All sources were read in stored copies in 2026-11. Since
 * September 2025 nobody without a special permission can authorize an app that is not installed in the org.
 */
export const CALLBACK_REFUSALS: readonly CallbackRefusal[] = [
  {
    errors: ['oauth_app_blocked'],
    means: lacks('admin_blocked', 'An admin has blocked the app in this Salesforce org.'),
    steps: [
      'In Setup, open Apps › Connected Apps › Connected Apps OAuth Usage and find the app of Redkey, at the end of the list maybe.',
      'Press Unblock, and Install if that is offered; it ended all logins of the app when it was blocked.',
      AGAIN,
    ],
    source: 'n8n#21589; help.usergems.com "OAuth App Blocked"; learn.microsoft.com Copilot for Sales',
  },
  {
    errors: ['oauth_authorization_blocked'],
    ...CROSS_ORG,
    source: 'forcedotcom/mcp-hosted#10, #47 ("Cross-org OAuth flows are not supported for this external client app")',
  },
  {
    errors: ['invalid_app_access', 'oauth_app_access_denied', 'invalid_grant', 'invalid_client', 'access_denied'],
    says: /admin approved|not approved|admin approval/i,
    ...NOT_APPROVED,
    source: 'learn.microsoft.com Copilot for Sales ("user is not admin approved to access this app")',
  },
  {
    errors: ['invalid_client', 'invalid_client_id', 'invalid_request', 'invalid_grant', 'oauth_approval_error_generic'],
    says: /must be installed|not installed/i,
    ...NOT_INSTALLED,
    source: 'nango.dev/blog/fix-salesforce-oauth-approval-error-generic; support.movedata.io ("app must be installed into org")',
  },
  {
    errors: ['oauth_approval_error_generic', 'oauth_ec_app_not_found', 'app_not_found'],
    ...NOT_INSTALLED,
    source:
      'xappex.com/blog/oauth-approval-error-generic-salesforce; PipedreamHQ/pipedream#21557 (an install cured it); dust-tt/dust#26727',
  },
  {
    errors: ['invalid_app_access', 'oauth_app_access_denied'],
    ...NOT_APPROVED,
    source: 'abisek/salesforce-elf-browser#9 (OAUTH_APP_ACCESS_DENIED: not permitted, or the IP restriction of the app)',
  },
  {
    errors: ['invalid_grant', 'ip_restricted', 'restricted_ip'],
    says: /ip restricted|restricted ip|ip address|login hours|^$/i,
    means: lacks('admin_blocked', 'Salesforce does not let this user log in from this network or at this time.'),
    steps: [
      'In Setup, open the profile of whoever logs in: Login IP Ranges and Login Hours must allow this network and hour.',
      'Or open the policies of the app of Redkey, and set IP Relaxation to "Relax IP restrictions".',
      AGAIN,
    ],
    source: 'sfdx-actions/setup-sfdx#17 ("ip restricted"); gravityplus/Gravity-Forms-Salesforce#272 (login hours)',
  },
]
