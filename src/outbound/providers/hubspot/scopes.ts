/**
 * The app in HubSpot must have exactly these, as required and as optional ones: HubSpot refuses a login whose scopes differ from the
 * app's. `oauth` reads the account's details; the others need a plan with custom objects. With the optional one `redkey crm setup` can
 * make the object; HubSpot leaves it out where the account or the person lacks it.
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/scopes,
 * https://knowledge.hubspot.com/integrations/resolve-a-request-for-integration-permissions-error (2026-11)
 */
export const SCOPES = {
  required: ['oauth', 'crm.objects.custom.read', 'crm.objects.custom.write', 'crm.schemas.custom.read'],
  optional: ['crm.schemas.custom.write'],
} as const
