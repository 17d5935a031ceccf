import type { Words } from './page-texts.ts'
import type { WebDeps } from './web-deps.ts'

type WordDeps = Pick<WebDeps, 'actions' | 'config'>

/** The words of a page about this provider, if it is about one. */
export function wordsFor(deps: WordDeps, about: { readonly provider?: string } | { readonly kind: string }): Words {
  return {
    command: deps.config.command ?? '/connections',
    provider: labelOf(deps, 'provider' in about ? about.provider : undefined),
  }
}

/** As people write it. A name that is no provider is never repeated: it may be anybody's. */
export function labelOf({ actions }: WordDeps, provider: string | undefined): string {
  return (provider === undefined ? undefined : actions.providerLabel(provider)) ?? 'the provider'
}
