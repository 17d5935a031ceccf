import { describe, expect, test } from 'vitest'
import {
  mayChangeSettings,
  type Named,
  whyNotAdd,
  whyNotChange,
  whyNotMember,
  whyNotReauthorize,
} from '../../src/domain/access/rights.ts'
import type { Person } from '../../src/domain/slack.ts'

function aPerson(over: Partial<Person> = {}): Person {
  const nobody = { isAdmin: false, isGuest: false, isDeactivated: false, groups: [], teamIds: [] }
  return { id: 'U1', teamId: 'T1', name: 'Ana', timeZone: 'UTC', ...nobody, ...over }
}

const PEOPLE = {
  admin: aPerson({ isAdmin: true }),
  owner: aPerson({ id: 'UOWNER' }),
  member: aPerson(),
  'named admin': aPerson({ id: 'UADMIN' }),
  'in an admin group': aPerson({ groups: ['SADMIN'] }),
  'named member': aPerson({ id: 'UMEMBER' }),
  'in a member group': aPerson({ groups: ['SMEMBER'] }),
  'of the organization': aPerson({ teamId: 'T2', teamIds: ['T2', 'T1'] }),
  guest: aPerson({ isGuest: true, isAdmin: true }),
  'owner, guest now': aPerson({ id: 'UOWNER', isGuest: true }),
  'of another company': aPerson({ id: 'UADMIN', teamId: 'T2', isAdmin: true }),
  deactivated: aPerson({ id: 'UADMIN', isDeactivated: true }),
} satisfies Record<string, Person>

const NOBODY_NAMED: Named = { admins: [], members: [] }
const ADMINS: Named = { admins: ['UADMIN', 'SADMIN'], members: [] }
const MEMBERS: Named = { admins: [], members: ['UMEMBER', 'SMEMBER'] }
const BOTH: Named = { admins: ADMINS.admins, members: MEMBERS.members }

/** Look; reauthorize; add; change this connection, or invite; settings of all, and confirming. */
function rightsOf(person: Person, named: Named): string {
  const may = [
    whyNotMember(person, 'T1') === null,
    whyNotReauthorize(person, 'T1', named) === null,
    whyNotAdd(person, 'T1', named) === null,
    whyNotChange(person, { teamId: 'T1', ownerId: 'UOWNER' }, named) === null,
    mayChangeSettings(person, 'T1', named),
  ]
  return may.map((one, place) => (one ? 'LRACS'[place] : '-')).join('')
}

describe('who may what (L look, R reauthorize, A add, C change or invite, S settings and confirm)', () => {
  test.each<[keyof typeof PEOPLE, nobody: string, admins: string, members: string, both: string]>([
    // nobody named, REDKEY_ADMINS, REDKEY_MEMBERS, both
    ['admin', 'LRACS', 'LR---', 'L--CS', 'L----'],
    ['owner', 'LRAC-', 'LR-C-', 'L--C-', 'L--C-'],
    ['member', 'LRA--', 'LR---', 'L----', 'L----'],
    ['named admin', 'LRA--', 'LRACS', 'L----', 'LRACS'],
    ['in an admin group', 'LRA--', 'LRACS', 'L----', 'LRACS'],
    ['named member', 'LRA--', 'LR---', 'LRA--', 'LR---'],
    ['in a member group', 'LRA--', 'LR---', 'LRA--', 'LR---'],
    ['of the organization', 'LRA--', 'LR---', 'L----', 'L----'],
    ['guest', '-----', '-----', '-----', '-----'],
    ['owner, guest now', '-----', '-----', '-----', '-----'],
    ['of another company', '-----', '-----', '-----', '-----'],
    ['deactivated', '-----', '-----', '-----', '-----'],
  ])('%s', (who, ...expected) => {
    expect([NOBODY_NAMED, ADMINS, MEMBERS, BOTH].map((named) => rightsOf(PEOPLE[who], named))).toEqual(expected)
  })
})

test.each([
  ['guest', 'guest', 'guest', 'guest', 'guest'],
  ['of another company', 'other_company', 'other_company', 'other_company', 'other_company'],
  ['deactivated', 'deactivated', 'deactivated', 'deactivated', 'deactivated'],
  ['member', null, 'not_in_redkey_members', 'not_in_redkey_admins', 'not_in_redkey_admins'],
] as const)('why not: %s', (who, ...why) => {
  const person = PEOPLE[who]
  const on = { teamId: 'T1', ownerId: 'UOWNER' }
  const asked = [
    whyNotMember(person, 'T1'),
    whyNotReauthorize(person, 'T1', BOTH),
    whyNotAdd(person, 'T1', BOTH),
    whyNotChange(person, on, BOTH),
  ]
  expect(asked).toEqual(why)
})

test('where nobody is named, changing is refused because one is not the owner', () => {
  expect(whyNotChange(PEOPLE.member, { teamId: 'T1', ownerId: 'UOWNER' }, NOBODY_NAMED)).toBe('not_owner')
  expect(whyNotChange(PEOPLE.member, { teamId: 'T1', ownerId: null }, NOBODY_NAMED)).toBe('not_owner')
})
