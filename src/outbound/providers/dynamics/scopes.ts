/**
 * The delegated permission of the app registration ("Access Dynamics 365 as organization users"), asked for with the address of the
 * environment before it, and what Entra wants for a refresh token.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/authenticate-oauth,
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/walkthrough-register-app-azure-active-directory (2026-11)
 */
export const SCOPES = ['user_impersonation', 'offline_access'] as const
