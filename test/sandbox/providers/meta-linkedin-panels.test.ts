import { expect, onTestFinished, test } from 'vitest'
import { startFakeLinkedIn } from '../../../src/sandbox/providers/linkedin/fake-linkedin.ts'
import { startFakeMeta } from '../../../src/sandbox/providers/meta/fake-meta.ts'

const OPTIONS = { port: 0, clientId: 'client', clientSecret: 'secret', redirectUris: [] }

test.each([
  ['Meta', startFakeMeta],
  ['LinkedIn', startFakeLinkedIn],
])('every control of %s says in a sentence what it did, and a toggle shows that it is on', async (_name, start) => {
  const fake = await start(OPTIONS)
  onTestFinished(() => fake.close())
  const controls = () => fake.panelGroups().flatMap((group) => group.controls)
  const ids = controls().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { id, on } of controls()) {
    expect(await fake.run(id)).toMatch(/^[A-Z].*\.$/)
    expect(controls().find((one) => one.id === id)?.on).toBe(on === undefined ? undefined : !on)
  }
  await expect(fake.run('nothing')).rejects.toThrow('no control')
})
