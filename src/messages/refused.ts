import type { Refusal } from '../domain/access/rights.ts'
import { type Rendered, section } from './blocks.ts'

type Reason = Refusal | 'not_owner' | 'not_admin' | 'unknown_person'

const WORDS: Readonly<Record<Reason, string>> = {
  guest: 'Guests can’t use Redkey. Please ask a full member of this workspace.',
  other_company: 'Only members of this workspace can use Redkey. Please ask a colleague here who is one.',
  deactivated: 'This account is deactivated, so it can’t use Redkey.',
  not_in_redkey_admins:
    'Only the people whom whoever runs Redkey has named (`REDKEY_ADMINS`) can do that. Please ask one of them.',
  not_in_redkey_members:
    'Only the people whom whoever runs Redkey has named (`REDKEY_MEMBERS`) can log in for a connection. Please ask one of them.',
  not_owner: 'That takes the owner of the connection or a workspace admin. Please ask one of them.',
  not_admin: 'That takes a workspace admin, or whoever installed Redkey here. Please ask one of them.',
  unknown_person: 'Slack did not tell me who you are, so I can’t do that right now. Please try again in a minute.',
}

/** Why this person can't do that, and whom to ask. */
export function refused(reason: Reason): Rendered {
  const text = WORDS[reason]
  return { text, blocks: [section(`:lock: ${text}`)] }
}
