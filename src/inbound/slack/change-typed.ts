import type { Person } from '../../domain/slack.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { pauseReply } from '../../messages/pause-reply.ts'
import { renameReply, renameToWhat } from '../../messages/rename-reply.ts'
import { unknownConnection } from '../../messages/unknown-command.ts'
import type { Asker } from './asker.ts'
import type { Inbound } from './inbound.ts'
import { openRemoval, openSettings } from './open-settings.ts'
import type { Window } from './open-view.ts'
import type { TypedCommand } from './parse-command.ts'

type Change = Extract<TypedCommand, { readonly kind: 'pause' | 'resume' | 'rename' | 'remove' | 'settings' }>

/** Commands that change one connection. Null: a window was opened instead. */
export async function changeTyped(
  { actions, look }: Inbound,
  { teamId }: Asker,
  window: Window,
  person: Person,
  typed: Change,
): Promise<Rendered | null> {
  if (typed.name === null)
    return typed.kind === 'rename' ? renameToWhat(null, look) : unknownConnection('', null, typed.kind, look)
  const found = await actions.findConnection(teamId, typed.name)
  if (found.kind === 'unknown') return unknownConnection(typed.name, found.nearest, typed.kind, look)
  const { id, name } = found.connection
  switch (typed.kind) {
    case 'pause':
      return pauseReply(await actions.pauseConnection(teamId, person, id), 'pause', look)
    case 'resume':
      return pauseReply(await actions.resumeConnection(teamId, person, id), 'resume', look)
    case 'rename':
      if (typed.to === null) return renameToWhat(name, look)
      return renameReply(await actions.renameConnection(teamId, person, id, typed.to), typed.to, look)
    case 'remove':
      return openRemoval(window, actions, teamId, person, id)
    case 'settings':
      return openSettings(window, actions, teamId, person, id)
    default:
      return typed satisfies never
  }
}
