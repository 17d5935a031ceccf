import { type Line, line, type Run } from './line.ts'
import { aBenchRedkey, type BenchRedkey } from './redkey.ts'

const MOST_MS = 2000
const PATIENCE_MS = 20_000

/** From the answer with which Salesforce proves that the login is dead to the card's arrival at Slack. */
export async function redCard(runs: number): Promise<Line[]> {
  const done: Run[] = []
  for (let run = 0; run < runs; run++) {
    // Anew each time: a card of the last half hour would be edited instead of posted.
    await using redkey = await aBenchRedkey({ env: { REDKEY_CHECK_EVERY: '1s' } })
    await redkey.start()
    await redkey.connect()
    done.push({ measured: await cardAfterMs(redkey), limit: MOST_MS })
  }
  return [line('red card after the first proof', done, { unit: 'ms', goal: { atMost: 1 }, against: 'the goal' })]
}

async function cardAfterMs({ sandbox: { slack, salesforce } }: BenchRedkey): Promise<number> {
  const known = salesforce.calls.total
  const posts = () => slack.calls.filter(({ method }) => method === 'chat.postMessage')
  await slack.eventually(() => posts().length > 0, PATIENCE_MS) // the welcome
  const before = posts().length
  salesforce.org('Acme Inc').revokeGrant()
  const posted = await slack.eventually(() => posts()[before], PATIENCE_MS)
  const refusal = salesforce.calls
    .list()
    .slice(known)
    .find(({ path, status }) => path.endsWith('/token') && status >= 400)
  if (!refusal) throw new Error('the card came before any proof')
  return posted.at.getTime() - refusal.at.getTime()
}
