import { expect, test } from 'vitest'
import { permissionCard } from '../../src/messages/permission-card.ts'
import { aCard, anOutage, buttons, LOOK, visible } from './a-card.ts'

const outage = anOutage({ kind: 'permission', cause: 'role_missing', explanation: 'The user may not edit Touchpoint records.' })

test('names the right, who lacks it and who can give it, without a red key', () => {
  const shown = visible(permissionCard(aCard({ mentions: [] }), outage, LOOK))
  expect(shown).toContain('The user may not edit Touchpoint records.')
  expect(shown).toContain('*User without the right*\nana@acme.example')
  expect(shown).toContain('An admin of Salesforce gives that user the missing right. Redkey notices by itself.')
  expect(shown).not.toContain(':key:')
})

test('does not ask the same person to log in again, but lets another', () => {
  const withButton = permissionCard(aCard(), outage, LOOK)
  expect(visible(withButton)).toContain('Logging in again as the same user does not help.')
  expect(buttons(withButton)).toMatchObject({
    'Reauthorize as somebody else': { url: 'https://redkey.example/reauthorize/ticket' },
  })
  const without = permissionCard(aCard({ reauthorizeUrl: null }), outage, LOOK)
  expect(Object.keys(buttons(without))).toEqual(['Details'])
  expect(visible(without)).toContain('`/connections reauthorize salesforce`')
})
