import { describe, expect, test } from 'vitest'
import type { Tagging } from '../../../../src/domain/ads.ts'
import { unknownMacros } from '../../../../src/outbound/providers/microsoft-ads/macros.ts'
import { timeZoneOf } from '../../../../src/outbound/providers/microsoft-ads/time-zones.ts'
import { aMicrosoftServer, json } from './a-microsoft-server.ts'

function inherited(tagging: Tagging) {
  if (tagging.kind !== 'inherited') throw new Error('not inherited')
  return tagging
}

test('only the final URL suffix is named when it is set, and an empty text takes it away', async () => {
  const { ads, tokens, account, requests } = await aMicrosoftServer({
    '/CampaignManagement/v13/AccountProperties/Set': json({}),
  })
  const { setTemplate } = inherited(ads.tagging)
  for (const text of ['utm_source=bing', '']) {
    expect(await setTemplate(tokens, account, '18', text)).toEqual({ kind: 'ok', value: null })
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual({ AccountProperties: [{ Name: 'FinalUrlSuffix', Value: text }] })
  }
})

test('an account of which no suffix is told is not one without', async () => {
  const { ads, tokens, account } = await aMicrosoftServer({
    '/CampaignManagement/v13/AccountProperties/Query': json({ AccountProperties: [], PartialErrors: [] }),
  })
  expect(await inherited(ads.tagging).templates(tokens, account)).toMatchObject({ kind: 'transient', code: 'unreadable_answer' })
})

test('what Marketo Measure sets is ready, in macros that there are', async () => {
  const { ads } = await aMicrosoftServer({})
  expect(ads.tagging.marketoMeasure).toBe('_bt={adid}&utm_medium=cpc&utm_source=bing&utm_term={keyword}')
  expect(unknownMacros(ads.tagging.marketoMeasure ?? '')).toEqual([])
})

describe('macros', () => {
  test.each([
    'a={CampaignId}&b={campaignid}&c={CAMPAIGN}',
    'k={keyword:no keyword}&k2={keyword:}&d={IfMobile:m}{IfNotMobile:d}',
    'season={_season}&promo={_promoCode}',
    'utm_source=bing&off=50%25%20off!&plain=[brand]',
    '',
  ])('%s are all known', (parameters) => {
    expect(unknownMacros(parameters)).toEqual([])
  })

  test.each([
    ['a={CampainId}', ['{CampainId}']],
    ['a={creative}&b={adgroupid}&c={creative}', ['{creative}']],
    ['a={{campaign.name}}', ['{{campaign.name}}']],
    ['a=%ebuy!&b=%epid!', ['%ebuy!', '%epid!']],
    ['a=%7BCampaignId%7D&b=1', ['%7BCampaignId%7D']],
    ['a={lpurl}&b={ignore}', ['{lpurl}', '{ignore}']],
    ['a={}', ['{}']],
    ['a={Campaign Id}', ['{Campaign Id}']],
  ])('%s holds what would be sent as it stands', (parameters, found) => {
    expect(unknownMacros(parameters)).toEqual(found)
  })
})

describe('time zones', () => {
  /** Hours from UTC without summer time: learn.microsoft.com/advertising/guides/time-zones (2026-11). */
  const OFFSETS: readonly (readonly [string, number])[] = [
    ['AbuDhabiMuscat', 4],
    ['Adelaide', 9.5],
    ['AlmatyNovosibirsk', 6],
    ['AmsterdamBerlinBernRomeStockholmVienna', 1],
    ['AthensBuckarestIstanbul', 2],
    ['CaracasLaPaz', -4],
    ['CasablancaMonrovia', 0],
    ['ChihuahuaLaPazMazatlan', -7],
    ['EasternTimeUSCanada', -5],
    ['FijiKamchatkaMarshallIsland', 12],
    ['GreenwichMeanTimeDublinEdinburghLisbonLondon', 0],
    ['InternationalDateLineWest', -12],
    ['IslamabadKarachiTashkent', 5],
    ['Kathmandu', 5.75],
    ['MidAtlantic', -2],
    ['MidwayIslandAndSamoa', -11],
    ['Newfoundland', -3.5],
    ['Nukualofa', 13],
    ['PacificTimeUSCanadaTijuana', -8],
    ['SolomonIslandNewCaledonia', 11],
  ]

  test.each(OFFSETS)('%s is %f hours from UTC', (name, hours) => {
    const { iana = '' } = timeZoneOf(name) ?? {}
    const offsets = ['2026-01-15', '2026-07-15'].map((day) => hoursFromUtc(iana, new Date(day)))
    expect(Math.min(...offsets)).toBe(hours)
  })

  test('are called otherwise in some reports, and one that is not known is none', () => {
    expect(timeZoneOf('AthensBuckarestIstanbul')?.inReports).toBe('AthensIslandanbulMinsk')
    expect(timeZoneOf('Seoul')).toEqual({ iana: 'Asia/Seoul', inReports: 'Seoul' })
    for (const name of ['Atlantis', 'toString', '']) expect(timeZoneOf(name)).toBeNull()
  })
})

function hoursFromUtc(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const [, sign, hours, minutes] =
    /GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) + Number(minutes) / 60)
}
