import { expect, onTestFinished, test } from 'vitest'
import { startFakes } from '../../src/sandbox/fakes.ts'
import { sandboxPanel } from '../../src/sandbox/sandbox-panel.ts'

async function aPanel() {
  const now = () => new Date('2026-11-24T12:00:00Z')
  const fakes = await startFakes({ appUrl: 'http://127.0.0.1:1', port: 0, clientSecret: 'secret', now })
  onTestFinished(() => fakes.close())
  const sent: number[] = []
  const panel = sandboxPanel(fakes.all, async (accepted) => {
    sent.push(accepted)
    return { accepted, duplicates: 0, rejected: [] }
  })
  const controls = () => panel.groups().flatMap((group) => group.controls)
  const press = (label: string) => panel.run(controls().find((one) => one.label === label)?.id ?? label)
  return { fakes, panel, controls, press, sent }
}

test('what most people want stands first and open, the rest by provider', async () => {
  const { panel } = await aPanel()
  const [first, second, ...rest] = panel.groups()
  expect(first?.controls.map(({ label }) => label)).toEqual([
    "Break Salesforce's login",
    "Break Google's login",
    'Create a Google ad',
    'Restate Google costs',
    'Put all switches back',
  ])
  expect(second?.controls.map(({ label }) => label)).toEqual(['Send one', 'Send 100', 'Send 1,000'])
  expect([first?.section, second?.section]).toEqual([undefined, undefined])
  expect(new Set(rest.map(({ section }) => section)).size).toBe(8)
})

test('every group says in a line what it does, and is told from the others of its provider', async () => {
  const { panel } = await aPanel()
  const groups = panel.groups()
  for (const { title, note } of groups) {
    expect(title.length, title).toBeLessThanOrEqual(36)
    expect(note, title).toMatch(/^[A-Z].{5,90}\.$/)
  }
  const names = groups.map(({ section, title }) => `${section} › ${title}`)
  expect(new Set(names).size).toBe(names.length)
})

test('a new ad, restated costs and touchpoints are one press away', async () => {
  const { fakes, press, sent } = await aPanel()
  const { library } = fakes.google.adsAccount('Acme EU')
  const ads = library.ads.length
  expect(await press('Create a Google ad')).toContain('was created')
  expect(library.ads).toHaveLength(ads + 1)
  const costs = (from: string, to: string) => [...library.costs(from, to)].reduce((sum, { cents }) => sum + cents, 0)
  const [settled, late] = [costs('2026-11-01', '2026-11-20'), costs('2026-11-21', '2026-11-23')]
  expect(await press('Restate Google costs')).toContain('a tenth less')
  expect(costs('2026-11-01', '2026-11-20')).toBe(settled)
  expect(costs('2026-11-21', '2026-11-23') / late).toBeCloseTo(0.9, 2)
  expect(await press('Send 1,000')).toBe('Redkey took in 1,000 touchpoints for Acme Inc.')
  expect(sent).toEqual([1000])
})

test('switches that somebody has changed are told from those that were on from the beginning, and are put back', async () => {
  const { panel, controls, press } = await aPanel()
  const changed = () => controls().filter(({ isChanged }) => isChanged === true)
  const before = controls().map(({ id, on }) => [id, on])
  expect(before.some(([, on]) => on === true)).toBe(true)
  expect(changed()).toEqual([])
  expect(await press('Put all switches back')).toBe('Every switch is as it was in the beginning.')
  const flipped = ['salesforce:org1-down', 'linkedin:app-refreshTokens', 'hubspot:account1-locked']
  for (const id of flipped) await panel.run(id)
  expect(
    changed()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(flipped.toSorted())
  expect(await press('Put all switches back')).toBe('3 switches are as in the beginning again.')
  expect(controls().map(({ id, on }) => [id, on])).toEqual(before)
})

test('an unknown control is an error', async () => {
  const { panel } = await aPanel()
  await expect(panel.run('nothing:at-all')).rejects.toThrow('no control nothing:at-all')
})
