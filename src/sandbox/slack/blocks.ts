import { collectProblems, type Problems, type Surface } from './block-problems.ts'
import { BLOCK_RULES } from './block-rules.ts'
import { isObject, type JsonObject } from './json.ts'

const MAX_BLOCKS: Record<Surface, number> = { message: 50, modal: 100, home: 100 }

/** Slack's undocumented ceiling lies between 12k and 13k (bolt-js #2867); the fake takes the upper end. */
const MAX_MESSAGE_TEXT = 13_000
const MAX_VIEW_BYTES = 250_000

/**
 * What Slack would refuse about these blocks, in its words: `[ERROR] … [json-pointer:/blocks/0/text]`. An empty
 * list means that they are fine. `at` is the pointer of the list, `/blocks` if left out.
 */
export function checkBlocks(blocks: unknown, surface: Surface, at = '/blocks'): string[] {
  const problems = collectProblems()
  checkList(problems, blocks, surface, at)
  return problems.found
}

/** The same for a whole modal or Home tab; pointers begin with `/view`. */
export function checkView(view: JsonObject): string[] {
  const problems = collectProblems()
  const surface = view.type
  if (surface !== 'modal' && surface !== 'home') {
    problems.add('/view/type', 'must be one of: modal, home')
    return problems.found
  }
  const isModal = surface === 'modal'
  problems.textObject(view, '/view', 'title', { max: 24, required: isModal, plain: true })
  problems.textObject(view, '/view', 'submit', { max: 24, plain: true })
  problems.textObject(view, '/view', 'close', { max: 24, plain: true })
  problems.text(view, '/view', 'callback_id', { max: 255 })
  problems.text(view, '/view', 'external_id', { max: 255 })
  problems.text(view, '/view', 'private_metadata', { max: 3000 })
  checkList(problems, view.blocks, surface, '/view/blocks')
  const hasInput = Array.isArray(view.blocks) && view.blocks.some((block) => isObject(block) && block.type === 'input')
  if (isModal && hasInput && view.submit === undefined) problems.add('/view', 'missing required field: submit')
  return problems.found
}

export function isViewTooLarge(view: JsonObject): boolean {
  return Buffer.byteLength(JSON.stringify(view)) > MAX_VIEW_BYTES
}

/** Whether the text of all blocks together is more than Slack takes in one message (`msg_blocks_too_long`). */
export function isTextTooLong(blocks: readonly JsonObject[]): boolean {
  return textLength(blocks) > MAX_MESSAGE_TEXT
}

function checkList(problems: Problems, blocks: unknown, surface: Surface, at: string): void {
  if (!Array.isArray(blocks)) {
    problems.add(at, 'must be an array')
    return
  }
  if (blocks.length > MAX_BLOCKS[surface]) problems.add(at, `no more than ${MAX_BLOCKS[surface]} items allowed`)
  const blockIds = new Set<unknown>()
  for (const [index, block] of blocks.entries()) {
    const path = `${at}/${index}`
    if (isObject(block)) checkBlock(problems, block, surface, path)
    else problems.add(path, 'must be an object')
    const id: unknown = isObject(block) ? block.block_id : undefined
    if (id === undefined) continue
    if (blockIds.has(id)) problems.add(`${path}/block_id`, `\`block_id\` "${String(id)}" already exists`)
    blockIds.add(id)
  }
}

function checkBlock(problems: Problems, block: JsonObject, surface: Surface, path: string): void {
  const type = String(block.type)
  const rule = Object.hasOwn(BLOCK_RULES, type) ? BLOCK_RULES[type] : undefined
  if (rule === undefined) {
    problems.add(`${path}/type`, `unsupported type: ${type}`)
    return
  }
  if (!rule.surfaces.includes(surface)) {
    problems.add(`${path}/type`, `unsupported type: ${type} (not in a ${surface})`)
    return
  }
  problems.text(block, path, 'block_id', { max: 255 })
  rule.check?.(problems, block, path)
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0)
  if (!isObject(value)) return 0
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === 'text' && typeof inner === 'string' ? inner.length : textLength(inner)),
    0,
  )
}
