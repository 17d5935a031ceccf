import type { Detour } from '../domain/cards/card.ts'
import { type Rendered, section } from './blocks.ts'

/** What a person can do about a channel, by Slack's word for why it takes no message. */
const WHY: Readonly<Record<string, string>> = {
  is_archived: 'it is archived. Somebody who may can unarchive it, or choose another channel.',
  not_in_channel: 'I am not in it. Type `/invite @redkey` there.',
  channel_not_found: 'it is gone, or private and without me. Type `/invite @redkey` there, or choose another channel.',
}
const OTHERWISE = 'I may not write there. A workspace admin can change that.'

/** The message, with why it is not where it belongs. */
export function withDetour({ text, blocks }: Rendered, detour: Detour | null): Rendered {
  if (detour === null) return { text, blocks }
  const channel = /^[CGD][A-Z0-9]+$/.test(detour.channelId) ? `<#${detour.channelId}>` : 'the channel'
  const why = Object.hasOwn(WHY, detour.reason) ? WHY[detour.reason] : OTHERWISE
  const words = `:warning: I could not post to ${channel}: ${why}`
  return { text: `${text}\n${words}`, blocks: [section(words), ...blocks] }
}
