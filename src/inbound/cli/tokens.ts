import { parseArgs } from 'node:util'
import type { Deps } from '../../domain/deps.ts'
import type { Workspace } from '../../domain/slack.ts'
import { API_SCOPES, type ApiScope, type ApiToken, writeApiToken } from '../../domain/workspaces/api-token.ts'
import type { Said } from './clients.ts'
import { textTable } from './text-table.ts'
import { type Chosen, chooseWorkspace } from './workspace-option.ts'

export const TOKEN_USAGE = `npm run redkey -- tokens add <label> --workspace <team id> [--scope touchpoints:write] [--scope costs:read] …
npm run redkey -- tokens list
npm run redkey -- tokens remove <label>

Scopes: ${API_SCOPES.join(', ')}. Without --scope: touchpoints:write.
--workspace may be left out where there is one only.
`

/** As people type it: small letters. */
const LABEL = /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/

export type TokenCommand =
  | { readonly kind: 'list' }
  | { readonly kind: 'remove'; readonly label: string }
  | { readonly kind: 'add'; readonly label: string; readonly workspace: string | null; readonly scopes: readonly ApiScope[] }
  | { readonly kind: 'usage' }

export function readTokenCommand(args: readonly string[]): TokenCommand {
  const [verb, ...rest] = args
  try {
    const options = { workspace: { type: 'string' }, scope: { type: 'string', multiple: true } } as const
    const { positionals, values } = parseArgs({ args: rest, options, allowPositionals: true })
    const [label, ...more] = positionals
    const hasOptions = values.workspace !== undefined || values.scope !== undefined
    if (verb === 'list' && label === undefined && !hasOptions) return { kind: 'list' }
    if (label === undefined || more.length > 0) return { kind: 'usage' }
    if (verb === 'remove' && !hasOptions) return { kind: 'remove', label }
    const wanted = (values.scope ?? ['touchpoints:write']).flatMap((one) => one.split(','))
    const scopes = API_SCOPES.filter((scope) => wanted.includes(scope))
    if (verb !== 'add' || scopes.length !== new Set(wanted).size) return { kind: 'usage' }
    return { kind: 'add', label, workspace: values.workspace ?? null, scopes }
  } catch {
    return { kind: 'usage' } // an option that is not known
  }
}

type TokenDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'newSecret'>

/** Makes a token and shows it this once. `newTokenId`: 12 hexadecimal digits. */
export async function addToken(
  deps: TokenDeps & { newTokenId(): string },
  { label, workspace, scopes }: Extract<TokenCommand, { kind: 'add' }>,
): Promise<Said> {
  if (!LABEL.test(label)) return bad(`${label} is no label: 2 to 40 small letters, digits and hyphens.`)
  const chosen: Chosen = chooseWorkspace(await deps.store.workspaces.all(), workspace)
  if (chosen.kind === 'refused') return bad(chosen.says)
  const { teamId, name } = chosen.workspace
  const id = deps.newTokenId()
  const { text, hash } = writeApiToken(id, deps.newSecret())
  const at = deps.clock.now()
  const audit = { id: deps.newId(), teamId, actor: null, action: 'token_added' as const, detail: label, at }
  if (!(await deps.store.apiTokens.add({ id, label, teamId, hash, scopes, addedAt: at }, audit)))
    return bad(`There is a token ${label} already: see tokens list.`)
  const says = `${text}\n\nThis is the token ${label} of ${name} (${teamId}), for: ${scopes.join(', ')}. It is not shown again, and kept nowhere.\n`
  return { code: 0, says }
}

export async function removeToken({ store, clock, newId }: TokenDeps, label: string): Promise<Said> {
  const audit = { id: newId(), actor: null, action: 'token_removed' as const, detail: label, at: clock.now() }
  const removed = await store.apiTokens.remove(label, audit)
  return removed ? { code: 0, says: `${label} works no more.\n` } : bad(`There is no token ${label}: see tokens list.`)
}

export function printTokens(tokens: readonly ApiToken[], workspaces: readonly Workspace[]): string {
  if (tokens.length === 0) return 'No tokens but those of REDKEY_API_TOKENS.\n'
  const names = new Map(workspaces.map(({ teamId, name }) => [teamId, name]))
  const head = ['LABEL', 'WORKSPACE', 'SCOPES', 'ADDED']
  const rows = tokens.map(({ label, teamId, scopes, addedAt }) => [
    label,
    `${names.get(teamId) ?? '-'} (${teamId})`,
    scopes.join(', '),
    addedAt.toISOString().slice(0, 10),
  ])
  return textTable([head, ...rows])
}

function bad(says: string): Said {
  return { code: 1, says: `${says}\n` }
}
