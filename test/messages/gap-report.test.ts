import { describe, expect, test } from 'vitest'
import type { Gap, GapAd } from '../../src/domain/gaps/gap.ts'
import { gapReport } from '../../src/messages/gap-report.ts'
import { aCard, aConnection, anOutage, at, visible } from './a-card.ts'

const CONNECTION = aConnection({ provider: 'google-ads', kind: 'ads', name: 'google-ads', accountName: 'Acme EU' })

function ad(over: Partial<GapAd> = {}): GapAd {
  return {
    id: '1',
    name: 'Spring sale',
    campaignName: 'Brand',
    url: 'https://ads.example/1',
    createdAt: at('08:00').toISOString(),
    fate: 'covered',
    taggedAt: null,
    setBy: 'account',
    why: null,
    ...over,
  }
}

function aGap(over: Partial<Gap> = {}): Gap {
  return {
    outageId: 'out_1',
    connectionId: 'con_1',
    since: at('07:00'),
    until: at('10:00'),
    costs: { currency: 'EUR', backfilled: [], campaigns: 0, amount: '0.00', restated: [], lost: [] },
    tags: { kind: 'off' },
    finishedAt: at('10:01'),
    ...over,
  }
}

function report(gap: Gap): string {
  const facts = aCard({ connection: CONNECTION, providerLabel: 'Google Ads', outage: anOutage() })
  return visible(gapReport(facts, anOutage(), gap))
}

describe('costs', () => {
  test('says which days came back, with amount and campaigns, which changed by how much, and which are lost', () => {
    const costs = {
      currency: 'EUR',
      backfilled: [
        { day: '2026-11-12', amount: '1000.00', campaigns: 2 },
        { day: '2026-11-13', amount: '234.50', campaigns: 3 },
      ],
      campaigns: 3,
      amount: '1234.50',
      restated: [{ day: '2026-11-11', before: '80.00', after: '76.80' }],
      lost: ['2026-11-01', '2026-11-02'],
    }
    const said = report(aGap({ costs }))
    expect(said).toContain('*2 days backfilled*: 1,234.50 EUR in 3 campaigns (12 Nov 2026 to 13 Nov 2026)')
    expect(said).toContain('*1 earlier day restated* by Google Ads: −3.20 EUR altogether')
    expect(said).toContain('11 Nov 2026: 80.00 EUR → 76.80 EUR (−3.20 EUR)')
    expect(said).toContain('*2 days lost*: 1 Nov 2026 to 2 Nov 2026')
  })
})

describe('ads', () => {
  test('tells of each ad what became of it, with a link to it', () => {
    const said = report(
      aGap({
        tags: {
          kind: 'on',
          covered: 1,
          late: 1,
          never: 1,
          touchpoints: 3,
          ads: [
            ad({ id: '3', name: 'N <!channel>', fate: 'never', setBy: 'campaign', why: 'Its campaign sets its own.' }),
            ad({ id: '2', name: 'L', fate: 'late', taggedAt: at('10:00').toISOString() }),
            ad({ id: '1', name: 'C' }),
          ],
        },
      }),
    )
    expect(said).toContain(
      '*3 ads created meanwhile*: 1 had their UTM parameters from the start, 1 tagged late and 1 never tagged.',
    )
    expect(said).toContain('<https://ads.example/1|N &lt;!channel&gt;> in Brand')
    expect(said).toContain('*never tagged*: Its campaign sets its own.')
    expect(said).toMatch(/\|L> in Brand, created .*: tagged late, /)
    expect(said).toMatch(/\|C> in Brand, created .*: covered by the account's template/)
    expect(said).toContain('*3 touchpoints came from ads while they were untagged.*')
    expect(said).toContain("UTM parameters are never retroactive: these can't be repaired.")
  })

  test.each([
    [{ late: 1, never: 0, touchpoints: 1 }, /it can't be repaired/],
    [{ late: 0, never: 2, touchpoints: 0 }, /never added afterwards/],
  ])('never claims that tags come back: %j', (counts, says) => {
    const said = report(aGap({ tags: { kind: 'on', covered: 0, ads: [ad({ fate: 'late' })], ...counts } }))
    expect(said).toMatch(says)
    expect(said).not.toMatch(/(?<!can't be )repaired|restored|fixed|will be tagged|tags (were|are) (added|back)/i)
  })

  test('claims nothing of ads where auto-tagging is off', () => {
    expect(report(aGap())).not.toMatch(/\*Ads\*|UTM/)
  })
})
