import type { SettingsProblem } from '../domain/connections/change-settings.ts'
import { LONGEST_NAME } from '../domain/connections/connection-name.ts'

export type NameProblem = Extract<SettingsProblem, { readonly field: 'name' }>['problem']

/** Why a connection can't be called so, without formatting: forms show it below the field. */
export function nameProblem(problem: NameProblem): string {
  switch (problem.kind) {
    case 'no_slug':
      return `A name is one word of small letters, digits and hyphens, at most ${LONGEST_NAME}.${problem.suggestion === null ? '' : ` How about ${problem.suggestion}?`}`
    case 'reserved':
      return 'This word is a command. Please choose another name.'
    case 'other_provider':
      return `This would look like a connection of another provider (${problem.provider}). Please choose another name.`
    case 'taken':
      return 'Another connection has this name, or had it: programs may still send there under it. Please choose another one.'
    default:
      return problem satisfies never
  }
}

const CHANNEL_WORDS: Readonly<Record<Extract<SettingsProblem, { readonly field: 'channelId' }>['problem']['kind'], string>> = {
  not_member: 'Redkey is not in this channel. Type /invite @redkey there first.',
  archived: 'This channel is archived. Please choose another one.',
  not_seen: 'Redkey can’t see this channel. If it is private, type /invite @redkey there first.',
}

const PERSON_WORDS: Readonly<
  Record<Extract<SettingsProblem, { readonly field: 'ownerId' | 'deputyId' }>['problem']['kind'], string>
> = {
  guest: 'Guests can’t use Redkey. Please choose a full member.',
  other_company: 'This person is of another company. Please choose somebody of this workspace.',
  deactivated: 'This account is deactivated. Please choose somebody else.',
  not_in_redkey_admins: 'This person may not do that. Please choose somebody else.',
  not_in_redkey_members: 'This person may not do that. Please choose somebody else.',
  same: 'That is the owner already. Please choose somebody else, or nobody.',
}

/** What is wrong with one field of a form, without formatting. */
export function fieldProblem(problem: SettingsProblem): string {
  switch (problem.field) {
    case 'name':
      return nameProblem(problem.problem)
    case 'channelId':
      return CHANNEL_WORDS[problem.problem.kind]
    case 'ownerId':
    case 'deputyId':
      return PERSON_WORDS[problem.problem.kind]
    default:
      return problem satisfies never
  }
}
