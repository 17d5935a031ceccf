import { isObject, type JsonObject } from './json.ts'
import type { World } from './world.ts'

/** What blocks may show; by the first bytes, since apps tell no type. */
const PICTURES: readonly (readonly [type: string, signature: readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
]

/** The media type of a picture; undefined: it is none. */
export function pictureType(bytes: Buffer): string | undefined {
  return PICTURES.find(([, signature]) => signature.every((byte, place) => bytes[place] === byte))?.[0]
}

/**
 * What Slack would refuse about the files that blocks show, in its words: a file that there is not, that is no picture, or that it has
 * not looked through yet (https://github.com/slackapi/python-slack-sdk/issues/1521 and 1658, read 2026-11-29).
 */
export function checkFiles(world: World, blocks: unknown, at = '/blocks'): string[] {
  return filesIn(blocks, at).flatMap(({ file, path }) => {
    const id = file.id ?? idIn(file.url)
    const known = typeof id === 'string' ? world.files.get(id) : undefined
    const isShown = known !== undefined && pictureType(known.bytes) !== undefined && isLookedThrough(world, known.id)
    return isShown ? [] : [`[ERROR] invalid slack file [json-pointer:${path}]`]
  })
}

/** Each time that it is not brings it nearer. */
function isLookedThrough({ unseenFiles }: World, id: string): boolean {
  const left = unseenFiles.get(id) ?? 0
  unseenFiles.set(id, left - 1)
  return left <= 0
}

/** Private addresses and permalinks name the file as a part of their path. */
function idIn(url: unknown): string | undefined {
  return typeof url === 'string' ? /\b(F[A-Z0-9]{8,})\b/.exec(url)?.[1] : undefined
}

function filesIn(value: unknown, path: string): { readonly file: JsonObject; readonly path: string }[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => filesIn(item, `${path}/${index}`))
  if (!isObject(value)) return []
  const own = isObject(value.slack_file) ? [{ file: value.slack_file, path: `${path}/slack_file` }] : []
  const inside = ['accessory', 'elements'].flatMap((key) => filesIn(value[key], `${path}/${key}`))
  return [...own, ...inside]
}
