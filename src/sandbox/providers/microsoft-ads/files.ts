import type { IncomingMessage, ServerResponse } from 'node:http'
import { zipOf } from './zip.ts'

/** "You have five minutes to download the report": learn.microsoft.com/advertising/guides/request-download-report (2026-11). */
const OPEN_MS = 5 * 60_000

export interface Files {
  /** Gives a path that opens it, without any login. */
  add(name: string, csv: string): string
  /** Null: it has no such file. */
  answer(request: IncomingMessage, path: string, response: ServerResponse): number | null
}

interface FilesOptions {
  now(): Date
  /** Downloads break off after so many bytes; null: they don't. */
  cutAfter(): number | null
}

/** The storage beside the services. As Azure's, it refuses who comes with a login of another kind. */
export function fileStore({ now, cutAfter }: FilesOptions): Files {
  const files = new Map<string, { readonly zip: Buffer; readonly until: number }>()
  return {
    add(name, csv) {
      const path = `/storage/${files.size + 1}/${name}.zip?sig=${'x'.repeat(20)}`
      files.set(path.split('?')[0] ?? '', { zip: zipOf(`${name}.csv`, csv), until: now().getTime() + OPEN_MS })
      return path
    },
    answer({ headers }, path, response) {
      const file = files.get(path)
      if (!file) return null
      const isLoggedIn = headers.authorization !== undefined || headers.developertoken !== undefined
      const status = isLoggedIn || file.until < now().getTime() ? 403 : 200
      if (status !== 200) {
        response.writeHead(status, { 'content-type': 'application/xml' })
        response.end('<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code></Error>')
        return status
      }
      response.writeHead(200, { 'content-type': 'application/zip', 'content-length': file.zip.length })
      const end = cutAfter()
      if (end === null) response.end(file.zip)
      else response.write(file.zip.subarray(0, end), () => response.destroy())
      return status
    },
  }
}
