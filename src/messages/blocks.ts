/**
 * The few Block Kit blocks that every message is built from: those that all of Slack's clients draw
 * (https://docs.slack.dev/reference/block-kit/blocks, read 2026-11-23).
 */
export type Block = HeaderBlock | SectionBlock | ActionsBlock | ContextBlock | DividerBlock

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

/** One of up to 100 options; texts of 75 characters, values of 75. */
export interface StaticSelect {
  readonly type: 'static_select'
  readonly action_id: string
  readonly placeholder: PlainText
  readonly options: { readonly text: PlainText; readonly value: string }[]
  readonly initial_option?: { readonly text: PlainText; readonly value: string }
}

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
  readonly elements: (Button | StaticSelect)[]
}

export interface DividerBlock {
  readonly type: 'divider'
}

export interface ContextBlock {
  readonly type: 'context'
  readonly elements: Mrkdwn[]
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

export function actions(...elements: readonly (Button | StaticSelect)[]): ActionsBlock {
  return { type: 'actions', elements: [...elements] }
}

export function button(label: string, actionId: string, more: Omit<Button, 'type' | 'text' | 'action_id'> = {}): Button {
  return { type: 'button', text: plainText(label), action_id: actionId, ...more }
}

/** `initial` is the value of the option that is chosen; null: none. */
export function select(
  placeholder: string,
  actionId: string,
  options: readonly { readonly label: string; readonly value: string }[],
  initial: string | null = null,
): StaticSelect {
  const shown = options.map(({ label, value }) => ({ text: plainText(label.slice(0, 75)), value }))
  const chosen = shown.find(({ value }) => value === initial)
  const element = { type: 'static_select' as const, action_id: actionId, placeholder: plainText(placeholder), options: shown }
  return chosen ? { ...element, initial_option: chosen } : element
}

export function divider(): DividerBlock {
  return { type: 'divider' }
}

function plainText(text: string): PlainText {
  return { type: 'plain_text', text, emoji: true }
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true }
}

function joined(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n')
}
