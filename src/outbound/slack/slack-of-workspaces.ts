import type { Posting, Slack } from '../../domain/slack.ts'
import type { Poster } from './poster.ts'
import type { WorkspacePool } from './workspace-pool.ts'

/** Slack, for each workspace with its own token. */
export function slackOfWorkspaces(pool: WorkspacePool<{ readonly poster: Poster }>): Slack {
  const posting = (teamId: string, question: (poster: Poster) => Promise<Posting>) =>
    pool.ask<Posting>(
      teamId,
      ({ poster }) => question(poster),
      (why) => (why.kind === 'gone' ? { kind: 'workspace_gone' } : { kind: 'token_refused', reason: why.reason }),
    )
  const ask = <T>(teamId: string, question: (poster: Poster) => Promise<T>, otherwise: T) =>
    pool.ask<T>(
      teamId,
      ({ poster }) => question(poster),
      () => otherwise,
    )

  return {
    post: (place, facts) => posting(facts.message.teamId, (poster) => poster.post(place, facts)),
    update: (place, facts) => posting(facts.message.teamId, (poster) => poster.update(place, facts)),
    find: (teamId, place, id, since) => ask(teamId, (poster) => poster.find(place, id, since), { kind: 'cannot_tell' }),
    hasOutsiders: (teamId, channelId) => ask(teamId, (poster) => poster.hasOutsiders(channelId), false),
    person: (teamId, userId) => ask(teamId, (poster) => poster.person(userId), undefined),
    channel: (teamId, channelId) => ask(teamId, (poster) => poster.channel(channelId), { kind: 'cannot_tell' }),
    tokenState: (teamId) =>
      pool.ask(
        teamId,
        ({ poster }) => poster.tokenState(),
        ({ kind }) => (kind === 'gone' ? 'dead' : 'unknown'),
      ),
    tryChannel: (teamId, channelId, userId) => ask(teamId, (poster) => poster.tryChannel(channelId, userId), 'unknown'),
  }
}
