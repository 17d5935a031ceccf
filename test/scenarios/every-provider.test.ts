import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../src/clock.ts'
import { PROVIDER_NAMES, type ProviderName } from '../../src/domain/provider.ts'
import type { Fakes } from '../../src/sandbox/fakes.ts'
import { type ConnectChoice, connectAccount } from '../../src/sandbox/story.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aWorld, type World } from '../support/world.ts'

interface Course {
  readonly label: string
  readonly choice: ConnectChoice
  /** What ends the login at the provider. */
  readonly end: (fakes: Fakes) => void
  /** Somebody who reaches other accounts only. */
  readonly stranger: ConnectChoice
}

const ANA = { org: 'Acme Inc', username: 'ana@acme.example' }

const COURSES: Readonly<Record<ProviderName, Course>> = {
  salesforce: {
    label: 'Salesforce',
    choice: ACME,
    end: ({ salesforce }) => void salesforce.org('Acme Inc').revokeGrant(),
    stranger: { org: 'Acme UAT', username: 'redkey@acme.example.uat' },
  },
  dynamics: {
    label: 'Dynamics 365',
    choice: ANA,
    end: ({ entra }) => entra.endLogins('revoked'),
    stranger: { org: 'Northwind Agency', username: 'mia@northwind.example' },
  },
  hubspot: {
    label: 'HubSpot',
    choice: { org: 'acme.example', username: 'redkey@acme.example' },
    end: ({ hubspot }) => void hubspot.portal('acme.example').uninstall(),
    stranger: { org: 'sandbox.acme.example', username: 'redkey@acme.example' },
  },
  'google-ads': {
    label: 'Google Ads',
    choice: { ...ANA, accounts: ['Acme EU'] },
    end: ({ google }) => void google.revoke('ana@acme.example'),
    stranger: { org: 'Acme Inc', username: 'tom@acme.example' },
  },
  'microsoft-ads': {
    label: 'Microsoft Advertising',
    choice: { ...ANA, accounts: ['Acme Search EU'] },
    end: ({ microsoftAds }) => microsoftAds.endLogins('revoked'),
    stranger: { org: 'Northwind Agency', username: 'mia@northwind.example' },
  },
  meta: {
    label: 'Meta Ads',
    choice: { org: 'Acme Inc', username: 'mia@acme.example', accounts: ['Acme US'] },
    end: ({ meta }) => meta.kill('mia@acme.example', 'appRemoved'),
    stranger: { org: 'Acme Inc', username: 'jonas@agency.example' },
  },
  linkedin: {
    label: 'LinkedIn Ads',
    choice: { org: 'Acme Inc', username: 'lea@acme.example', accounts: ['Acme Test'] },
    end: ({ linkedin }) => linkedin.revoke('lea@acme.example'),
    stranger: { org: 'Acme Inc', username: 'sam@agency.example' },
  },
  cm360: {
    label: 'Campaign Manager 360',
    choice: ANA,
    end: ({ google }) => void google.revoke('ana@acme.example'),
    stranger: { org: 'Northwind Agency', username: 'kim@northwind.example' },
  },
}

/** `connected`, or what became of it. */
async function statusOf(world: World): Promise<string> {
  const { body } = await world.api('/v1/connections')
  return (body['connections'] as { status: string }[])[0]?.status ?? 'none'
}

function redCards(world: World, label: string): number {
  return world.texts().filter((text) => text.includes(`${label} needs authorization`)).length
}

test.each(PROVIDER_NAMES)(
  '%s: a login that ended is red within two checks, and only the same account brings it back',
  async (provider) => {
    const { label, choice, end, stranger } = COURSES[provider]
    await using world = await aWorld()
    await connectAccount(world.slack, { ...choice, provider })
    await world.beat(2)
    expect(await statusOf(world)).toBe('connected')

    world.turn(6 * MINUTE_MS)
    await world.beat(2)
    expect(redCards(world, label)).toBe(0)

    end(world.sandbox.fakes)
    for (let check = 0; check < 2; check++) {
      world.turn(5 * MINUTE_MS)
      await world.beat(2)
    }
    expect(await statusOf(world)).toBe('authorization_required')
    expect(redCards(world, label)).toBe(1)

    const seen = await aVisitor().login(world.reauthorizeUrl(), stranger)
    expect(seen.text).toMatch(/another|did not work/)
    await world.beat(2)
    expect(await statusOf(world)).toBe('authorization_required')

    expect((await aVisitor().login(world.reauthorizeUrl(), choice)).text).toContain('authorized again')
    await world.beat(4)
    expect(await statusOf(world)).toBe('connected')
    expect(redCards(world, label)).toBe(0)
  },
)
