import { afterEach, expect, test } from 'vitest'
import { MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aClient, aWorkspace, refusal } from './a-workspace.ts'

const open: SlackWorkspace[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((slack) => slack.close()))
})

async function aWorld(scopes?: string[]) {
  const slack = await aWorkspace(scopes === undefined ? {} : { scopes })
  open.push(slack)
  return { slack, client: aClient(slack) }
}

const csv = 'id,reason\r\ntp_1,"Ä wrong value"\r\n'

test('a file that the SDK uploads is shared in the thread, byte for byte', async () => {
  const { slack, client } = await aWorld(['chat:write', 'files:write'])
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'card' })
  const where = { channel_id: MARKETING_OPS, thread_ts: ts as string, initial_comment: '3 rejects' }
  await client.filesUploadV2({ ...where, filename: 'rejects.csv', title: 'Rejects', file: Buffer.from(csv) })
  const [reply] = slack.thread(MARKETING_OPS, ts as string)
  expect(reply).toMatchObject({ text: '3 rejects', files: [{ name: 'rejects.csv', title: 'Rejects' }] })
  const download = await fetch(`${slack.url}/files/${reply?.files[0]?.id}`)
  expect(await download.text()).toBe(csv)
  expect(download.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''rejects.csv")
})

test('without files:write nothing is uploaded', async () => {
  const { slack, client } = await aWorld()
  expect(await refusal(client.files.getUploadURLExternal({ filename: 'a', length: 1 }))).toBe('missing_scope')
  expect((await fetch(`${slack.url}/upload/F0NOTHING`, { method: 'POST', body: 'x' })).status).toBe(400)
})

test('a file that never arrived cannot be shared', async () => {
  const { slack, client } = await aWorld(['files:write'])
  const { file_id: id } = await client.files.getUploadURLExternal({ filename: 'a.csv', length: 3 })
  const complete = () =>
    refusal(client.files.completeUploadExternal({ files: [{ id: id as string, title: 'a' }], channel_id: MARKETING_OPS }))
  expect(await complete()).toBe('file_not_found')
  expect(slack.messages(MARKETING_OPS)).toEqual([])
})
