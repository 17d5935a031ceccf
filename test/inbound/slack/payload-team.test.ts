import { expect, test } from 'vitest'
import { payloadTeam } from '../../../src/inbound/slack/payload-team.ts'

const OF_APP = 'T0HOME'
/** The workspace of whoever acts, in a channel that is shared with it. */
const OTHER = { team: { id: 'T0OTHER' }, user: { id: 'U1', team_id: 'T0OTHER' } }

test.each([
  ['a command', { team_id: OF_APP, command: '/connections' }],
  ['an event', { type: 'event_callback', team_id: OF_APP, authorizations: [] }],
  ['an event in a shared channel', { type: 'event_callback', team_id: 'T0OTHER', authorizations: [{ team_id: OF_APP }] }],
  ['a click on a message', { type: 'block_actions', ...OTHER, message: { team: OF_APP } }],
  ['a click in a window', { type: 'block_actions', ...OTHER, view: { app_installed_team_id: OF_APP } }],
  ['a click on what only one person sees', { type: 'block_actions', team: { id: OF_APP }, user: { id: 'U1' } }],
  ['a window', { type: 'view_submission', ...OTHER, view: { app_installed_team_id: OF_APP, team_id: 'T0OTHER' } }],
  ['a window without that word', { type: 'view_closed', ...OTHER, view: { team_id: OF_APP } }],
  ['a shortcut', { type: 'shortcut', team: { id: OF_APP } }],
])('%s is for the workspace whose app it is', (_, body) => {
  expect(payloadTeam(body)).toBe(OF_APP)
})

test.each([
  ['of a whole organization', { type: 'shortcut', team: null, enterprise: { id: 'E1' }, is_enterprise_install: true }],
  ['that says nothing', {}],
  ['that says nonsense', { type: 'block_actions', message: { team: 7 }, team: 'T0HOME' }],
])('a payload %s is for none', (_, body) => {
  expect(payloadTeam(body)).toBeUndefined()
})
