import type { AllMiddlewareArgs } from '@slack/bolt'
import type { Person } from '../../domain/slack.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { viewOf } from '../../messages/form.ts'
import { taggingForm } from '../../messages/tagging-form.ts'
import { noTaggingReply } from '../../messages/tagging-replies.ts'
import type { SlackActions } from './actions.ts'

/** What a window is opened with: within three seconds, once. */
export interface Window {
  readonly client: AllMiddlewareArgs['client']
  readonly triggerId: string
}

/** Opens the form of auto-tagging; answers what to say instead where there is none. */
export async function openTagging(
  { client, triggerId }: Window,
  actions: Pick<SlackActions, 'readTagging'>,
  teamId: string,
  person: Person,
  connectionId: string,
): Promise<Rendered | null> {
  const read = await actions.readTagging(teamId, person, connectionId)
  if (read.kind !== 'found') return noTaggingReply(read)
  await client.views.open({ trigger_id: triggerId, view: viewOf(taggingForm(read.form)) })
  return null
}
