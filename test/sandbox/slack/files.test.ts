import { afterEach, describe, expect, test } from 'vitest'
import { ANA, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
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

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=', 'base64')

/** Uploads without sharing; the file's id. */
async function upload(client: ReturnType<typeof aClient>, file: Buffer): Promise<string> {
  const { file_id: id = '', upload_url: url = '' } = await client.files.getUploadURLExternal({
    filename: 'a.png',
    length: file.length,
  })
  await fetch(url, { method: 'POST', body: new Uint8Array(file) })
  await client.files.completeUploadExternal({ files: [{ id, title: 'A' }] })
  return id
}
const anImage = (slack_file: object, more: object = {}) =>
  ({ type: 'image', slack_file, alt_text: 'Ups and downs', ...more }) as never
const INVALID = ['[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]']

describe('blocks that show a file', () => {
  test('take a picture that nobody was shown yet, and the page draws it', async () => {
    const { slack, client } = await aWorld(['chat:write', 'files:write'])
    const id = await upload(client, PNG)
    expect(slack.messages(MARKETING_OPS)).toEqual([])
    await client.chat.postEphemeral({ channel: MARKETING_OPS, user: ANA, text: 'Costs', blocks: [anImage({ id })] })
    expect(await (await fetch(slack.url)).text()).toContain(`<img src="/files/${id}" alt="Ups and downs">`)
    const shown = await fetch(`${slack.url}/files/${id}`)
    expect([shown.headers.get('content-type'), Buffer.from(await shown.arrayBuffer()).equals(PNG)]).toEqual(['image/png', true])
  })

  test('are refused while Slack looks through the file, so often as is said', async () => {
    const { slack, client } = await aWorld(['chat:write', 'files:write'])
    slack.faults.lookThroughFilesLate(2)
    const id = await upload(client, PNG)
    const post = () => client.chat.postMessage({ channel: MARKETING_OPS, text: 'Costs', blocks: [anImage({ id })] })
    for (const _ of [1, 2])
      await expect(post()).rejects.toMatchObject({ data: { error: 'invalid_blocks', response_metadata: { messages: INVALID } } })
    expect(await post()).toMatchObject({ ok: true })
  })

  test('are refused with a file that is no picture, that was never there, or that is gone', async () => {
    const { slack, client } = await aWorld(['chat:write', 'files:write'])
    const post = (id: string) => client.chat.postMessage({ channel: MARKETING_OPS, text: 'Costs', blocks: [anImage({ id })] })
    expect(await refusal(post(await upload(client, Buffer.from(csv))))).toBe('invalid_blocks')
    expect(await refusal(post('F0NOTTHERE'))).toBe('invalid_blocks')
    const id = await upload(client, PNG)
    slack.faults.deleteFiles()
    expect(await refusal(post(id))).toBe('invalid_blocks')
  })

  test.each([
    [anImage({ id: 'F00000001', url: 'https://files.slack.com/files-pri/T1-F00000001/a.png' }), '/blocks/0/slack_file'],
    [anImage({}), '/blocks/0/slack_file'],
    [anImage({ id: 'https://acme.slack.com/files/U1/F00000001/a.png' }), '/blocks/0/slack_file/id'],
    [anImage({ id: 'F00000001' }, { image_url: 'https://example.com/a.png' }), '/blocks/0'],
  ])('name it in one way only (%#)', async (block, pointer) => {
    const { client } = await aWorld(['chat:write', 'files:write'])
    const posted = client.chat.postMessage({ channel: MARKETING_OPS, text: 'Costs', blocks: [block] })
    await expect(posted).rejects.toMatchObject({
      data: { response_metadata: { messages: expect.arrayContaining([expect.stringContaining(`[json-pointer:${pointer}]`)]) } },
    })
  })
})
