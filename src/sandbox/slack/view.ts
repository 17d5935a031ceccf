import { isObject, type JsonObject, objectField, objectList, textField } from './json.ts'

/** A modal or Home tab that is open for one person. `payload` is the view as Slack sends it, without `state`. */
export interface View {
  readonly id: string
  readonly hash: string
  readonly user: string
  readonly type: 'modal' | 'home'
  readonly callbackId: string
  readonly externalId: string
  readonly title: string
  readonly privateMetadata: string
  readonly notifyOnClose: boolean
  readonly clearOnClose: boolean
  readonly rootId: string
  readonly previousId: string | null
  readonly blocks: readonly JsonObject[]
  readonly source: JsonObject
  /** Field errors of the last submission, by block id. */
  readonly errors: Readonly<Record<string, string>>
  /** Channel where the person was when it opened, for `default_to_current_conversation`. */
  readonly channel: string | null
}

/** `state.values` of a view: block id, action id, what is filled in. */
export type ViewState = Record<string, Record<string, JsonObject>>

/** The view as payloads and answers show it. */
export function viewOnWire(
  view: View,
  ids: { teamId: string; appId: string; botId: string },
  values: ViewState = {},
): JsonObject {
  const { source } = view
  return {
    id: view.id,
    team_id: ids.teamId,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    state: { values },
    hash: view.hash,
    title: source.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    close: source.close ?? null,
    submit: source.submit ?? null,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: ids.appId,
    external_id: view.externalId,
    app_installed_team_id: ids.teamId,
    bot_id: ids.botId,
  }
}

/** Every element of the blocks that a person can use, with the id of its block. */
export function elementsOf(blocks: readonly JsonObject[]): { blockId: string; element: JsonObject; isInput: boolean }[] {
  return blocks.flatMap((block) => {
    const blockId = textField(block, 'block_id') ?? ''
    const parts = [...objectList(block.elements), block.accessory, block.element]
    return parts
      .filter((part): part is JsonObject => isObject(part) && typeof part.action_id === 'string')
      .map((element) => ({ blockId, element, isInput: block.type === 'input' }))
  })
}

export function viewTitle(source: JsonObject): string {
  return textField(objectField(source, 'title'), 'text') ?? ''
}
