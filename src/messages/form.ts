import type { Block } from './blocks.ts'

/**
 * A window with fields (https://docs.slack.dev/reference/views/modal-views, read 2026-11-29). Title, submit and close take 24
 * characters, `private_metadata` 3,000.
 */
export interface RenderedForm {
  readonly type: 'modal'
  readonly callback_id: string
  readonly private_metadata: string
  readonly title: Label
  readonly submit?: Label
  readonly close: Label
  readonly blocks: readonly (Block | InputBlock)[]
}

interface Label {
  readonly type: 'plain_text'
  readonly text: string
  readonly emoji: boolean
}

export interface InputBlock {
  readonly type: 'input'
  readonly block_id: string
  readonly label: Label
  readonly hint?: Label
  readonly optional?: boolean
  readonly element: TextInput | Choices
}

interface TextInput {
  readonly type: 'plain_text_input'
  readonly action_id: typeof FIELD
  readonly initial_value?: string
  readonly multiline?: boolean
  readonly max_length?: number
}

interface Choices {
  readonly type: 'radio_buttons' | 'checkboxes'
  readonly action_id: typeof FIELD
  readonly options: readonly Choice[]
  readonly initial_option?: Choice
  readonly initial_options?: readonly Choice[]
}

interface Choice {
  readonly text: Label
  readonly value: string
  readonly description?: Label
}

/** Of every field: its block id tells which it is. */
export const FIELD = 'value'

/** What is said of a field, beside it: `hint` below, at most 2,000 characters. */
interface Said {
  readonly hint?: string
  readonly optional?: boolean
}

export function form(
  callbackId: string,
  title: string,
  metadata: string,
  blocks: readonly (Block | InputBlock)[],
  buttons: { readonly submit: string | null; readonly close: string } = { submit: 'Save', close: 'Cancel' },
): RenderedForm {
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: metadata,
    title: label(title),
    ...(buttons.submit !== null && { submit: label(buttons.submit) }),
    close: label(buttons.close),
    blocks,
  }
}

/** At most 3,000 characters can be typed. */
export function textField(
  id: string,
  title: string,
  initial: string,
  said: Said & { readonly multiline?: boolean } = {},
): InputBlock {
  const { multiline = false } = said
  const element: TextInput = {
    type: 'plain_text_input',
    action_id: FIELD,
    multiline,
    max_length: 3000,
    ...(initial !== '' && { initial_value: initial }),
  }
  return input(id, title, element, said)
}

interface ChoiceSaid {
  readonly value: string
  readonly label: string
  readonly description?: string
}

/** One of several; labels and descriptions take 75 characters. */
export function radioField(
  id: string,
  title: string,
  choices: readonly ChoiceSaid[],
  initial: string,
  said: Said = {},
): InputBlock {
  const options = choices.map(choice)
  const first = options.find(({ value }) => value === initial)
  const element: Choices = { type: 'radio_buttons', action_id: FIELD, options, ...(first && { initial_option: first }) }
  return input(id, title, element, said)
}

/** A single box, ticked or not. It may be left open: whoever reads the form judges that. */
export function tickField(id: string, title: string, box: string, isTicked: boolean, said: Said = {}): InputBlock {
  const option = choice({ value: 'yes', label: box })
  const element: Choices = {
    type: 'checkboxes',
    action_id: FIELD,
    options: [option],
    ...(isTicked && { initial_options: [option] }),
  }
  return input(id, title, element, { ...said, optional: true })
}

/** As Slack's own types want it, which can be changed. */
export function viewOf({ blocks, ...rest }: RenderedForm) {
  return { ...rest, blocks: blocks.map((block) => structuredClone(block)) }
}

function input(id: string, title: string, element: InputBlock['element'], { hint, optional = false }: Said): InputBlock {
  return { type: 'input', block_id: id, label: label(title), ...(hint && { hint: label(hint) }), optional, element }
}

function choice({ value, label: text, description }: ChoiceSaid): Choice {
  return { value, text: label(text), ...(description && { description: label(description) }) }
}

function label(text: string): Label {
  return { type: 'plain_text', text, emoji: true }
}
