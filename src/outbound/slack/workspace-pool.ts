import type { BotToken, BotTokens } from '../../domain/workspaces/bot-tokens.ts'

/** Workspaces whose clients are kept, with what they remember of people; of more, those that were not used for longest are forgotten. */
const MOST_KEPT = 50

export type NoToken = Exclude<BotToken, { readonly kind: 'token' }>

/** What speaks with Slack for one workspace, `W`: with its own token, and nothing shared with another's. */
export interface WorkspacePool<W> {
  ask<T>(teamId: string, question: (workspace: W) => T | Promise<T>, otherwise: (why: NoToken) => T): Promise<T>
}

/** Opens one for each workspace when it is asked for first, and anew when its token is another. */
export function workspacePool<W>(tokens: BotTokens, open: (token: string) => W, mostKept: number = MOST_KEPT): WorkspacePool<W> {
  const kept = new Map<string, { readonly token: string; readonly workspace: W }>()

  function opened(teamId: string, token: string): W {
    const known = kept.get(teamId)
    const found = known?.token === token ? known : { token, workspace: open(token) }
    kept.delete(teamId)
    kept.set(teamId, found)
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(oldest)
    return found.workspace
  }

  return {
    async ask(teamId, question, otherwise) {
      const found = await tokens.of(teamId)
      return found.kind === 'token' ? question(opened(teamId, found.token)) : otherwise(found)
    },
  }
}
