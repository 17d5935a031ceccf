// A process of its own: sends touchpoints as fast as they are taken, until it is told to stop.
import { Agent } from 'node:http'
import { bodiesOf } from './records.ts'
import { sendOne, touchpointsAt } from './send.ts'

export interface ToLoad {
  readonly url: string
  readonly token: string
  readonly connection: string
  readonly inFlight: number
  readonly prefix: string
}

const A_REQUEST = 1000
/** Stands where the number of the request goes: every id is sent once. */
const PLACE = '@@@@@@'

function start({ url, token, connection, inFlight, prefix }: ToLoad): void {
  const [template] = bodiesOf(`${prefix}_${PLACE}`, A_REQUEST, A_REQUEST, { connection })
  const text = template?.toString() ?? ''
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  const target = touchpointsAt({ url, token })
  let requests = 0
  async function lane(): Promise<never> {
    for (;;) {
      const body = text.replaceAll(PLACE, String(++requests).padStart(PLACE.length, '0'))
      await sendOne(target, body, agent)
      process.send?.(A_REQUEST)
    }
  }
  for (let number = 0; number < inFlight; number++) {
    lane().catch((error: Error) => {
      process.stderr.write(`the load ended: ${error.message}\n`)
      process.exit(1)
    })
  }
}

process.on('message', start)
process.on('disconnect', () => process.exit())
