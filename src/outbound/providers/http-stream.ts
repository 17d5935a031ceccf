import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isLoopbackHost } from './addresses.ts'
import type { NoAnswer, StreamRequest } from './http.ts'
import { publicLookup, readReason } from './http-address.ts'

/**
 * Sends a body as fast as the server takes it, and answers as soon as the server does, be that before all is sent. A connection of
 * its own, which ends when nothing moves on it for `idleMs`. Throws only what `body` throws: then the server got a part of it.
 */
export function openExchange(
  url: URL,
  { method, headers, body }: StreamRequest,
  idleMs: number,
): Promise<IncomingMessage | NoAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | NoAnswer>()
  const isHttps = url.protocol === 'https:'
  const outgoing = (isHttps ? httpsRequest : httpRequest)(url, {
    method,
    agent: false,
    headers: { ...headers },
    ...(!isLoopbackHost(url.hostname) && { lookup: publicLookup }),
  })
  let connected = false
  outgoing.setTimeout(idleMs, () => outgoing.destroy(Object.assign(new Error('idle'), { code: 'ETIMEDOUT' })))
  outgoing.on('socket', (socket) => {
    socket.once(isHttps ? 'secureConnect' : 'connect', () => {
      connected = true
    })
  })
  outgoing.on('error', (error) => resolve({ kind: 'no_answer', reason: readReason(error, connected), sent: connected }))
  outgoing.on('response', (incoming) => {
    incoming.once('close', () => outgoing.destroy()) // also when the server did not want all of the body
    resolve(incoming)
  })
  if (body) {
    send(outgoing, body).catch((cause: unknown) => {
      outgoing.destroy()
      reject(cause)
    })
  } else outgoing.end()
  return promise
}

async function send(outgoing: ClientRequest, body: AsyncIterable<string>): Promise<void> {
  for await (const chunk of body) {
    if (outgoing.destroyed) return
    if (!outgoing.write(chunk)) await room(outgoing)
  }
  outgoing.end()
}

function room(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const on = () => {
      outgoing.off('drain', on).off('close', on)
      resolve()
    }
    if (outgoing.destroyed) resolve()
    else outgoing.on('drain', on).on('close', on)
  })
}
