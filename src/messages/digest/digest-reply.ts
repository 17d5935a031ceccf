import type { DigestRead, ListedDigest } from '../../domain/digest/channel-digests.ts'
import { DIGEST_ACTION } from '../action-ids.ts'
import { type Block, button, context, type Rendered, section, sectionWith } from '../blocks.ts'
import type { Look } from '../look.ts'
import { escapeMrkdwn, mention } from '../mrkdwn.ts'
import { refused } from '../refused.ts'
import { list, plural } from '../words.ts'

/** Channels that are named in a reply. */
const NAMED = 5
/** Rows of the Home tab. */
const ROWS = 3

/** What `digest` answers: when the digest of this channel comes, and a button for whoever may change that. */
export function digestReply(read: DigestRead, look: Look): Rendered {
  const elsewhere = elsewhereWords(read.channelIds)
  if (read.kind === 'no_channel')
    return said(`The weekly digest belongs to a channel: type \`${look.command} digest\` there.${elsewhere}`)
  const { digest, isUsual, hasConnections, refusal } = read
  const usual = isUsual ? 'Nobody has set it for this channel: it goes by the settings of Redkey.' : ''
  const idle = hasConnections ? '' : `No connection’s cards come here, so there is nothing to tell yet.${elsewhere}`
  const may = refusal === null
  return {
    text: ['Weekly digest of this channel:', whenWords(digest), usual, idle].filter((words) => words !== '').join(' '),
    blocks: [
      sectionWith(may ? changeButton(digest) : null, titleLine(digest), usual, idle),
      ...(may ? [] : [context(`Changing it? ${refused(refusal).text}`)]),
    ],
  }
}

/** The digests of a workspace in the Home tab, with the way to change them. */
export function digestRows(digests: readonly ListedDigest[], { command }: Look): Block[] {
  const others = digests.length - ROWS
  return [
    ...digests.slice(0, ROWS).map((digest) => sectionWith(changeButton(digest), titleLine(digest))),
    ...(others > 0
      ? [context(`There is one in ${plural(others, 'more channel')}: \`${command} digest\` there changes it.`)]
      : []),
  ]
}

function titleLine(digest: ListedDigest): string {
  return `*Weekly digest* in ${placeWords(digest.channelId)}: ${whenWords(digest)}`
}

function whenWords({ isOn, timeZone }: ListedDigest): string {
  return isOn ? `Mondays at 9:00 (${escapeMrkdwn(timeZone)}).` : 'off.'
}

/** The channel, or the person to whom what has no channel goes. */
export function placeWords(channelId: string): string {
  return mention(channelId) || `<#${channelId}>`
}

function changeButton({ channelId }: ListedDigest) {
  return button('Change…', DIGEST_ACTION, { value: channelId })
}

function elsewhereWords(channelIds: readonly string[]): string {
  if (channelIds.length === 0) return ''
  const others = channelIds.length - NAMED
  const named = channelIds.slice(0, NAMED).map(placeWords)
  return ` Cards come to ${list(others > 0 ? [...named, plural(others, 'other channel')] : named)}.`
}

function said(text: string): Rendered {
  return { text, blocks: [section(text)] }
}
