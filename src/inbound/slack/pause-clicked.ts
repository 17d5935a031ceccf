import type { AllMiddlewareArgs } from '@slack/bolt'
import { pauseReply } from '../../messages/pause-reply.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Pause and Resume of a whole connection, on cards however old, in lists and in the settings. */
export function pauseClicked({ actions, look, log }: Inbound, what: 'pause' | 'resume') {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), log)
    const change = what === 'pause' ? actions.pauseConnection : actions.resumeConnection
    await answer(means, pauseReply(await change(click.teamId, asking.person, click.value), what, look), log)
  }
}
