import type { AllMiddlewareArgs } from '@slack/bolt'
import { refused } from '../../messages/refused.ts'
import { downloadReply } from '../../messages/rejects-reply.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Download CSV: the button has opened the file by itself, or, where everybody sees it, asks for a personal link. */
export function downloadRejectsClicked({ actions, log }: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    if (click.hasUrl) return
    const means = meansOf(click, { client, respond })
    const asking = await identify(actions, click)
    if (asking.kind !== 'member') return answer(means, refused(asking.kind === 'refused' ? asking.reason : 'unknown_person'), log)
    await answer(means, downloadReply(await actions.rejectsLink(click.teamId, asking.person, click.value)), log)
  }
}
