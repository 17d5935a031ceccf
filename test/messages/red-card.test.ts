import { expect, test } from 'vitest'
import type { AdFacts, CardFacts } from '../../src/domain/cards/card.ts'
import { groupCard } from '../../src/messages/group-card.ts'
import { lookOf } from '../../src/messages/look.ts'
import { redCard } from '../../src/messages/red-card.ts'
import { aCard, aConnection, adFacts, aGroup, aMember, anOutage, at, buttons, LOOK, visible } from './a-card.ts'

test('says what is broken, since when, why, what it costs, and whom it asks', () => {
  const shown = visible(redCard(aCard(), anOutage(), LOOK))
  expect(shown).toContain('🔑 Salesforce needs authorization')
  expect(shown).toMatch(/:red_circle: :key: \*Authorization Required\*, noticed <!date[^>]*12 UTC>/)
  expect(shown).toMatch(/\*Last time it worked\*\n<!date[^>]*09:00 UTC>/)
  expect(shown).toContain('*Acme Corp* · connection `salesforce`')
  expect(shown).toContain('<@U0ANARUIZ>, please log in again.')
  expect(shown).toContain('Salesforce says that the access was revoked. Log in to Salesforce again to give the access back.')
  expect(shown).toContain(
    'New touchpoints are not pushed and existing ones not updated. *1,284 are waiting* and will be pushed after reauthorization.',
  )
})

test('tells the whole point to screen readers and notifications', () => {
  const { text } = redCard(aCard(), anOutage(), LOOK)
  for (const part of ['<@U0ANARUIZ>', 'Salesforce needs authorization', 'Acme Corp', '1,284 are waiting', 'Press Reauthorize']) {
    expect(text).toContain(part)
  }
})

test('has one Reauthorize button that opens the login, with the outage on it', () => {
  expect(buttons(redCard(aCard(), anOutage(), LOOK))).toMatchObject({
    Reauthorize: { url: 'https://redkey.example/reauthorize/ticket', action_id: 'reauthorize', value: 'out_1 salesforce' },
    Details: { action_id: 'details', value: 'con_1' },
  })
})

test('keeps the button without an address where the link must be personal', () => {
  const { Reauthorize } = buttons(redCard(aCard({ reauthorizeUrl: null }), anOutage(), LOOK))
  expect(Reauthorize).toMatchObject({ action_id: 'reauthorize' })
  expect(Reauthorize).not.toHaveProperty('url')
})

test('mentions nobody when there is nobody to mention', () => {
  const card = redCard(aCard({ mentions: [] }), anOutage(), LOOK)
  expect(JSON.stringify(card)).not.toContain('<@')
  expect(visible(card)).not.toContain('please log in')
})

test('names a sandbox, and not production', () => {
  const sandbox = aConnection({ environment: 'sandbox' })
  expect(visible(redCard(aCard({ connection: sandbox }), anOutage(), LOOK))).toContain('*sandbox*')
  expect(visible(redCard(aCard(), anOutage(), LOOK))).not.toContain('sandbox')
})

test('shows the workspace’s own emoji for the red key', () => {
  const shown = visible(redCard(aCard(), anOutage(), lookOf(':redkey:', '/connections')))
  expect(shown).toContain(':redkey: *Authorization Required*')
  expect(shown).not.toContain(':red_circle:')
})

test.each([
  ['user_inactive', 'somebody else'],
  ['scope_missing', 'allow everything'],
  ['constructor', 'Log in to Salesforce again.'],
])('advises what fits the cause %s', (cause, advice) => {
  expect(visible(redCard(aCard(), anOutage({ cause }), LOOK))).toContain(advice)
})

test('says when somebody is at it', () => {
  const begun = anOutage({ loginBegunAt: at('09:30') })
  expect(visible(redCard(aCard(), begun, LOOK))).toContain('Somebody opened the login <!date^')
})

test('says which login is taken: for a CRM the same account, for ads any that reaches the ad account', () => {
  expect(visible(redCard(aCard(), anOutage(), LOOK))).toContain('Log in to the same Salesforce account; another one is refused.')
  const ads = aCard({
    connection: aConnection({ kind: 'ads', accountName: 'Acme <EU>' }),
    providerLabel: 'Google Ads',
    ads: adFacts(),
  })
  const words = 'Any Google Ads login that reaches Acme &lt;EU&gt; will do; another account is refused.'
  expect(visible(redCard(ads, anOutage(), LOOK))).toContain(words)
  const group = (facts: CardFacts) => visible(groupCard(facts, aGroup([aMember(0), aMember(1)]), anOutage(), LOOK))
  expect(group(ads)).toContain('Any Google Ads login that reaches these ad accounts will do; other accounts are refused.')
  expect(group(aCard())).toContain('Log in to the same Salesforce accounts; others are refused.')
})

test('an ad platform misses cost data, not touchpoints', () => {
  const shown = (ads: Partial<AdFacts>) =>
    visible(redCard(aCard({ connection: aConnection({ kind: 'ads' }), ads: adFacts(ads) }), anOutage(), LOOK))
  expect(shown({ costsAt: at('06:00') })).toContain('Cost data has not been downloaded since <!date^')
  expect(shown({ costsAt: at('06:00') })).toContain('The missed days are downloaded after reauthorization')
  expect(shown({ costsAt: null })).toContain('No cost data has been downloaded yet.')
  expect(shown({})).not.toContain('ouchpoint')
})

test('only with auto-tagging does the card speak of UTM parameters, and it promises none for later', () => {
  const shown = (tagging: AdFacts['tagging']) =>
    visible(redCard(aCard({ connection: aConnection({ kind: 'ads' }), ads: adFacts({ tagging }) }), anOutage(), LOOK))
  expect(shown(null)).not.toContain('UTM')
  expect(shown('each_ad')).toContain("New ads get no UTM parameters; touchpoints from them can't be tagged later.")
  expect(shown('inherited')).toMatch(
    /New ads get no UTM parameters from Redkey, only what they inherit .* can't be tagged later\./,
  )
})
