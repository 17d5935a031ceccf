import { expect, test } from 'vitest'
import { ANA, aSalesforce, connect, get, refresh, TOUCHPOINTS, touchpoint, upsert } from './salesforce-client.ts'

test('the panel has groups for each org by what they touch and one for the app, and no id twice', async () => {
  await using salesforce = await aSalesforce()
  const groups = salesforce.panelGroups()
  expect(groups.map((group) => group.title)).toEqual([
    'Acme Inc: login',
    'Acme Inc: service',
    'Acme Inc: touchpoints',
    'Acme UAT: login',
    'Acme UAT: service',
    'Acme UAT: touchpoints',
    'The Redkey app',
  ])
  const ids = groups.flatMap((group) => group.controls.map((control) => control.id))
  expect(new Set(ids).size).toBe(ids.length)
})

test('revoking from the panel says whose grant it was', async () => {
  await using salesforce = await aSalesforce()
  expect(await salesforce.run('org1-revoke')).toBe('Acme Inc: nobody had given Redkey access, so nothing was revoked.')
  const token = await connect(salesforce)
  expect(await salesforce.run('org1-revoke')).toBe(`Acme Inc: the grant of ${ANA.username} was revoked.`)
  expect((await refresh(salesforce, token.refresh_token)).status).toBe(400)
})

test('each toggle shows that it is on, can be taken back, and then the org works again', async () => {
  await using salesforce = await aSalesforce()
  await connect(salesforce)
  const toggles = salesforce.panelGroups().flatMap((group) => group.controls.filter((control) => control.kind === 'toggle'))
  expect(toggles.length).toBeGreaterThan(15)
  const isOn = (id: string) =>
    salesforce
      .panelGroups()
      .flatMap((group) => group.controls)
      .find((one) => one.id === id)?.on
  for (const { id } of toggles) {
    expect([id, isOn(id)]).toEqual([id, false])
    const said = await salesforce.run(id)
    expect([id, isOn(id)]).toEqual([id, true])
    expect(await salesforce.run(id)).not.toBe(said)
    expect([id, isOn(id)]).toEqual([id, false])
  }
  const token = await connect(salesforce)
  expect((await get(token, '/v67.0/limits')).status).toBe(200)
  expect((await upsert(token, [touchpoint('tp_1', { bizible2__Keyword_Text__c: 'crm' })]))[0]?.success).toBe(true)
})

test('each button says what happened in a sentence', async () => {
  await using salesforce = await aSalesforce()
  const buttons = salesforce.panelGroups().flatMap((group) => group.controls.filter((control) => control.kind === 'button'))
  for (const { id } of buttons) expect(await salesforce.run(id)).toMatch(/^[A-Z].*\.$/)
})

test('the secret that is changed from the panel spares the grants', async () => {
  await using salesforce = await aSalesforce()
  const token = await connect(salesforce)
  await salesforce.run('app-secret')
  expect(await (await refresh(salesforce, token.refresh_token)).json()).toMatchObject({ error: 'invalid_client' })
  expect((await get(token, '/v67.0/limits')).status).toBe(401)
  await salesforce.run('app-secret')
  expect((await refresh(salesforce, token.refresh_token)).status).toBe(200)
})

test('refusing every tenth touchpoint refuses two of twenty', async () => {
  await using salesforce = await aSalesforce()
  const token = await connect(salesforce)
  await salesforce.run('org1-reject')
  const rows = Array.from({ length: 20 }, (_, number) => touchpoint(`tp_${number}`))
  expect((await upsert(token, rows)).filter((result) => !result.success)).toHaveLength(2)
  expect(salesforce.org('Acme Inc').counts(TOUCHPOINTS)).toEqual({ created: 18, updated: 0, refused: 2 })
})

test('an unknown control is an error', async () => {
  await using salesforce = await aSalesforce()
  await expect(salesforce.run('org1-nothing')).rejects.toThrow('no control org1-nothing')
})
