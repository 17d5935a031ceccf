import type { ServerResponse } from 'node:http'
import type { World } from './world.ts'

const GATHER_MS = 30
const ALIVE_EVERY_MS = 15_000

/** Tells open pages, by server-sent events, that they should fetch their parts again. */
export interface Live {
  open(response: ServerResponse): void
  tell(): void
  close(): void
}

/** Changes within 30 ms are told once. */
export function createLive(world: World): Live {
  const pages = new Set<ServerResponse>()
  let timer: NodeJS.Timeout | undefined
  function send(text: string): void {
    for (const page of pages) page.write(text)
  }
  function tell(): void {
    if (pages.size === 0) return
    timer ??= setTimeout(() => {
      timer = undefined
      send('event: changed\ndata: 1\n\n')
    }, GATHER_MS)
  }
  const stop = world.onChange(tell)
  const alive = setInterval(() => send(': alive\n\n'), ALIVE_EVERY_MS).unref()
  return {
    open(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('retry: 1000\n\n')
      pages.add(response)
      response.on('close', () => pages.delete(response))
    },
    tell,
    close() {
      stop()
      clearInterval(alive)
      clearTimeout(timer)
      for (const page of pages) page.end()
    },
  }
}
