import type { AllMiddlewareArgs } from '@slack/bolt'
import { readReauthorizeValue } from '../../messages/action-ids.ts'
import { reauthorizeReply } from '../../messages/reauthorize-reply.ts'
import { refused } from '../../messages/refused.ts'
import { answer } from './answer.ts'
import { identify } from './asker.ts'
import { type ButtonArgs, meansOf, readClick } from './click.ts'
import type { Inbound } from './inbound.ts'

/** Reauthorize: the button has opened the login by itself, or, without an address, asks for a personal link. */
export function reauthorizeClicked(inbound: Inbound) {
  return async ({ action, body, client, respond }: ButtonArgs & AllMiddlewareArgs): Promise<void> => {
    const click = readClick({ action, body })
    const { outageId, connectionName } = readReauthorizeValue(click.value)
    const asking = await identify(inbound.actions, click)
    const means = meansOf(click, { client, respond })
    if (asking.kind === 'refused') return answer(means, refused(asking.reason), inbound.log)
    if (click.hasUrl) {
      if (outageId !== null) await inbound.actions.loginBegun(click.teamId, outageId)
      return
    }
    if (asking.kind === 'unknown') return answer(means, refused('unknown_person'), inbound.log)
    const link = await inbound.actions.reauthorizeLink(click.teamId, asking.person, connectionName, outageId)
    await answer(means, reauthorizeReply(link, connectionName, inbound.look), inbound.log)
  }
}
