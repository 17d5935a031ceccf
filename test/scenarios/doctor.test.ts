import { expect, test } from 'vitest'
import { examineProviders } from '../../src/domain/doctor.ts'
import { PROVIDER_NAMES } from '../../src/domain/provider.ts'
import { aWorld } from '../support/world.ts'

const SECRETS = ['SALESFORCE', 'DYNAMICS', 'HUBSPOT', 'GOOGLE', 'MICROSOFT_ADS', 'META', 'LINKEDIN']

async function states(env: Readonly<Record<string, string>> = {}): Promise<Set<string>> {
  await using world = await aWorld({ env })
  const { providers, settings } = world.app.deps
  const findings = await examineProviders({ providers, settings })
  expect(findings).toHaveLength(PROVIDER_NAMES.length)
  return new Set(findings.map(({ state }) => state))
}

test('doctor finds nothing wrong with the right client of any provider', async () => {
  expect(await states()).toEqual(new Set(['ok']))
})

test('doctor tells a wrong secret of every provider', async () => {
  const wrong = Object.fromEntries(SECRETS.map((prefix) => [`${prefix}_CLIENT_SECRET`, 'wrong']))
  expect(await states(wrong)).toEqual(new Set(['problem']))
})
