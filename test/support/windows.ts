import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import type { View } from '../../src/sandbox/slack/view.ts'
import type { World } from './world.ts'

/** What a window shows, as one text. */
export function shownIn(view: View | null): string {
  return view ? JSON.stringify([view.title, view.blocks]) : ''
}

/** The window that a typed command opens. */
export async function windowOf(world: World, userId: string, typed: string): Promise<View> {
  const before = world.slack.view(userId)
  await world.slack.command(userId, MARKETING_OPS, typed)
  return world.slack.eventually(() => {
    const now = world.slack.view(userId)
    return now !== before ? now : null
  })
}

/** Clicks on something in the window on top; answers the window that is there then. */
export async function clickInWindow(world: World, userId: string, actionId: string, choice = {}): Promise<View> {
  const before = world.slack.view(userId)
  await world.slack.click(userId, 'view', actionId, choice)
  return world.slack.eventually(() => {
    const now = world.slack.view(userId)
    return now !== before ? now : null
  })
}

/** The address behind a button of a window. */
export function urlIn(view: View | null, path: string): string {
  const [url] = new RegExp(`http[^"]+/${path}/[\\w.-]+`).exec(shownIn(view)) ?? []
  if (!url) throw new Error(`the window has no link to /${path}`)
  return url
}

/** The names of a form's fields, as they are in this window. */
export function fieldsOf(view: View): string[] {
  return view.blocks.flatMap((block) => (block.type === 'input' ? [String(block.block_id)] : []))
}
