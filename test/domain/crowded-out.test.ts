import { expect, test } from 'vitest'
import { type CrowdingFacts, crowdedOut } from '../../src/domain/access/crowded-out.ts'

const ALONE: CrowdingFacts = { cause: 'revoked', kept: 5, approvals: 1, grants: 1, losses: 0 }

test.each<[string, Partial<CrowdingFacts>, ReturnType<typeof crowdedOut>]>([
  ['a login of its own', {}, null],
  ['one approval too few', { approvals: 4 }, null],
  ['as many approvals as are kept', { approvals: 5 }, { kept: 5, because: 'approvals', count: 5 }],
  ['more of them', { approvals: 9, cause: 'expired' }, { kept: 5, because: 'approvals', count: 9 }],
  ['a second login of the same user and app', { grants: 2 }, { kept: 5, because: 'grants', count: 2 }],
  ['lost once before', { losses: 1 }, null],
  ['lost again and again', { losses: 2 }, { kept: 5, because: 'losses', count: 2 }],
  ['another cause', { cause: 'password_changed', approvals: 9, grants: 9, losses: 9 }, null],
  ['a user who is no more', { cause: 'user_inactive', approvals: 9 }, null],
  ['a provider without such a limit', { kept: null, approvals: 9, grants: 9, losses: 9 }, null],
])('whether newer logins ended one: %s', (_what, over, expected) => {
  expect(crowdedOut({ ...ALONE, ...over })).toEqual(expected)
})
