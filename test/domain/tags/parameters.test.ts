import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMissing, missingKeys, readParameters, takeAway } from '../../../src/domain/tags/parameters.ts'

const RULES = {
  maxLength: 60,
  unknownMacros: (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([macro]) => macro).filter((macro) => macro !== '{id}'),
}

/** Keys that appear once each, as a provider keeps them. */
const query = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-d_]{1,3}$/), fc.stringMatching(/^[{}a-z%2]{0,4}$/)), {
    selector: ([key]) => key,
    maxLength: 5,
  })
  .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'))

describe('adding what is missing', () => {
  test("keeps what is there as it stands, also somebody's own value for a wanted key", () => {
    expect(addMissing('ref={lpurl}&utm_source=bing', 'utm_source=google&utm_medium=cpc')).toEqual({
      all: 'ref={lpurl}&utm_source=bing&utm_medium=cpc',
      added: 'utm_medium=cpc',
    })
    expect(addMissing('', 'a=1&b=2')).toEqual({ all: 'a=1&b=2', added: 'a=1&b=2' })
    expect(addMissing('a=1&', 'b=2').all).toBe('a=1&b=2')
  })

  test('begins with all that was there, leaves nothing missing, changes nothing the second time, and can be taken away', () => {
    fc.assert(
      fc.property(query, query, (before, wanted) => {
        const { all, added } = addMissing(before, wanted)
        expect(all.startsWith(before)).toBe(true)
        expect(missingKeys(all, wanted)).toEqual([])
        expect(addMissing(all, wanted)).toEqual({ all, added: '' })
        expect(takeAway(all, added)).toBe(before)
      }),
    )
  })

  test('takes away only what still stands as it was added', () => {
    expect(takeAway('a=1&utm_source=mine&b=2&new=3', 'utm_source=google&b=2')).toBe('a=1&utm_source=mine&new=3')
  })
})

describe('what somebody typed', () => {
  test('is taken without the marks and line breaks around it', () => {
    expect(readParameters(' ?utm_source=google&\n utm_content={id}& ', RULES)).toEqual({
      kind: 'ok',
      parameters: 'utm_source=google&utm_content={id}',
    })
  })

  test.each([
    ['', /at least one/],
    ['utm_source', /name=value/],
    ['utm source=x', /name=value/],
    ['utm_source=a b', /name=value/],
    ['utm_source=a#b', /name=value/],
    ['a=1&a=2', /a is there twice/],
    ['a={nonsense}', /\{nonsense\} is no macro/],
    [`a=${'x'.repeat(70)}`, /72 characters long: 60 at most/],
  ])('is refused with what to change: %s', (typed, says) => {
    expect(readParameters(typed, RULES)).toMatchObject({ kind: 'refused', says: expect.stringMatching(says) })
  })
})
