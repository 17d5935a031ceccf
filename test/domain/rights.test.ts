import { expect, test } from 'vitest'
import { whyNotChange } from '../../src/domain/access/rights.ts'
import type { Person } from '../../src/domain/slack.ts'

function aPerson(over: Partial<Person> = {}): Person {
  const nobody = { isAdmin: false, isGuest: false, isDeactivated: false, groups: [], teamIds: [] }
  return { id: 'U1', teamId: 'T1', name: 'Ana', timeZone: 'UTC', ...nobody, ...over }
}

test.each([
  ['a workspace admin', aPerson({ isAdmin: true }), [], null],
  ['the owner', aPerson({ id: 'UOWNER' }), [], null],
  ['the owner, also when others are named', aPerson({ id: 'UOWNER' }), ['U9'], null],
  ['whoever is named', aPerson(), ['U1'], null],
  ['a member of a group that is named', aPerson({ groups: ['S1'] }), ['S1'], null],
  ['anybody else', aPerson(), [], 'not_owner'],
  ['a workspace admin when others are named', aPerson({ isAdmin: true }), ['U9'], 'not_in_redkey_admins'],
  ['an owner who is a guest now', aPerson({ id: 'UOWNER', isGuest: true }), [], 'guest'],
  ['an owner who is deactivated', aPerson({ id: 'UOWNER', isDeactivated: true }), [], 'deactivated'],
  ['an admin of another company', aPerson({ isAdmin: true, teamId: 'T2' }), ['U1'], 'other_company'],
] as const)('changing a connection: %s', (_who, person, admins, reason) => {
  expect(whyNotChange(person, { teamId: 'T1', ownerId: 'UOWNER' }, { admins })).toBe(reason)
})
