import { describe, expect, test } from 'vitest'
import { batchBody, readBatch } from '../../../../src/outbound/providers/dynamics/batch.ts'

/** learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api, "Handling errors" (2026-11) */
const DOCUMENTED = `--batchresponse_f44bd09d-573f-4a30-bca0-2e500ee7e139
Content-Type: application/http
Content-Transfer-Encoding: binary

HTTP/1.1 400 Bad Request
REQ_ID: de4c5227-4a28-4ebd-8ced-3392ece1697b
Content-Type: application/json; odata.metadata=minimal
OData-Version: 4.0

{"error":{"code":"0x80044331","message":"A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'."}}
--batchresponse_f44bd09d-573f-4a30-bca0-2e500ee7e139
Content-Type: application/http
Content-Transfer-Encoding: binary

HTTP/1.1 204 No Content
OData-Version: 4.0
Location: [Organization Uri]/api/data/v9.2/tasks(aed2ae8b-3c94-ed11-aad1-000d3a9933c9)


--batchresponse_f44bd09d-573f-4a30-bca0-2e500ee7e139
Content-Type: application/http
Content-Transfer-Encoding: binary

HTTP/1.1 429 Too Many Requests
Retry-After: 7

{
  "error": { "code": "0x80072322" }
}
--batchresponse_f44bd09d-573f-4a30-bca0-2e500ee7e139--
`

describe('the answer to a batch', () => {
  test.each([
    ['line feeds', DOCUMENTED],
    ['carriage returns, as on the wire', DOCUMENTED.replaceAll('\n', '\r\n')],
    ['an empty line before it', `\r\n${DOCUMENTED}`],
  ])('is read part by part, with %s', (_form, text) => {
    const parts = readBatch(text)
    expect(parts?.map(({ status }) => status)).toEqual([400, 204, 429])
    expect(parts?.[0]?.json).toMatchObject({ error: { code: '0x80044331' } })
    expect(parts?.[1]).toMatchObject({ text: '', json: undefined })
    expect(parts?.[2]).toMatchObject({ headers: { 'retry-after': '7' }, json: { error: { code: '0x80072322' } } })
  })

  test.each([[''], ['<html>'], ['{"error":{}}'], ['HTTP/1.1 204 No Content']])('is not seen in %j', (text) => {
    expect(readBatch(text)).toBeNull()
  })

  test('that was cut off has fewer parts, not other ones', () => {
    const cut = DOCUMENTED.slice(0, DOCUMENTED.indexOf('HTTP/1.1 429'))
    expect(readBatch(cut)?.map(({ status }) => status)).toEqual([400, 204])
  })
})

test('a batch is written as the documentation writes it', () => {
  const { contentType, text } = batchBody('/api/data/v9.2/', [
    { method: 'PATCH', path: "tasks(key='1')", headers: { 'if-match': '*' }, body: { subject: 'Two\r\nlines' } },
    { method: 'GET', path: 'tasks' },
  ])
  const boundary = /^multipart\/mixed; boundary="(.+)"$/.exec(contentType)?.[1]
  expect(text.split('\r\n')).toEqual([
    `--${boundary}`,
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    "PATCH /api/data/v9.2/tasks(key='1') HTTP/1.1",
    'accept: application/json',
    'if-match: *',
    'content-type: application/json; type=entry',
    '',
    '{"subject":"Two\\r\\nlines"}',
    `--${boundary}`,
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    'GET /api/data/v9.2/tasks HTTP/1.1',
    'accept: application/json',
    '',
    '',
    `--${boundary}--`,
    '',
  ])
})
