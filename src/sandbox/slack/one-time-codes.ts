import { randomBytes } from 'node:crypto'
import { ApiRefusal } from './api-refusal.ts'
import { type JsonObject, textField } from './json.ts'
import type { World } from './world.ts'

const CODE_LIFE_MS = 600_000

export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret: string
  /** Compared exactly. */
  readonly redirectUris: readonly string[]
}

/** What a code stands for. */
interface Asked {
  readonly world: World
  readonly userId: string
  readonly redirectUri: string
}

/** Codes of OAuth: ten minutes, one use, the client and the address that asked. */
export interface OneTimeCodes<T extends Asked> {
  issue(asked: T): string
  /** What it stands for. @throws what Slack answers instead. */
  redeem(args: JsonObject): T
}

export function oneTimeCodes<T extends Asked>(client: OAuthClient | null): OneTimeCodes<T> {
  const codes = new Map<string, { readonly asked: T; readonly issuedAt: number; isUsed: boolean }>()
  return {
    issue(asked) {
      const code = `${randomBytes(6).toString('hex')}.${randomBytes(20).toString('hex')}`
      codes.set(code, { asked, issuedAt: asked.world.now().getTime(), isUsed: false })
      return code
    },
    redeem(args) {
      if (client === null || textField(args, 'client_id') !== client.clientId) throw new ApiRefusal('invalid_client_id')
      if (textField(args, 'client_secret') !== client.clientSecret) throw new ApiRefusal('bad_client_secret')
      const code = codes.get(textField(args, 'code') ?? '')
      if (code === undefined) throw new ApiRefusal('invalid_code')
      if (code.isUsed) throw new ApiRefusal('code_already_used')
      code.isUsed = true
      const { asked, issuedAt } = code
      if (textField(args, 'redirect_uri') !== asked.redirectUri) throw new ApiRefusal('bad_redirect_uri')
      if (asked.world.now().getTime() - issuedAt > CODE_LIFE_MS) throw new ApiRefusal('code_expired')
      return asked
    },
  }
}
