import { expect, test } from 'vitest'
import { identify } from '../../../src/inbound/slack/asker.ts'

const BEN = {
  id: 'U0BEN',
  teamId: null,
  name: 'Ben',
  isAdmin: false,
  isGuest: false,
  isDeactivated: false,
  timeZone: null,
  groups: [],
}
const asker = { userId: 'U0BEN', userTeamId: 'T0ACME', teamId: 'T0ACME', channelId: null }
const knows = (person: typeof BEN | undefined) => ({ person: async () => person })

test('knows a member', async () => {
  expect(await identify(knows(BEN), asker)).toEqual({ kind: 'member', person: BEN })
})

test('takes the payload’s word that somebody is of another company, whatever Slack says of them', async () => {
  const asking = await identify(knows(BEN), { ...asker, userTeamId: 'T0OTHER' })
  expect(asking).toEqual({ kind: 'refused', reason: 'other_company' })
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
