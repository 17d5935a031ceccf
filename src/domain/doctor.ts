import { redirectUri } from './access/departure.ts'
import type { Deps, Settings } from './deps.ts'
import { type Finding, fine, problem, warning } from './finding.ts'
import type { Provider, Providers } from './provider.ts'
import { WORKSPACE_GONE } from './workspaces/installation.ts'

/** Asks each provider's token endpoint about our client, with a refresh token that can't exist: a good client is told that the token is bad. */
export async function examineProviders({
  providers,
  settings,
}: {
  readonly providers: Providers
  readonly settings: Pick<Settings, 'url'>
}): Promise<Finding[]> {
  const configured = [
    ...providers.all().map((provider) => ({ provider, about: provider.label })),
    ...providers.own().map(({ label, provider }) => ({ provider, about: `${provider.label} (${label})` })),
  ]
  if (configured.length === 0) {
    return [
      problem(
        'providers',
        'No provider is configured, so nothing can be connected.',
        'Set the client id and secret of one (see README, "what to register where").',
      ),
    ]
  }
  return Promise.all(
    configured.map(({ provider, about }) => examineClient(provider, redirectUri(settings.url, provider.name), about)),
  )
}

/** Whether the provider knows the client. `about` names it in the finding. */
export async function examineClient(provider: Provider, callback: string, about: string): Promise<Finding> {
  const answer = await provider.refresh({
    accessToken: 'redkey-doctor',
    refreshToken: 'redkey-doctor',
    apiOrigin: '',
    identityUrl: null,
    scopes: [],
    accessExpiresAt: null,
    refreshExpiresAt: null,
  })
  switch (answer.kind) {
    case 'misconfigured':
      return problem(
        about,
        answer.explanation,
        `Compare the client id and secret with the app at ${provider.label}; its callback URL must be ${callback}`,
      )
    case 'transient':
    case 'rate_limited':
      return warning(
        about,
        `${provider.client.tokenOrigin} gave no usable answer: ${answer.explanation}`,
        'Check that this machine reaches it, and try again.',
      )
    default:
      return fine(about, `${provider.client.tokenOrigin} knows the client. The callback URL to register is ${callback}`)
  }
}

/** Messages that were given up, channels that could not be posted to, and connections whose stored login can't be opened. */
export async function examineStore({ store }: Pick<Deps, 'store'>): Promise<Finding[]> {
  await store.ping()
  // Those of workspaces without the app are told with the workspace.
  const failed = (await store.messages.failed()).filter(({ reason }) => reason !== WORKSPACE_GONE)
  const detours = (await store.messages.detours()).map(({ channelId, reason }) =>
    warning(
      `Slack channel ${channelId}`,
      `It could not be posted to (${reason}), so a person or the default channel got what was for it.`,
      'Unarchive it, or invite the app: /invite @redkey. The next outage is told there again.',
    ),
  )
  const [first] = failed
  if (!first) return [fine('database', 'It answers, and no message was given up.'), ...detours]
  return [
    fine('database', 'It answers.'),
    ...detours,
    warning(
      'messages',
      `${failed.length} could not be shown in Slack; the last reason is ${first.reason}.`,
      'Look at the log for message.unacceptable, and update Redkey.',
    ),
  ]
}
