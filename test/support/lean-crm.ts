import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands in front of an org and takes its writes itself, keeping a number for each id: for more records than a fake org has room for. */
export interface LeanCrm extends AsyncDisposable {
  readonly url: string
  /** Newest version of each id that was written. */
  readonly versions: ReadonlyMap<string, number>
  /** Requests that wrote. */
  writes(): number
}

interface Row {
  readonly bizible2__UniqueId__c: string
  /** "version 2" */
  readonly bizible2__Ad_Content__c: string
}

/** `refuses` says which ids break a rule of the org. */
export async function leanCrm(orgUrl: string, refuses: (id: string) => boolean): Promise<LeanCrm> {
  const versions = new Map<string, number>()
  let writes = 0

  function write({ bizible2__UniqueId__c: id, bizible2__Ad_Content__c: content }: Row): object {
    if (refuses(id)) return REFUSED
    const created = !versions.has(id)
    versions.set(id, Number(content.slice('version '.length)))
    return { success: true, created, errors: [] }
  }

  const server = createServer(async (request, response) => {
    const body = await read(request)
    if (request.method === 'PATCH') {
      writes++
      const { records } = JSON.parse(body) as { records: Row[] }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(records.map(write)))
      return
    }
    const { authorization = '' } = request.headers
    const answer = await fetch(`${orgUrl}${request.url}`, { headers: { authorization } })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(await answer.text())
  })
  server.keepAliveTimeout = 75_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    versions,
    writes: () => writes,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const REFUSED = {
  success: false,
  errors: [{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'A touchpoint must belong to a campaign.', fields: [] }],
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
