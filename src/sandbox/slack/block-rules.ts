import { checkElement, checkImage, checkUrl } from './block-elements.ts'
import type { Problems, Surface } from './block-problems.ts'
import { isObject, type JsonObject, objectField } from './json.ts'

const EVERYWHERE: readonly Surface[] = ['message', 'modal', 'home']
const NOT_IN_MODALS: readonly Surface[] = ['message', 'home']
const IN_MESSAGES: readonly Surface[] = ['message']

interface BlockRule {
  readonly surfaces: readonly Surface[]
  check?(problems: Problems, block: JsonObject, path: string): void
}

/** The blocks of @slack/types 3.2.0 with the surfaces of SLACK.md 2.11. */
export const BLOCK_RULES: Readonly<Record<string, BlockRule>> = {
  actions: { surfaces: EVERYWHERE, check: checkActions },
  context: { surfaces: EVERYWHERE, check: checkContext },
  divider: { surfaces: EVERYWHERE },
  header: { surfaces: EVERYWHERE, check: checkHeader },
  image: {
    surfaces: EVERYWHERE,
    check(problems, block, path) {
      checkImage(problems, block, path)
      problems.textObject(block, path, 'title', { max: 2000, plain: true })
    },
  },
  input: { surfaces: EVERYWHERE, check: checkInput },
  rich_text: {
    surfaces: EVERYWHERE,
    check: (problems, block, path) => void problems.list(block, path, 'elements', { min: 0, max: 1000 }),
  },
  section: { surfaces: EVERYWHERE, check: checkSection },
  video: { surfaces: EVERYWHERE, check: checkVideo },
  file: { surfaces: IN_MESSAGES },
  alert: {
    surfaces: ['modal'],
    check: (problems, block, path) => problems.textObject(block, path, 'text', { max: 200, required: true }),
  },
  card: {
    surfaces: EVERYWHERE,
    check(problems, block, path) {
      problems.textObject(block, path, 'title', { max: 150 })
      problems.textObject(block, path, 'subtitle', { max: 150 })
      problems.textObject(block, path, 'body', { max: 200 })
      problems.textObject(block, path, 'subtext', { max: 200 })
    },
  },
  carousel: {
    surfaces: NOT_IN_MODALS,
    check: (problems, block, path) => void problems.list(block, path, 'elements', { max: 10 }),
  },
  container: { surfaces: NOT_IN_MODALS },
  table: { surfaces: NOT_IN_MODALS, check: checkTable(100) },
  data_table: { surfaces: NOT_IN_MODALS, check: checkTable(201) },
  context_actions: {
    surfaces: IN_MESSAGES,
    check: (problems, block, path) => void problems.list(block, path, 'elements', { max: 5 }),
  },
  markdown: {
    surfaces: IN_MESSAGES,
    check: (problems, block, path) => problems.text(block, path, 'text', { max: 12_000, required: true }),
  },
  plan: {
    surfaces: IN_MESSAGES,
    check: (problems, block, path) => problems.text(block, path, 'title', { max: 150, required: true }),
  },
  task_card: { surfaces: IN_MESSAGES },
  data_visualization: { surfaces: IN_MESSAGES },
}

function checkSection(problems: Problems, block: JsonObject, path: string): void {
  if (block.text === undefined && block.fields === undefined) {
    problems.add(path, 'must provide either text or fields')
  }
  problems.textObject(block, path, 'text', { max: 3000 })
  if (block.fields !== undefined) {
    for (const { item, path: at } of problems.list(block, path, 'fields', { max: 10 }))
      problems.textValue(item, at, { max: 2000 })
  }
  if (block.accessory === undefined) return
  if (isObject(block.accessory)) checkElement(problems, block.accessory, `${path}/accessory`, 'accessory')
  else problems.add(`${path}/accessory`, 'must be an object')
}

function checkHeader(problems: Problems, block: JsonObject, path: string): void {
  problems.textObject(block, path, 'text', { max: 150, required: true, plain: true })
  problems.oneOf(block, path, 'level', ['1', '2', '3', '4'])
}

function checkContext(problems: Problems, block: JsonObject, path: string): void {
  for (const { item, path: at } of problems.list(block, path, 'elements', { max: 10 })) {
    if (item.type === 'image') checkImage(problems, item, at)
    else if (item.type === 'mrkdwn' || item.type === 'plain_text') problems.text(item, at, 'text', { max: 3000, required: true })
    else problems.add(`${at}/type`, `unsupported type: ${String(item.type)}`)
  }
}

function checkActions(problems: Problems, block: JsonObject, path: string): void {
  const seen = new Set<unknown>()
  for (const { item, path: at } of problems.list(block, path, 'elements', { max: 25 })) {
    checkElement(problems, item, at, 'actions')
    const actionId = item.action_id
    if (actionId === undefined) continue
    if (seen.has(actionId)) problems.add(`${at}/action_id`, `\`action_id\` "${String(actionId)}" already exists in this block`)
    seen.add(actionId)
  }
}

function checkInput(problems: Problems, block: JsonObject, path: string): void {
  problems.textObject(block, path, 'label', { max: 2000, required: true, plain: true })
  problems.textObject(block, path, 'hint', { max: 2000, plain: true })
  if (block.element === undefined) {
    problems.add(path, 'missing required field: element')
    return
  }
  if (!isObject(block.element)) {
    problems.add(`${path}/element`, 'must be an object')
    return
  }
  checkElement(problems, objectField(block, 'element'), `${path}/element`, 'input')
}

function checkVideo(problems: Problems, block: JsonObject, path: string): void {
  problems.textObject(block, path, 'title', { max: 200, required: true, plain: true })
  problems.text(block, path, 'alt_text', { max: 2000, required: true })
  checkUrl(problems, block, path, 'video_url', true)
  checkUrl(problems, block, path, 'thumbnail_url', true)
}

function checkTable(maxRows: number): NonNullable<BlockRule['check']> {
  return (problems, block, path) => {
    const rows = block.rows
    if (!Array.isArray(rows)) return problems.add(path, 'missing required field: rows')
    if (rows.length > maxRows) problems.add(`${path}/rows`, `no more than ${maxRows} items allowed`)
    if (rows.some((row) => !Array.isArray(row) || row.length > 20)) problems.add(`${path}/rows`, 'no more than 20 items allowed')
  }
}
