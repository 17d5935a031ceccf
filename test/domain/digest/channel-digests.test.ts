import { expect, test } from 'vitest'
import { readDigest } from '../../../src/domain/digest/channel-digests.ts'
import { addConnection } from '../../support/builders.ts'
import { aClock, aWatch, TEAM } from '../../support/watch.ts'

test('a direct message to which cards come has a digest of its own; another one has none', async () => {
  await using watch = await aWatch({ clock: aClock(), providers: [], settings: { channelId: 'D1' } })
  const [deps] = watch.machines
  if (!deps) throw new Error('no process')
  await addConnection(watch.store, { teamId: TEAM, channelId: null })
  const read = await readDigest(deps, TEAM, null, 'D1')
  expect(read).toMatchObject({ kind: 'found', digest: { channelId: 'D1' }, hasConnections: true })
  expect(await readDigest(deps, TEAM, null, 'D2')).toEqual({ kind: 'no_channel', channelIds: ['D1'] })
})
