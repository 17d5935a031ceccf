import { describe, expect, test } from 'vitest'
import { gapTags } from '../../../src/domain/tags/gap-tags.ts'
import { judgeAd } from '../../../src/domain/tags/judge-ad.ts'
import { at } from '../../support/builders.ts'
import { anAd, aSeenAd } from '../../support/tag-builders.ts'

const WANTED = { wanted: 'utm_source=google&utm_medium=cpc', setAt: null, now: at(9000) }
const ALL = 'utm_medium=x&utm_source=y'

describe('an ad that is seen', () => {
  test('is covered from its creation on when it carries everything the first time', () => {
    expect(judgeAd(anAd({ createdAt: at(10), parameters: ALL, setBy: 'account' }), undefined, WANTED)).toMatchObject({
      coveredAt: at(10),
      trouble: null,
    })
  })

  test('was tagged late when the setting that it inherits was set after its creation, by this very scan', () => {
    const judge = (setBy: 'account' | 'ad', setAt: Date) =>
      judgeAd(anAd({ createdAt: at(10), parameters: ALL, setBy }), undefined, { ...WANTED, setAt }).coveredAt
    expect(judge('account', at(50))).toEqual(at(50))
    expect(judge('account', at(5))).toEqual(at(10))
    expect(judge('ad', at(50))).toEqual(at(10))
  })

  test('was tagged late when it was seen without them before', () => {
    expect(judgeAd(anAd({ parameters: ALL }), aSeenAd(), WANTED).coveredAt).toEqual(at(9000))
    expect(judgeAd(anAd({ parameters: ALL }), aSeenAd({ coveredAt: at(70) }), WANTED).coveredAt).toEqual(at(70))
  })

  test('was created when it was first told to be, also where only its last change is told', () => {
    const seen = judgeAd(anAd({ createdAt: at(500), parameters: ALL }), aSeenAd({ createdAt: at(10), coveredAt: at(10) }), WANTED)
    expect(seen).toMatchObject({ createdAt: at(10), coveredAt: at(10) })
  })

  test.each([
    [null, 'utm_source=g', 'Nothing sets utm_medium for it.'],
    ['campaign', '', 'Its campaign sets URL parameters of its own, without utm_source, utm_medium.'],
  ] as const)('says what is missing and why (%s)', (setBy, parameters, trouble) => {
    const known = aSeenAd({ coveredAt: at(70) })
    expect(judgeAd(anAd({ parameters, setBy }), known, WANTED)).toMatchObject({ coveredAt: null, trouble })
    const reason = 'Meta is still reviewing it.'
    expect(judgeAd(anAd({ parameters, setBy, untaggable: reason }), known, WANTED).trouble).toBe(reason)
  })
})

test('a gap tells each ad by its fate, those that nothing mends first', () => {
  const ads = [
    aSeenAd({ id: 'c', coveredAt: at(0), setBy: 'account', trouble: null }),
    aSeenAd({ id: 'n' }),
    aSeenAd({ id: 'l', coveredAt: at(5), trouble: null }),
  ]
  const tags = gapTags(ads, 7)
  expect(tags).toMatchObject({ kind: 'on', covered: 1, late: 1, never: 1, touchpoints: 7 })
  expect(tags.kind === 'on' && tags.ads.map(({ id, fate, taggedAt, why }) => [id, fate, taggedAt, why])).toEqual([
    ['n', 'never', null, 'Nothing sets utm_source for it.'],
    ['l', 'late', at(5).toISOString(), null],
    ['c', 'covered', null, null],
  ])
})
