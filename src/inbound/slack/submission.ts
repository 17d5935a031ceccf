import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt'
import { type RenderedForm, viewOf } from '../../messages/form.ts'
import { refused } from '../../messages/refused.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import type { Asker } from './asker.ts'
import { type Asking, identify } from './asker.ts'
import type { Inbound } from './inbound.ts'

export type SubmitArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs
export type FormValues = SubmitArgs['view']['state']['values']

/** A form was sent; its ack says what becomes of the window. */
export interface Submission {
  readonly teamId: string
  readonly metadata: string
  readonly values: FormValues
  readonly asking: Extract<Asking, { kind: 'member' }>
  /** Shows something else in its place. */
  update(shown: RenderedForm): Promise<void>
  /** Says what is wrong, below the fields with these block ids. */
  refuse(errors: Readonly<Record<string, string>>): Promise<void>
}

/** Reads a form that was sent. Undefined when it has been answered already: whoever sent it may do nothing here. */
export async function readSubmission({ actions }: Inbound, { ack, body, view }: SubmitArgs): Promise<Submission | undefined> {
  const update = (shown: RenderedForm) => ack({ response_action: 'update', view: viewOf(shown) })
  const teamId = view.app_installed_team_id ?? view.team_id
  const asker: Asker = { userId: body.user.id, userTeamId: body.user.team_id ?? null, teamId, channelId: null }
  const asking = await identify(actions, asker)
  if (asking.kind !== 'member') {
    await update(saidInWindow(refused(asking.kind === 'refused' ? asking.reason : 'unknown_person')))
    return undefined
  }
  return {
    teamId,
    metadata: view.private_metadata,
    values: view.state.values,
    asking,
    update,
    refuse: (errors) => ack({ response_action: 'errors', errors: { ...errors } }),
  }
}
