import { expect, onTestFinished, test } from 'vitest'
import { type Fakes, startFakes } from '../../src/sandbox/fakes.ts'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { sandboxPanel } from '../../src/sandbox/sandbox-panel.ts'
import { ANA_UAT, aSalesforce, connect, refresh } from './providers/salesforce-client.ts'

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

async function logInToGoogle({ google }: Fakes, org: string, username: string): Promise<void> {
  const client = { client_id: 'redkey-google-ads', redirect_uri: 'http://127.0.0.1:1/oauth/callback/google-ads' }
  const asked = { ...client, response_type: 'code', scope: 'openid email https://www.googleapis.com/auth/adwords', state: 's' }
  const callback = await signIn(`${google.url}/o/oauth2/v2/auth?${new URLSearchParams(asked)}`, { org, username })
  const code = new URL(callback).searchParams.get('code') ?? ''
  const body = new URLSearchParams({ ...client, client_secret: 'secret', grant_type: 'authorization_code', code })
  expect((await fetch(`${google.url}/token`, { method: 'POST', body })).status).toBe(200)
}

test('what most people want stands first and open, the rest by provider', async () => {
  const { panel } = await aPanel()
  const [first, second, ...rest] = panel.groups()
  expect(first?.controls.map(({ label }) => label)).toEqual([
    "Break Salesforce's logins",
    "Break Google's logins",
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

test("breaking Google's login ends those of all who have logged in, and says whose", async () => {
  const { fakes, press } = await aPanel()
  const none = 'There is no login left to break: reauthorize first.'
  expect(await press("Break Google's logins")).toBe(none)
  await logInToGoogle(fakes, 'Acme Inc', 'tom@acme.example')
  expect(await press("Break Google's logins")).toBe('Google ended the login of tom@acme.example.')
  for (const username of ['ana@acme.example', 'tom@acme.example']) await logInToGoogle(fakes, 'Acme Inc', username)
  expect(await press("Break Google's logins")).toBe('Google ended the logins of ana@acme.example and tom@acme.example.')
  expect(await press("Break Google's logins")).toBe(none)
})

test("breaking Salesforce's login ends those of every org", async () => {
  await using salesforce = await aSalesforce()
  const panel = sandboxPanel([salesforce], async (accepted) => ({ accepted, duplicates: 0, rejected: [] }))
  const id = panel.groups()[0]?.controls.find(({ label }) => label === "Break Salesforce's logins")?.id ?? ''
  const logins = [
    await connect(salesforce, { org: 'Acme Inc', username: 'ops@acme.example' }),
    await connect(salesforce, ANA_UAT),
  ]
  expect(await panel.run(id)).toBe('Salesforce ended the logins of ops@acme.example and redkey@acme.example.uat.')
  for (const { refresh_token } of logins) expect((await refresh(salesforce, refresh_token)).status).toBe(400)
  expect(await panel.run(id)).toBe('There is no login left to break: reauthorize first.')
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
