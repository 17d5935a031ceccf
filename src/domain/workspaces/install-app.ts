import { hash } from 'node:crypto'
import { later } from '../../clock.ts'
import { type Departure, LOGIN_MS } from '../access/departure.ts'
import type { Deps } from '../deps.ts'
import type { Workspace } from '../slack.ts'
import type { FirstWorkspace } from './first-workspace.ts'
import type { BotSealer, Installation } from './installation.ts'
import { type Approval, type Installer, installRedirectUri } from './installer.ts'

export interface InstallDeps extends Pick<Deps, 'store' | 'clock' | 'newId' | 'newSecret' | 'settings' | 'log'> {
  readonly installer: Installer
  readonly bots: BotSealer
  readonly first: FirstWorkspace
  /** Ids of the workspaces that may install the app. */
  readonly allowed: readonly string[]
  /** An install under way travels in a sealed cookie, so that starting one writes nothing. */
  readonly flows: {
    seal(state: string, expiresAt: Date): Promise<string>
    /** Undefined when it is not ours, was made for another purpose, or has expired. */
    open(sealed: string): Promise<string | undefined>
  }
}

/** Off to Slack's page. Writes nothing, so that a link scanner does no harm. */
export async function beginInstall(deps: InstallDeps): Promise<Departure> {
  const state = deps.newSecret()
  const cookie = await deps.flows.seal(state, later(deps.clock.now(), LOGIN_MS))
  const url = deps.installer.authorizationUrl({ redirectUri: installRedirectUri(deps.settings.url), state })
  return { kind: 'redirect', url, state, cookie, cookieMaxAgeMs: LOGIN_MS }
}

export interface InstallCallback {
  readonly state: string | null
  readonly code: string | null
  readonly error: string | null
  /** The cookie of this flow, from this browser. */
  readonly cookie: string | null
}

export type Installed =
  /** `connections`: so many it has already, which can be told again. */
  | {
      readonly kind: 'installed'
      readonly workspace: Workspace
      readonly channelId: string | null
      readonly connections: number
    }
  /** It is the one whose token stands in the settings, and goes on with that. */
  | { readonly kind: 'first_workspace'; readonly name: string }
  /** No cookie, or another state: not the browser that set out, or an install that began in Slack. Nothing was done. */
  | { readonly kind: 'not_this_browser' }
  | { readonly kind: 'install_expired' }
  | { readonly kind: 'already_used' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not_allowed'; readonly teamId: string; readonly name: string }
  | { readonly kind: 'organization' }
  | { readonly kind: 'rotating' }
  | { readonly kind: 'scope_missing'; readonly missing: readonly string[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'misconfigured' }
  | { readonly kind: 'unreachable' }

/** The way back: check the state, exchange the code, look whose token it is, and only then keep it. What is refused is given back. */
export async function completeInstall(deps: InstallDeps, callback: InstallCallback): Promise<Installed> {
  const { store, clock, log } = deps
  if (callback.state === null || callback.cookie === null) return { kind: 'not_this_browser' }
  const state = await deps.flows.open(callback.cookie)
  if (state === undefined) return { kind: 'install_expired' }
  if (state !== callback.state) return { kind: 'not_this_browser' }
  const now = clock.now()
  if (!(await store.tickets.useOnce(`install:${hash('sha256', state, 'base64url')}`, now, later(now, LOGIN_MS))))
    return { kind: 'already_used' }
  const outcome = await exchange(deps, callback)
  log.info('install.completed', { outcome: outcome.kind })
  return outcome
}

async function exchange(deps: InstallDeps, { code, error }: InstallCallback): Promise<Installed> {
  const { installer, settings, log } = deps
  if (error === 'access_denied') return { kind: 'cancelled' }
  if (code === null) {
    log.warn('install.refused', { reason: error === null ? 'no_code' : 'error_sent' })
    return { kind: 'refused' }
  }
  const exchanged = await installer.exchange(code, installRedirectUri(settings.url))
  if (exchanged.kind === 'ok') return judge(deps, exchanged.approval)
  log.warn('install.refused', { kind: exchanged.kind, reason: exchanged.reason })
  return { kind: exchanged.kind }
}

async function judge(deps: InstallDeps, approval: Approval): Promise<Installed> {
  const { installer, allowed, first } = deps
  const { team, isOrganization, isRotating, token } = approval
  if (isOrganization || team === null) return giveBack(deps, approval, { kind: 'organization' })
  await first.learn()
  if (first.toldTeamId() === team.id) return { kind: 'first_workspace', name: team.name }
  if (!allowed.includes(team.id)) return giveBack(deps, approval, { kind: 'not_allowed', teamId: team.id, name: team.name })
  const workspace = await installer.whoseToken(token)
  if (!workspace) return { kind: 'unreachable' }
  if (workspace.teamId !== team.id) return giveBack(deps, approval, { kind: 'refused' })
  const before = await deps.store.installations.find(team.id)
  const refused = isRotating ? { kind: 'rotating' as const } : whatIsMissing(deps, approval)
  if (!refused) return keep(deps, approval, workspace, before)
  // A workspace that has the app is given the token that it has.
  return before && before.endedAt === null ? refused : giveBack(deps, approval, refused)
}

function whatIsMissing({ installer }: InstallDeps, { scopes }: Approval): Installed | null {
  const missing = installer.scopes.filter((scope) => !scopes.includes(scope))
  return missing.length === 0 ? null : { kind: 'scope_missing', missing }
}

/** An install that is refused leaves no token behind, neither here nor at Slack. */
async function giveBack({ installer, log }: InstallDeps, { token, team }: Approval, refused: Installed): Promise<Installed> {
  if (!(await installer.revoke(token))) log.error('install.token_not_given_back', { teamId: team?.id ?? null })
  return refused
}

async function keep(
  deps: InstallDeps,
  { token, botUserId, scopes, installedBy }: Approval,
  workspace: Workspace,
  before: Installation | undefined,
): Promise<Installed> {
  const { store, bots, clock, newId, log } = deps
  const { teamId } = workspace
  const at = clock.now()
  const sealed = await bots.seal(token, { teamId })
  const audit = { id: newId(), teamId, actor: installedBy, action: 'installed' as const, detail: scopes.join(','), at }
  await store.installations.save({ teamId, botUserId, scopes, sealed, installedBy, installedAt: at }, workspace, audit)
  log.info('workspace.installed', { teamId, isAnew: before !== undefined })
  const connections = (await store.connections.overviews(teamId)).length
  return { kind: 'installed', workspace, channelId: before?.channelId ?? null, connections }
}
