import type { ApiScope } from '../../domain/workspaces/api-token.ts'
import { bearerOf, tokenCheck } from './bearer.ts'
import type { Problem } from './problem.ts'
import type { WebDeps } from './web-deps.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token needs for this route of the API. */
    scope?: ApiScope
  }
}

/** What a request may do: in which workspace, and whose token it came with. */
export interface Access {
  /** Undefined: Slack has not told yet whose the token of the settings is. */
  readonly teamId: string | undefined
  /** Which of several tokens: its number in the settings, or its label; null: there is one only. */
  readonly sender: number | string | null
  /** It is in the settings: whoever runs Redkey gave it out. */
  readonly isOfSettings: boolean
}

export type AccessRead =
  | { readonly kind: 'granted'; readonly access: Access }
  | { readonly kind: 'refused'; readonly problem: Problem }

const NO_TOKENS =
  'Set REDKEY_API_TOKENS to one or more long random tokens and restart Redkey, or make one with npm run redkey -- tokens add.'

/** Reads the bearer token. Those of the settings may do everything in the workspace of the settings; others what their scopes say, in theirs. */
export function accessBy({ actions, config, teamId }: Pick<WebDeps, 'actions' | 'config' | 'teamId'>) {
  const numberOf = tokenCheck(config.apiTokens)
  const isOneOfSeveral = config.apiTokens.length > 1
  return async (authorization: string | undefined, scope: ApiScope | undefined): Promise<AccessRead> => {
    const number = numberOf(authorization)
    if (number > 0)
      return { kind: 'granted', access: { teamId: teamId(), sender: isOneOfSeveral ? number : null, isOfSettings: true } }
    const text = bearerOf(authorization)
    const token = text === undefined ? undefined : await actions.readApiToken(text)
    if (token === undefined) {
      const isOff = config.apiTokens.length === 0 && !(await actions.hasApiTokens())
      return isOff
        ? refused('api_disabled', NO_TOKENS)
        : refused(
            'unauthorized',
            'Send "Authorization: Bearer <token>" with a token of REDKEY_API_TOKENS, or one that was made for your workspace.',
          )
    }
    if (scope === undefined || !token.scopes.includes(scope)) {
      const detail = `The token ${token.label} may do: ${token.scopes.join(', ')}. This needs ${scope ?? 'a token of REDKEY_API_TOKENS'}.`
      return refused('insufficient_scope', detail)
    }
    return { kind: 'granted', access: { teamId: token.teamId, sender: token.label, isOfSettings: false } }
  }
}

function refused(code: Problem['code'], detail: string): AccessRead {
  return { kind: 'refused', problem: { code, detail } }
}

/** What a refused request is told beside the problem (RFC 6750, 3). */
export function challenge(authorization: string | undefined, { code }: Problem): string | undefined {
  if (code === 'insufficient_scope') return 'Bearer realm="redkey", error="insufficient_scope"'
  if (code !== 'unauthorized') return undefined
  return authorization ? 'Bearer realm="redkey", error="invalid_token"' : 'Bearer realm="redkey"'
}
