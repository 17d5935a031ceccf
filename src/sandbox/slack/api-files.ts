import type { IncomingMessage } from 'node:http'
import type { ApiMethod } from './api-method.ts'
import { ApiRefusal, requiredText, writableChannel } from './api-refusal.ts'
import { addMessage } from './conversation.ts'
import { readBytes } from './http-body.ts'
import { type JsonObject, objectList, textField } from './json.ts'
import type { SharedFile } from './message.ts'
import type { World } from './world.ts'

/** Files on their way: an address to upload to, the bytes, then a message that shares them. */
export interface Files {
  readonly methods: Record<string, ApiMethod>
  /** Takes the bytes that are posted to `/upload/{id}`; false when nobody asked for that address. */
  receive(id: string, request: IncomingMessage): Promise<boolean>
}

/** files.getUploadURLExternal and files.completeUploadExternal, as filesUploadV2 of the SDK uses them. */
export function createFiles(world: World, url: () => string): Files {
  const uploads = new Map<string, { name: string; length: number; bytes: Buffer | null }>()
  const scope = () => 'files:write'
  const complete = (args: JsonObject): JsonObject => {
    const files = objectList(args.files).map((file): SharedFile => {
      const id = textField(file, 'id') ?? ''
      const upload = uploads.get(id)
      if (upload?.bytes == null) throw new ApiRefusal('file_not_found')
      return { id, name: upload.name, title: textField(file, 'title') ?? upload.name, bytes: upload.bytes }
    })
    for (const file of files) {
      world.files.set(file.id, file)
      world.unseenFiles.set(file.id, world.refusalsOfNewFiles)
    }
    if (files.length === 0) throw new ApiRefusal('invalid_arguments')
    const channelId = textField(args, 'channel_id')
    if (channelId !== undefined) share(world, args, writableChannel(world, channelId).id, files)
    return { files: files.map(({ id, title, name }) => ({ id, title, name })) }
  }
  return {
    methods: {
      'files.getUploadURLExternal': {
        scope,
        run(args) {
          const name = requiredText(args, 'filename')
          const length = Number(requiredText(args, 'length'))
          if (!(length > 0)) throw new ApiRefusal('invalid_arguments')
          const id = world.newId('F')
          uploads.set(id, { name, length, bytes: null })
          return { file_id: id, upload_url: `${url()}/upload/${id}` }
        },
      },
      'files.completeUploadExternal': { scope, run: complete },
    },
    async receive(id, request) {
      const upload = uploads.get(id)
      const bytes = unwrap(await readBytes(request), request.headers['content-type'] ?? '')
      if (upload === undefined || bytes.length !== upload.length) return false
      upload.bytes = bytes
      return true
    },
  }
}

function share(world: World, args: JsonObject, channel: string, files: readonly SharedFile[]): void {
  addMessage(world, {
    text: textField(args, 'initial_comment') ?? '',
    blocks: objectList(args.blocks),
    attachments: [],
    files,
    channel,
    user: world.identity.botUserId,
    byBot: true,
    threadTs: textField(args, 'thread_ts'),
  })
}

/** The one part of a multipart body, or the body itself. */
function unwrap(body: Buffer, contentType: string): Buffer {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1]
  if (boundary === undefined) return body
  const start = body.indexOf('\r\n\r\n') + 4
  const end = body.lastIndexOf(`\r\n--${boundary}`)
  return body.subarray(start, end)
}
