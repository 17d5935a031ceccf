import type { Posting, Slack } from '../../domain/slack.ts'
import type { BotTokens } from '../../domain/workspaces/bot-tokens.ts'
import type { Poster } from './poster.ts'

/** Workspaces whose posters are kept, with what they remember of people; of more, those that were not used for longest are forgotten. */
const MOST_KEPT = 50

/** Slack, for each workspace with its own token and nothing shared: clients, people, pauses between posts. */
export function slackOfWorkspaces(tokens: BotTokens, open: (token: string) => Poster, mostKept: number = MOST_KEPT): Slack {
  const posterOf = keptPosters(open, mostKept)

  async function ask<T>(
    teamId: string,
    question: (poster: Poster) => Promise<T>,
    otherwise: (why: Exclude<Awaited<ReturnType<BotTokens['of']>>, { kind: 'token' }>) => T,
  ): Promise<T> {
    const found = await tokens.of(teamId)
    return found.kind === 'token' ? question(posterOf(teamId, found.token)) : otherwise(found)
  }

  const posting = (teamId: string, question: (poster: Poster) => Promise<Posting>) =>
    ask<Posting>(teamId, question, (why) =>
      why.kind === 'gone' ? { kind: 'workspace_gone' } : { kind: 'token_refused', reason: why.reason },
    )

  return {
    post: (place, facts) => posting(facts.message.teamId, (poster) => poster.post(place, facts)),
    update: (place, facts) => posting(facts.message.teamId, (poster) => poster.update(place, facts)),
    find: (teamId, place, messageId, since) =>
      ask(
        teamId,
        (poster) => poster.find(place, messageId, since),
        () => ({ kind: 'cannot_tell' }),
      ),
    person: (teamId, userId) =>
      ask(
        teamId,
        (poster) => poster.person(userId),
        () => undefined,
      ),
    tokenState: (teamId) =>
      ask(
        teamId,
        (poster) => poster.tokenState(),
        ({ kind }) => (kind === 'gone' ? 'dead' : 'unknown'),
      ),
    tryChannel: (teamId, channelId, userId) =>
      ask(
        teamId,
        (poster) => poster.tryChannel(channelId, userId),
        () => 'unknown',
      ),
  }
}

/** One for each workspace; a new one when its token is another. */
function keptPosters(open: (token: string) => Poster, mostKept: number): (teamId: string, token: string) => Poster {
  const kept = new Map<string, { readonly token: string; readonly poster: Poster }>()
  return (teamId, token) => {
    const known = kept.get(teamId)
    const found = known?.token === token ? known : { token, poster: open(token) }
    kept.delete(teamId)
    kept.set(teamId, found)
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(oldest)
    return found.poster
  }
}
