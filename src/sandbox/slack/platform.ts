import type { IncomingMessage } from 'node:http'
import type { Delivery } from './delivery.ts'
import type { WebApi } from './web-api.ts'
import type { World } from './world.ts'

/** One workspace as the others see it. */
export interface Team {
  readonly world: World
  readonly webApi: WebApi
}

/** What workspaces share in which the same app can be installed: one way to the app, and one address of the Web API. */
export interface Platform {
  readonly delivery: Delivery
  readonly teams: readonly Team[]
  join(team: Team): void
  /** The Web API of the workspace that the bot token belongs to; of the first one for every other token. */
  webApiFor(request: IncomingMessage): WebApi
}

export function createPlatform(delivery: Delivery): Platform {
  const teams: Team[] = []
  return {
    delivery,
    teams,
    join: (team) => void teams.push(team),
    webApiFor({ headers }) {
      const token = headers.authorization?.replace(/^Bearer /i, '')
      const [first] = teams
      const found = teams.find(({ world }) => world.tokens.bot === token) ?? first
      if (found === undefined) throw new Error('There is no workspace yet')
      return found.webApi
    },
  }
}
