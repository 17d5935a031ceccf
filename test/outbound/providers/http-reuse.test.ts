import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'

test('a connection that is used again and again gathers no listeners', async () => {
  const server = createServer((_, response) => response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  const http = createHttp(systemClock)
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    for (let time = 0; time < 15; time++) await http.send({ method: 'GET', url })
    await new Promise(setImmediate)
    expect(warnings).toEqual([])
  } finally {
    process.off('warning', note)
    http.close()
    server.close()
  }
})
