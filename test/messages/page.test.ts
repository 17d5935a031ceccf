import { expect, test } from 'vitest'
import { homeView } from '../../src/messages/home-view.ts'
import { pageOf, readPageValue, writePageValue } from '../../src/messages/page.ts'
import { checkView } from '../../src/sandbox/slack/blocks.ts'
import { aCatchUp, aConnection, aListed, aRedListed, at, buttons, LOOK, pageWith, visible } from './a-card.ts'

const NOW = at('12:00')
const paused = aListed({ connection: aConnection({ name: 'p', pausedBy: 'U0BENOKAFOR', health: { status: 'paused' } }) })
const expiring = aListed({ refreshExpiresAt: new Date('2026-12-01T00:00:00Z') })
const silent = aListed({ connection: aConnection({ health: { unreachableSince: at('11:00') } }) })
const unconfirmed = aListed({ connection: aConnection({ confirmedAt: null }) })
const ads = aListed({ connection: aConnection({ kind: 'ads', name: 'meta', provider: 'meta' }) })
const all = [aRedListed(), unconfirmed, paused, silent, expiring, ads, aListed({ catchUp: aCatchUp() })]
const overviews = all.map(({ overview }) => overview)

test('each connection counts once; expiring and catching up beside that', () => {
  expect(pageOf(overviews, 0, NOW).counts).toEqual({
    total: 7,
    red: 1,
    attention: 1,
    paused: 1,
    silent: 1,
    fine: 3,
    expiring: 1,
    catchingUp: 1,
  })
})

test.each([
  ['all', 7],
  ['attention', 3],
  ['crm', 6],
  ['ads', 1],
] as const)('%s shows %d', (filter, count) => {
  const page = pageOf(overviews, 0, NOW, filter)
  expect(page.rows).toHaveLength(count)
  expect(page.counts.total).toBe(7)
})

test('what a page button carries can be read, also one of before there were filters', () => {
  expect(readPageValue(writePageValue(3, 'ads'))).toEqual({ page: 3, filter: 'ads' })
  expect(readPageValue('2')).toEqual({ page: 2, filter: 'all' })
  expect(readPageValue('x nonsense')).toEqual({ page: 0, filter: 'all' })
})

test('the Home tab tells the numbers, what is urgent first, and leaves out the zeros', () => {
  const shown = visible(homeView(...pageWith(all, 0, NOW), LOOK, NOW) as never)
  expect(shown).toMatch(
    /\*1\* needs authorization.*\*1\* needs somebody.*\*1\* without an answer.*\*1\* expires soon.*\*1\* catching up.*\*1\* paused.*\*3\* fine/,
  )
  const calm = visible(homeView(...pageWith([ads], 0, NOW), LOOK, NOW) as never)
  expect(calm).toContain('All is well')
  expect(calm).not.toContain('paused')
})

test('each row has its buttons: what mends it first, then Details and Settings', () => {
  const labels = (listed: typeof paused) => Object.keys(buttons(homeView(...pageWith([listed], 0, NOW), LOOK, NOW) as never))
  expect(labels(aRedListed())).toEqual(['Add connection', 'Reauthorize', 'Details', 'Settings'])
  expect(labels(paused)).toEqual(['Add connection', 'Resume', 'Details', 'Settings'])
  expect(labels(ads)).toEqual(['Add connection', 'Details', 'Settings'])
})

test('ten thousand connections fit, page by page, and take no time to page', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => aRedListed(`${'n'.repeat(35)}-${n}`))
  const begun = performance.now()
  const page = pageOf(
    many.map(({ overview }) => overview),
    666,
    NOW,
  )
  expect(performance.now() - begun).toBeLessThan(200)
  expect(page.rows).toHaveLength(10)
  const view = homeView(...pageWith(many, 7, NOW), LOOK, NOW)
  expect(view.blocks.length).toBeLessThanOrEqual(100)
  expect(checkView(structuredClone(view) as never)).toEqual([])
})
