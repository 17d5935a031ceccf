import { type AdPlatform, isAdPlatform } from './ads.ts'
import type { Connection } from './connections/connection.ts'
import type { Deps } from './deps.ts'
import type { Asked, Provider, Tokens } from './provider.ts'

/** Puts a question that only ad platforms answer, with the connection's stored grant. @throws when it is no ad platform: a bug. */
export function askAds<T>(
  { grants }: Pick<Deps, 'grants'>,
  connection: Pick<Connection, 'grantId' | 'provider'>,
  question: (ads: AdPlatform, tokens: Tokens) => Promise<Asked<T>>,
): Promise<Asked<T>> {
  return grants.ask(connection, (tokens, provider) => {
    const ads = adPlatform(provider)
    if (!ads) throw new Error(`${provider.name} is no ad platform`)
    return question(ads, tokens)
  })
}

export function adPlatform(provider: Provider | undefined): AdPlatform | undefined {
  return provider && isAdPlatform(provider) ? provider : undefined
}
