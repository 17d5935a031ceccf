import type { RenderedHome } from './blocks.ts'
import type { ListedConnection } from './connection-rows.ts'
import { connectionsList } from './connections-list.ts'
import type { Look } from './look.ts'

/** The Home tab: the same list as the command's. */
export function homeView(listed: readonly ListedConnection[], page: number, look: Look, now: Date): RenderedHome {
  return { type: 'home', blocks: connectionsList(listed, page, look, now).blocks }
}
