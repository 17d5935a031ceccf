import type { AllMiddlewareArgs } from '@slack/bolt'
import { HOUR_MS, later, SECOND_MS } from '../../clock.ts'
import { homeView } from '../../messages/home-view.ts'
import { type Filter, pageOf } from '../../messages/page.ts'
import { refused } from '../../messages/refused.ts'
import { identify } from './asker.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'

/** Slack does not tell when somebody leaves the tab. */
const OPEN_MS = HOUR_MS
/** Whoever opened it last is remembered. */
const MOST_OPEN = 200
/** `views.publish` may be called some hundred times a minute for the whole workspace. */
const PUBLISHED_A_ROUND = 8
/** Nobody's tab moves more often, except by their own clicks. */
const REFRESHED_EVERY_MS = 10 * SECOND_MS

/** What somebody looks at in their Home tab. */
export interface HomeShown {
  readonly teamId: string
  readonly userId: string
  readonly page: number
  readonly filter: Filter
  readonly client: AllMiddlewareArgs['client']
}

interface OpenHome extends HomeShown {
  /** As of what is shown; null: it could not be shown. */
  readonly mark: string | null
  readonly openedAt: Date
  readonly shownAt: Date
}

export interface OpenHomes {
  /** Shows the tab, and remembers who looks at it. */
  show(shown: HomeShown): Promise<void>
  /** Shows it anew to those who have it open, if something has changed since. */
  refresh(): Promise<void>
  /** The same at once for whoever has just changed something themselves; nothing where they have it not open. */
  refreshOwn(teamId: string, userId: string): Promise<void>
}

export function openHomes(inbound: Inbound): OpenHomes {
  const { actions, look, clock, log } = inbound
  const homes = new Map<string, OpenHome>()

  async function publish({ teamId, userId, page, filter, client }: HomeShown): Promise<void> {
    const asking = await identify(actions, { userId, userTeamId: null, teamId, channelId: null })
    const now = clock.now()
    if (asking.kind === 'refused') {
      homes.delete(keyOf({ teamId, userId }))
      return publishHome(client, userId, { type: 'home', blocks: refused(asking.reason).blocks })
    }
    const person = asking.kind === 'member' ? asking.person : null
    const shown = pageOf(await actions.listConnections(teamId), page, now, filter)
    const listed = await listedFor(actions, teamId, person, shown.rows)
    await publishHome(client, userId, homeView(shown, listed, look, now, await actions.listDigests(teamId)))
  }

  function keep(home: OpenHome): void {
    homes.delete(keyOf(home))
    if (homes.size >= MOST_OPEN) for (const first of [...homes.keys()].slice(0, 1)) homes.delete(first)
    homes.set(keyOf(home), home)
  }

  /** Those that are open and not as things are now, the longest outdated first. */
  async function outdated(now: Date): Promise<(OpenHome & { readonly newMark: string })[]> {
    const marks = new Map<string, string>()
    const found: (OpenHome & { readonly newMark: string })[] = []
    for (const home of homes.values()) {
      if (home.openedAt < later(now, -OPEN_MS)) {
        homes.delete(keyOf(home))
        continue
      }
      const newMark = marks.get(home.teamId) ?? (await actions.changeMark(home.teamId))
      marks.set(home.teamId, newMark)
      if (newMark !== home.mark && home.shownAt <= later(now, -REFRESHED_EVERY_MS)) found.push({ ...home, newMark })
    }
    return found.sort((a, b) => a.shownAt.getTime() - b.shownAt.getTime())
  }

  async function showAnew(home: OpenHome, mark: string, now: Date): Promise<void> {
    homes.set(keyOf(home), { ...home, mark, shownAt: now })
    try {
      await publish(home)
    } catch (error) {
      const isStillThere = homes.get(keyOf(home))?.shownAt === now
      if (isStillThere) homes.set(keyOf(home), { ...home, mark: null, shownAt: now })
      log.warn('slack.home_not_refreshed', { reason: error instanceof Error ? error.name : 'unknown' })
    }
  }

  return {
    async show(shown) {
      const now = clock.now()
      const mark = await actions.changeMark(shown.teamId) // before the list, so that nothing is missed between the two
      keep({ ...shown, mark, openedAt: now, shownAt: now })
      await publish(shown)
    },
    async refresh() {
      const now = clock.now()
      for (const { newMark, ...home } of (await outdated(now)).slice(0, PUBLISHED_A_ROUND)) {
        if (homes.get(keyOf(home))?.shownAt !== home.shownAt) continue // they have turned the page meanwhile
        await showAnew(home, newMark, now)
      }
    },
    async refreshOwn(teamId, userId) {
      const now = clock.now()
      const mark = await actions.changeMark(teamId)
      const home = homes.get(keyOf({ teamId, userId }))
      if (home && home.openedAt >= later(now, -OPEN_MS) && home.mark !== mark) await showAnew(home, mark, now)
    },
  }
}

/** Of an organization's people one may be in several workspaces. */
function keyOf({ teamId, userId }: Pick<HomeShown, 'teamId' | 'userId'>): string {
  return `${teamId} ${userId}`
}

async function publishHome(
  client: AllMiddlewareArgs['client'],
  userId: string,
  view: ReturnType<typeof homeView>,
): Promise<void> {
  await client.views.publish({ user_id: userId, view: { type: view.type, blocks: [...view.blocks] } })
}
