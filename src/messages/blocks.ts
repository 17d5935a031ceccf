import { cutTo } from './mrkdwn.ts'

/**
 * The few Block Kit blocks that every message is built from: those that all of Slack's clients draw
 * (https://docs.slack.dev/reference/block-kit/blocks, read 2026-11-23).
 */
export type Block = HeaderBlock | SectionBlock | ActionsBlock | ContextBlock | DividerBlock | ImageBlock

/** A message: `text` is the whole point for notifications and screen readers, `blocks` is what people see. */
export interface Rendered {
  readonly text: string
  readonly blocks: readonly Block[]
}

/** A Home tab. */
export interface RenderedHome {
  readonly type: 'home'
  readonly blocks: readonly Block[]
}

interface PlainText {
  readonly type: 'plain_text'
  readonly text: string
  readonly emoji: boolean
}

/** `verbatim`: what looks like a URL, a channel or a name in foreign text is not made into one. */
interface Mrkdwn {
  readonly type: 'mrkdwn'
  readonly text: string
  readonly verbatim: true
}

export interface Button {
  readonly type: 'button'
  readonly text: PlainText
  readonly action_id: string
  readonly value?: string
  readonly url?: string
  readonly style?: 'primary' | 'danger'
  readonly accessibility_label?: string
  readonly confirm?: Confirm
}

/** Asked back before the click is told. Title 100 characters, text 300, buttons 30. */
export interface Confirm {
  readonly title: PlainText
  readonly text: PlainText
  readonly confirm: PlainText
  readonly deny: PlainText
}

/** A menu of choices, each with what it carries. */
export interface Select {
  readonly type: 'static_select'
  readonly action_id: string
  readonly placeholder: PlainText
  readonly options: readonly Option[]
  readonly initial_option?: Option
}

/** Text and value: 75 characters at most. */
export interface Option {
  readonly text: PlainText
  readonly value: string
}

/** What stands in a row of actions. */
export type Action = Button | Select

export interface HeaderBlock {
  readonly type: 'header'
  readonly text: PlainText
}

export interface SectionBlock {
  readonly type: 'section'
  readonly text?: Mrkdwn
  readonly fields?: Mrkdwn[]
  readonly accessory?: Button
}

export interface ActionsBlock {
  readonly type: 'actions'
  readonly elements: Action[]
  /** Where Slack must not mistake the row for the one that it drew before. */
  readonly block_id?: string
}

export interface DividerBlock {
  readonly type: 'divider'
}

export interface ContextBlock {
  readonly type: 'context'
  readonly elements: Mrkdwn[]
}

/** A picture that was uploaded to Slack by whoever posts it: PNG, JPEG or GIF. */
export interface ImageBlock {
  readonly type: 'image'
  readonly slack_file: { readonly id: string }
  readonly alt_text: string
}

/** At most 150 characters; `text` is our own words. */
export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(text) }
}

/** Lines of mrkdwn; an empty one is left out. */
export function section(...lines: readonly string[]): SectionBlock {
  return { type: 'section', text: mrkdwn(joined(lines)) }
}

export function sectionWith(accessory: Button | null, ...lines: readonly string[]): SectionBlock {
  return accessory === null ? section(...lines) : { ...section(...lines), accessory }
}

/** Up to ten facts in two columns: bold title, value. */
export function fields(facts: readonly (readonly [title: string, value: string])[]): SectionBlock {
  return { type: 'section', fields: facts.map(([title, value]) => mrkdwn(`*${title}*\n${value}`)) }
}

export function context(...lines: readonly string[]): ContextBlock {
  return { type: 'context', elements: lines.filter((line) => line !== '').map(mrkdwn) }
}

export function actions(...elements: readonly Action[]): ActionsBlock {
  return { type: 'actions', elements: [...elements] }
}

export function actionsOf(blockId: string | undefined, ...elements: readonly Action[]): ActionsBlock {
  return { ...actions(...elements), ...(blockId === undefined ? {} : { block_id: blockId }) }
}

/** `altText` has at most 2,000 characters. */
export function image(fileId: string, altText: string): ImageBlock {
  return { type: 'image', slack_file: { id: fileId }, alt_text: altText }
}

export function button(label: string, actionId: string, more: Omit<Button, 'type' | 'text' | 'action_id'> = {}): Button {
  return { type: 'button', text: plainText(label), action_id: actionId, ...more }
}

export function divider(): DividerBlock {
  return { type: 'divider' }
}

function plainText(text: string): PlainText {
  return { type: 'plain_text', text, emoji: true }
}

/** Up to 100 options. `initial` is the value of the one that is chosen; null: none. */
export function select(placeholder: string, actionId: string, options: readonly Option[], initial: string | null = null): Select {
  const chosen = options.find(({ value }) => value === initial)
  const element = { type: 'static_select' as const, action_id: actionId, placeholder: plainText(placeholder), options }
  return chosen ? { ...element, initial_option: chosen } : element
}

/** A longer label is cut. */
export function option(label: string, value: string): Option {
  return { text: plainText(cutTo(label, 75)), value }
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true }
}

function joined(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n')
}
