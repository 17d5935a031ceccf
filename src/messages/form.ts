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
  /** We are told of each choice, and not only when the form is sent. */
  readonly dispatch_action?: true
  readonly element: TextInput | Choices | Picker
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

/** A person or a channel, or one of up to 100 options. */
type Picker =
  | {
      readonly type: 'users_select'
      readonly action_id: typeof FIELD
      readonly initial_user?: string
      readonly placeholder: Label
    }
  | {
      readonly type: 'conversations_select'
      readonly action_id: typeof FIELD
      readonly initial_conversation?: string
      readonly placeholder: Label
      readonly filter: { readonly include: ('public' | 'private')[]; readonly exclude_bot_users: true }
    }
  | {
      readonly type: 'static_select'
      readonly action_id: typeof FIELD
      readonly options: readonly Choice[]
      readonly initial_option?: Choice
      readonly placeholder: Label
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

/** At most 3,000 characters can be typed, unless it says fewer. */
export function textField(
  id: string,
  title: string,
  initial: string,
  said: Said & { readonly multiline?: boolean; readonly maxLength?: number } = {},
): InputBlock {
  const { multiline = false, maxLength = 3000 } = said
  const element: TextInput = {
    type: 'plain_text_input',
    action_id: FIELD,
    multiline,
    max_length: maxLength,
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

/** A single box, ticked or not. It may be left open, unless it is required. */
export function tickField(
  id: string,
  title: string,
  box: string,
  isTicked: boolean,
  said: Said & { readonly isRequired?: boolean } = {},
): InputBlock {
  const option = choice({ value: 'yes', label: box })
  const element: Choices = {
    type: 'checkboxes',
    action_id: FIELD,
    options: [option],
    ...(isTicked && { initial_options: [option] }),
  }
  return input(id, title, element, { ...said, optional: said.isRequired !== true })
}

/**
 * `initial` null: nobody yet. Slack offers guests as well, so the hint says that they can't be taken. One that is optional can be
 * emptied again (@TODO source: no page of Slack's says how its clients show that).
 */
export function personField(
  id: string,
  title: string,
  initial: string | null,
  said: Said & { readonly nobody: string; readonly hint: string },
): InputBlock {
  const chosen = initial === null ? {} : { initial_user: initial }
  const element: Picker = { type: 'users_select', action_id: FIELD, placeholder: label(said.nobody), ...chosen }
  return input(id, title, element, { ...said, hint: `${said.hint} Full members only, no guests.` })
}

/** Channels only, no direct messages. `initial` null: none is chosen. */
export function channelField(
  id: string,
  title: string,
  initial: string | null,
  said: Said & { readonly none: string },
): InputBlock {
  const chosen = initial === null ? {} : { initial_conversation: initial }
  const filter = { include: ['public' as const, 'private' as const], exclude_bot_users: true as const }
  return input(
    id,
    title,
    { type: 'conversations_select', action_id: FIELD, placeholder: label(said.none), filter, ...chosen },
    said,
  )
}

/** One of up to 100; labels take 75 characters. */
export function selectField(
  id: string,
  title: string,
  choices: readonly ChoiceSaid[],
  initial: string | null,
  said: Said & { readonly none: string; readonly isTold?: boolean },
): InputBlock {
  const options = choices.map(choice)
  const first = options.find(({ value }) => value === initial)
  const element: Picker = {
    type: 'static_select',
    action_id: FIELD,
    options,
    placeholder: label(said.none),
    ...(first && { initial_option: first }),
  }
  const field = input(id, title, element, said)
  return said.isTold ? { ...field, dispatch_action: true } : field
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
