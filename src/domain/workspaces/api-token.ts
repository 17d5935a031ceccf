import { createHash, timingSafeEqual } from 'node:crypto'
import type { Deps } from '../deps.ts'
import type { WorkspaceAuditEntry } from './installation.ts'

/** What a token lets a program do; each route of the API needs one of them. */
export const API_SCOPES = [
  'touchpoints:write',
  'touchpoints:read',
  'connections:read',
  'connections:write',
  'costs:read',
  'rejects:read',
  'rejects:write',
] as const
export type ApiScope = (typeof API_SCOPES)[number]

/** A bearer token of the API for one workspace. The token itself was shown once and is kept nowhere. */
export interface ApiToken {
  /** Part of the token, so that it is found without comparing it with all others. */
  readonly id: string
  /** Unique over all workspaces. */
  readonly label: string
  readonly teamId: string
  /** SHA-256 of the whole token, base64url. */
  readonly hash: string
  readonly scopes: readonly ApiScope[]
  readonly addedAt: Date
}

/** What we ask of the store for API tokens; whole facts like those of `Store`. */
export interface ApiTokenStore {
  find(id: string): Promise<ApiToken | undefined>
  /** By label. */
  all(): Promise<ApiToken[]>
  /** False: the label is taken. */
  add(token: ApiToken, audit: WorkspaceAuditEntry): Promise<boolean>
  /** Undefined: there is no such label. */
  remove(label: string, audit: Omit<WorkspaceAuditEntry, 'teamId'>): Promise<ApiToken | undefined>
  /** Whether there is any. */
  isAny(): Promise<boolean>
}

const TOKEN = /^rk_([0-9a-f]{12})_[\w-]{43}$/

/** `id`: 12 hexadecimal digits; `secret`: 32 random bytes, base64url. */
export function writeApiToken(id: string, secret: string): { readonly text: string; readonly hash: string } {
  const text = `rk_${id}_${secret}`
  return { text, hash: digest(text).toString('base64url') }
}

/** The token that this text is. Undefined: it is none, or was removed. */
export async function readApiToken({ store }: Pick<Deps, 'store'>, text: string): Promise<ApiToken | undefined> {
  const [, id] = TOKEN.exec(text) ?? []
  const token = id === undefined ? undefined : await store.apiTokens.find(id)
  return token && timingSafeEqual(digest(text), Buffer.from(token.hash, 'base64url')) ? token : undefined
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
