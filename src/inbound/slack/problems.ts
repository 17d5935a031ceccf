import type { AllMiddlewareArgs, AnyMiddlewareArgs, Middleware, RespondFn } from '@slack/bolt'
import { AppError } from '../../errors.ts'
import { connectionGone, problem } from '../../messages/problem.ts'
import { answer, type Means } from './answer.ts'
import { isReply } from './click.ts'
import type { Inbound } from './inbound.ts'

/** The one place that catches what listeners throw: the log gets the error, the person gets words and a reference to it. */
export function tellProblems({ log, newId }: Pick<Inbound, 'log' | 'newId'>): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    try {
      await args.next()
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return answer(meansOf(args), connectionGone(), log)
      const referenceId = newId()
      log.error('slack.listener_failed', { referenceId }, error)
      const message = problem('Something went wrong on my side.', 'Please try again in a minute.', referenceId)
      await answer(meansOf(args), message, log)
    }
  }
}

/** Whatever this kind of payload offers for answering. */
function meansOf(args: AnyMiddlewareArgs & AllMiddlewareArgs): Means {
  const respond: RespondFn | undefined = 'respond' in args ? args.respond : undefined
  const { body } = args
  return {
    client: args.client,
    respond,
    triggerId: 'trigger_id' in body && typeof body.trigger_id === 'string' ? body.trigger_id : undefined,
    channelId: 'channel' in body && typeof body.channel === 'object' ? body.channel.id : undefined,
    userId: 'user' in body && typeof body.user === 'object' ? body.user.id : undefined,
    isInReply: isReply(body),
  }
}
