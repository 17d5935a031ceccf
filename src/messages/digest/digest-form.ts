import type { DigestForm } from '../../domain/digest/change-digest.ts'
import { DIGEST_VIEW, SAID_VIEW } from '../action-ids.ts'
import { section } from '../blocks.ts'
import { form, type RenderedForm, radioField, textField } from '../form.ts'
import { escapeMrkdwn, plain } from '../mrkdwn.ts'
import { placeWords } from './digest-reply.ts'

export type DigestField = 'isOn' | 'timeZone'

/** What the form carries along. */
export type DigestFormValue = Pick<DigestForm, 'channelId' | 'version'>

/** The longest IANA names have 32 characters. */
const LONGEST_ZONE = 60

/** Block id of a field: another one when the form is shown anew, since Slack keeps what was typed in a block of the same id. */
export function digestBlock(field: DigestField, version: number): string {
  return `${field}.${version}`
}

function writeDigestFormValue({ channelId, version }: DigestFormValue): string {
  return `${channelId} ${version}`
}

/** Undefined for what no form of ours ever carried. */
export function readDigestFormValue(metadata: string): DigestFormValue | undefined {
  const [, channelId = '', version = ''] = /^([A-Z0-9]+) (\d+)$/.exec(metadata) ?? []
  return channelId === '' ? undefined : { channelId, version: Number(version) }
}

/** Whether a channel gets its digest, and on whose Monday morning. `isOutdated`: somebody else has saved it meanwhile. */
export function digestForm(shown: DigestForm, isOutdated = false): RenderedForm {
  const { channelId, isOn, timeZone, usualTimeZone, version } = shown
  const usual = usualTimeZone === null ? '' : ` Nobody has set one yet, so it is ${plain(usualTimeZone)} now.`
  return form(DIGEST_VIEW, 'Weekly digest', writeDigestFormValue(shown), [
    ...(isOutdated ? [section(':warning: *Somebody else has saved this meanwhile.* This is how it is now.')] : []),
    section(`What happened in a week to the connections whose cards come to ${placeWords(channelId)}.`),
    radioField(
      digestBlock('isOn', version),
      'Weekly digest',
      [
        { value: 'on', label: 'On', description: 'Mondays at 9:00.' },
        { value: 'off', label: 'Off' },
      ],
      isOn ? 'on' : 'off',
    ),
    textField(digestBlock('timeZone', version), 'Time zone', timeZone, {
      hint: `Whose Monday morning that is, and whose days it tells; like Europe/Berlin or America/New_York.${usual}`,
      maxLength: LONGEST_ZONE,
    }),
  ])
}

/** What was typed is no time zone. Without formatting: forms show it below the field. */
export function unknownTimeZone(nearest: string | null): string {
  const advice = nearest === null ? 'One is like Europe/Berlin or America/New_York.' : `Did you mean ${nearest}?`
  return `There is no such time zone. ${advice}`
}

/** Shown instead of the form when it is saved. */
export function digestSaved({ channelId, isOn, timeZone }: DigestForm): RenderedForm {
  const place = placeWords(channelId)
  const words = isOn
    ? `The weekly digest comes to ${place} on Mondays at 9:00 (${escapeMrkdwn(timeZone)}).`
    : `There is no weekly digest in ${place} from now on.`
  return form(SAID_VIEW, 'Weekly digest', '', [section(':white_check_mark: *Saved.*', words)], { submit: null, close: 'Close' })
}
