import type { AdTags } from '../domain/connections/list.ts'
import type { SeenOverride, SeenTemplate, TagChange } from '../domain/tags/ad-scan.ts'
import { TAGGING_ACTION, UNDO_TAGS_ACTION } from './action-ids.ts'
import { type Block, type Button, button, section, sectionWith } from './blocks.ts'
import { code, date, escapeMrkdwn, link } from './mrkdwn.ts'
import { count, list } from './words.ts'

const OVERRIDES_SHOWN = 5

/** Auto-tagging in the details of an ad platform: whether it is on, what lacks something, what was changed and can be taken back. */
export function tagBlocks({ scan, changes }: AdTags, label: string): Block[] {
  return [
    section(
      ...(scan.isTagging && scan.taggingSince
        ? [
            `*Auto-tagging is on* since ${date(scan.taggingSince)}: ${code(scan.parameters, 400)}`,
            ...scan.templates.map(templateLine),
            ...overrideLines(scan.overrides),
            scan.trouble === null ? '' : `:warning: The last look at the ads failed: ${escapeMrkdwn(scan.trouble, 200)}`,
          ]
        : [`*Auto-tagging is off*: Redkey sets no URL parameters at ${label}.`]),
    ),
    ...changes.map((change) => changeBlock(change, scan)),
  ]
}

export function taggingButton(connectionId: string): Button {
  return button('Auto-tagging…', TAGGING_ACTION, { value: connectionId })
}

function templateLine({ name, missing, trouble }: SeenTemplate): string {
  if (missing.length === 0) return `:white_check_mark: All of it is set at ${escapeMrkdwn(name)}.`
  return `:warning: ${escapeMrkdwn(name)} lacks ${list(missing.map((key) => code(key)))}. ${escapeMrkdwn(trouble ?? '', 300)}`.trim()
}

/** The lowest level that sets parameters counts alone, so these ads don't get the inherited ones. */
function overrideLines(overrides: readonly SeenOverride[]): string[] {
  if (overrides.length === 0) return []
  const shown = overrides.slice(0, OVERRIDES_SHOWN)
  const more = overrides.length - shown.length
  return [
    ':warning: *Parameters of their own count instead* in these campaigns, ad groups and ads:',
    ...shown.map(
      ({ level, name, url, missing }) =>
        `• ${level.replace('_', ' ')} ${link(url, name || 'without a name')} lacks ${list(missing.map((key) => code(key)))}`,
    ),
    ...(more === 0 ? [] : [`• and ${count(more)} more`]),
  ]
}

function changeBlock({ id, targetName, added, at, madeAt }: TagChange, { isTagging, parameters }: AdTags['scan']): Block {
  const undo = button('Take back', UNDO_TAGS_ACTION, {
    value: id,
    confirm: {
      title: { type: 'plain_text', text: 'Take these parameters back?', emoji: true },
      text: { type: 'plain_text', text: 'What Redkey added is taken away; all else stays as it is.', emoji: true },
      confirm: { type: 'plain_text', text: 'Take back', emoji: true },
      deny: { type: 'plain_text', text: 'Keep', emoji: true },
    },
  })
  const unsure = madeAt === null ? ' (not confirmed yet: Redkey looks at it again)' : ''
  const set = `Set ${date(madeAt ?? at)} at ${escapeMrkdwn(targetName)}${unsure}:`
  return isTagging && added === parameters ? sectionWith(undo, `${set} all of it.`) : sectionWith(undo, set, code(added, 400))
}
