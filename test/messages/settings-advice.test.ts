import { expect, test } from 'vitest'
import { misconfiguredCard } from '../../src/messages/misconfigured-card.ts'
import { settingsAdvice } from '../../src/messages/settings-advice.ts'
import { aCard, anOutage, buttons, visible } from './a-card.ts'

const CASES: readonly [code: string, explanation: string, says: RegExp][] = [
  [
    'invalid_client',
    'Salesforce does not accept the client id, the secret or the settings of the app.',
    /SALESFORCE_CLIENT_ID` and `SALESFORCE_CLIENT_SECRET`/,
  ],
  ['7000222', 'The client secret of the app has ended.', /^Set `SALESFORCE_CLIENT_SECRET`/],
  ['redirect_uri_mismatch', 'The redirect address is not registered.', /`\/oauth\/callback\/salesforce`/],
  ['http_410', 'Redkey asks for an API version that it does not offer any more.', /update Redkey/],
  [
    'client_changed',
    'The client id in the settings is not the one this login was made with.',
    /what they were when the connection was made/,
  ],
  ['seal_broken', "The stored login can't be opened.", /`REDKEY_KEYS`/],
  ['odd', 'Something else.', /Check the client id, the client secret and the redirect address/],
]

test.each(CASES)('%s names the setting that is wrong', (code, explanation, says) => {
  expect(settingsAdvice(code, explanation, 'salesforce', 'Salesforce')).toMatch(says)
})

test("the operator's card names the setting, stands for the whole app, and has no button to log in", () => {
  const outage = anOutage({ kind: 'misconfigured', cause: 'invalid_client', explanation: 'The secret is not accepted.' })
  const card = misconfiguredCard(aCard(), outage)
  expect(visible(card)).toContain('`SALESFORCE_CLIENT_SECRET`')
  expect(visible(card)).toContain('stands for all Salesforce connections')
  expect(Object.keys(buttons(card))).toEqual(['Details'])
  expect(visible(card)).not.toContain(':key:')
})

test('a right that an admin withholds from the app offers no login', async () => {
  const { permissionCard } = await import('../../src/messages/permission-card.ts')
  const { LOOK } = await import('./a-card.ts')
  const outage = anOutage({ kind: 'permission', cause: 'admin_blocked', explanation: 'The app is blocked.' })
  const card = permissionCard(aCard({ reauthorizeUrl: null }), outage, LOOK)
  expect(Object.keys(buttons(card))).toEqual(['Details'])
  expect(visible(card)).toContain('Logging in again does not help before that, whoever does it.')
})
