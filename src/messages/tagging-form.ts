import type { TaggingForm } from '../domain/tags/change-tagging.ts'
import { addMissing, missingKeys, takeAway } from '../domain/tags/parameters.ts'
import { TAGGING_VIEW } from './action-ids.ts'
import { context, section } from './blocks.ts'
import { accountLine } from './connection-words.ts'
import { form, type InputBlock, type RenderedForm, radioField, textField, tickField } from './form.ts'
import { code, escapeMrkdwn } from './mrkdwn.ts'

/** Block ids of its fields. */
export const TAGGING_FIELDS = {
  isTagging: 'is_tagging',
  parameters: 'parameters',
  marketoMeasure: 'marketo_measure',
  agreement: 'agreement',
} as const

export interface TaggingFormValue {
  readonly connectionId: string
  /** ISO 8601: when the settings that it shows were saved. */
  readonly settingsAt: string | null
}

export function readTaggingFormValue(metadata: string): TaggingFormValue {
  const [connectionId = '', settingsAt = ''] = metadata.split(' ')
  return { connectionId, settingsAt: settingsAt === '' ? null : settingsAt }
}

/** What auto-tagging of one ad platform does, and what it sets. `outdated`: somebody else has saved it meanwhile. */
export function taggingForm(shown: TaggingForm, isOutdated = false): RenderedForm {
  const { connection, scan, label, kind, defaults, marketoMeasure } = shown
  const current = scan.parameters === '' ? defaults : scan.parameters
  // What both have is no matter of the tick.
  const typed = marketoMeasure === null ? current : takeAway(current, addMissing(defaults, marketoMeasure).added)
  const metadata = `${connection.id} ${scan.settingsAt?.toISOString() ?? ''}`.trim()
  const on =
    kind === 'inherited'
      ? `Redkey sets them once at ${label}; all ads inherit them.`
      : `Redkey changes each new ad at ${label}: read below what that does.`
  return form(TAGGING_VIEW, 'Auto-tagging', metadata, [
    ...(isOutdated ? [section(':warning: *Somebody else has saved these settings meanwhile.* This is how they are now.')] : []),
    section(`*${label}*`, accountLine(connection)),
    radioField(
      TAGGING_FIELDS.isTagging,
      'URL parameters for new ads',
      [
        { value: 'off', label: 'Off', description: `Redkey changes nothing at ${label}.` },
        { value: 'on', label: 'On', description: on.slice(0, 75) },
      ],
      scan.isTagging ? 'on' : 'off',
    ),
    ...agreement(shown),
    textField(TAGGING_FIELDS.parameters, 'URL parameters', typed, {
      multiline: true,
      optional: true,
      hint: `Joined by &, with the placeholders (macros) of ${label}. What is set there already stays as it is: only what is missing is added.`,
    }),
    ...marketoMeasureField(shown),
    ...(typed === defaults ? [] : [context(`Usual: ${code(defaults, 300)}`)]),
  ])
}

function marketoMeasureField({ scan, marketoMeasure }: TaggingForm): InputBlock[] {
  if (marketoMeasure === null) return []
  const isTicked = scan.parameters !== '' && missingKeys(scan.parameters, marketoMeasure).length === 0
  return [
    tickField(TAGGING_FIELDS.marketoMeasure, 'Marketo Measure', 'Add its own parameters, too', isTicked, {
      hint: `${marketoMeasure.slice(0, 300)}: what its own auto-tagging would set.`,
    }),
  ]
}

/** Slack calls the tick optional, since it isn't needed to switch tagging off: its own words say when it is. */
function agreement({ scan, consequence }: TaggingForm) {
  if (consequence === null) return []
  return [
    tickField(TAGGING_FIELDS.agreement, 'Agreement', 'Needed to switch it on: I have read what it does to ads', scan.isTagging, {
      hint: 'What it does to an ad is right below.',
    }),
    section(`:warning: *What it does to an ad*\n${escapeMrkdwn(consequence, 600)}`),
  ]
}

/** Shown instead of the form when it is saved. */
export function taggingSaved({ connection, scan, label, kind }: TaggingForm, command: string): RenderedForm {
  const where = `${code(`${command} ${connection.name}`)} shows what became of it. *Take back* there undoes it.`
  const lines = scan.isTagging
    ? [
        `:white_check_mark: *Auto-tagging is on.*`,
        kind === 'inherited'
          ? `Redkey now adds what is missing at ${label}, once. It looks at new ads every hour, and once a day for campaigns, ad groups and ads whose own parameters count instead.`
          : `Redkey looks for new ads every hour and tags those that lack parameters. Ads that are there already stay as they are.`,
        where,
      ]
    : [
        `:white_check_mark: *Auto-tagging is off.* Redkey sets nothing at ${label} any more.`,
        `What it has set stays there until somebody takes it back. ${where}`,
      ]
  return form(TAGGING_VIEW, 'Auto-tagging', connection.id, [section(accountLine(connection)), section(...lines)], {
    submit: null,
    close: 'Close',
  })
}
