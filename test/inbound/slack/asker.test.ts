import { describe, expect, test } from 'vitest'
import type { Person } from '../../../src/domain/slack.ts'
import { identify } from '../../../src/inbound/slack/asker.ts'

const BEN: Person = {
  id: 'U0BEN',
  teamId: null,
  teamIds: [],
  name: 'Ben',
  isAdmin: false,
  isGuest: false,
  isDeactivated: false,
  timeZone: null,
  groups: [],
}
const asker = { userId: 'U0BEN', userTeamId: 'T0ACME', teamId: 'T0ACME', channelId: null }
const knows = (person: Person | undefined) => ({ person: async () => person, outsiderSeen: async () => undefined })

test('knows a member', async () => {
  expect(await identify(knows(BEN), asker)).toEqual({ kind: 'member', person: BEN })
})

test.each([
  ['does not tell the workspace', BEN],
  ['can’t tell', undefined],
])('takes the payload’s word that somebody is of another company when Slack %s', async (_how, person) => {
  const asking = await identify(knows(person), { ...asker, userTeamId: 'T0OTHER' })
  expect(asking).toEqual({ kind: 'refused', reason: 'other_company' })
})

describe('in an Enterprise organization', () => {
  test.each([
    ['at home in another workspace', { teamId: 'T0SALES', teamIds: ['T0SALES', 'T0ACME'] }, 'T0SALES'],
    ['of whom the payload names the organization', { teamId: 'E0ACME', teamIds: ['T0ACME'] }, 'E0ACME'],
    ['of whom only the payload names another workspace', { teamId: 'T0ACME', teamIds: [] }, 'T0SALES'],
  ])('knows a member %s', async (_who, over, userTeamId) => {
    const person = { ...BEN, ...over }
    expect(await identify(knows(person), { ...asker, userTeamId })).toEqual({ kind: 'member', person })
  })

  test('refuses somebody who is in none of its workspaces that is ours', async () => {
    const person = { ...BEN, teamId: 'T0SALES', teamIds: ['T0SALES'] }
    expect(await identify(knows(person), asker)).toEqual({ kind: 'refused', reason: 'other_company' })
  })
})

test.each([
  ['a guest', { isGuest: true }, 'guest'],
  ['a deactivated person', { isDeactivated: true }, 'deactivated'],
])('refuses %s', async (_who, over, reason) => {
  expect(await identify(knows({ ...BEN, ...over }), asker)).toEqual({ kind: 'refused', reason })
})

test('says when Slack could not tell', async () => {
  expect(await identify(knows(undefined), asker)).toEqual({ kind: 'unknown' })
})

test.each([
  ['a guest in a channel', { isGuest: true }, 'C1', ['T0ACME C1']],
  ['somebody of another company in a channel', { teamId: 'T0OTHER' }, 'C1', ['T0ACME C1']],
  ['a guest in the Home tab', { isGuest: true }, null, []],
  ['a deactivated person', { isDeactivated: true }, 'C1', []],
  ['a member', {}, 'C1', []],
])('who sees a channel is noted: %s', async (_who, over, channelId, expected) => {
  const noted: string[] = []
  const outsiderSeen = async (teamId: string, channel: string) => void noted.push(`${teamId} ${channel}`)
  await identify({ person: async () => ({ ...BEN, ...over }), outsiderSeen }, { ...asker, channelId })
  expect(noted).toEqual(expected)
})
