import { Agent, request } from 'node:http'

interface Target {
  readonly url: string
  readonly method: 'POST' | 'PATCH'
  readonly headers: Readonly<Record<string, string>>
  readonly expected: number
}

/** Sends all bodies, so many at once, over kept connections. Milliseconds of each exchange. @throws for any other status than expected. */
export async function sendAll(target: Target, bodies: readonly Buffer[], inFlight: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  const tookMs: number[] = []
  let next = 0
  async function lane(): Promise<void> {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const start = performance.now()
      await sendOne(target, body, agent)
      tookMs.push(performance.now() - start)
    }
  }
  try {
    await Promise.all(Array.from({ length: inFlight }, lane))
  } finally {
    agent.destroy()
  }
  return tookMs
}

export function sendOne({ url, method, headers, expected }: Target, body: Buffer | string, agent: Agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const outgoing = request(
    url,
    { method, agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
    (answer) => {
      answer.on('end', () =>
        answer.statusCode === expected ? resolve() : reject(new Error(`${url} answered ${answer.statusCode}`)),
      )
      answer.resume()
    },
  )
  outgoing.on('error', reject)
  outgoing.end(body)
  return promise
}

export function touchpointsAt(redkey: { readonly url: string; readonly token: string }): Target {
  const headers = { authorization: `Bearer ${redkey.token}`, 'content-type': 'application/json' }
  return { url: `${redkey.url}/v1/touchpoints`, method: 'POST', headers, expected: 202 }
}
