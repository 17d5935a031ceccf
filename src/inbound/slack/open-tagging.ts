import type { Person } from '../../domain/slack.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { taggingForm } from '../../messages/tagging-form.ts'
import { noTaggingReply } from '../../messages/tagging-replies.ts'
import type { SlackActions } from './actions.ts'
import { openOrSay, type Window } from './open-view.ts'

/** Opens the form of auto-tagging; answers what to say instead where there is none. */
export async function openTagging(
  window: Window,
  actions: Pick<SlackActions, 'readTagging'>,
  teamId: string,
  person: Person,
  connectionId: string,
): Promise<Rendered | null> {
  const read = await actions.readTagging(teamId, person, connectionId)
  return read.kind === 'found' ? openOrSay(window, taggingForm(read.form)) : noTaggingReply(read)
}
