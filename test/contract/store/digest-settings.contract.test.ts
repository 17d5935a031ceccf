import { expect, test } from 'vitest'
import type { ChannelDigest } from '../../../src/domain/digest/digest-setting.ts'
import type { WorkspaceAuditEntry } from '../../../src/domain/workspaces/installation.ts'
import { addConnection, anId, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const aSetting = (over: Partial<ChannelDigest> = {}): ChannelDigest => ({
  teamId: 'T1',
  channelId: 'C1',
  isOn: true,
  timeZone: 'Europe/Berlin',
  owedWeek: null,
  changedBy: 'U1',
  changedAt: at(5),
  version: 1,
  ...over,
})
const anEntry = (detail = 'C1 on Europe/Berlin'): WorkspaceAuditEntry => ({
  id: anId('audit'),
  teamId: 'T1',
  actor: 'U1',
  action: 'digest_changed',
  detail,
  at: at(5),
})

contract('digest settings', (world) => {
  test('are kept as they were set, each with its line of history', async () => {
    const { store, other } = world()
    expect(await store.digestSettings.find('T1', 'C1')).toBeUndefined()
    const first = aSetting()
    expect(await store.digestSettings.save(first, anEntry())).toBe(true)
    expect(await other.digestSettings.find('T1', 'C1')).toEqual(first)
    const second = aSetting({ isOn: false, timeZone: 'Asia/Tokyo', owedWeek: '2026-11-23', changedBy: 'U2', version: 2 })
    expect(await other.digestSettings.save(second, anEntry('C1 off Asia/Tokyo'))).toBe(true)
    expect(await store.digestSettings.find('T1', 'C1')).toEqual(second)
    const history = await store.installations.history('T1', 9)
    expect(history.map(({ action, detail }) => `${action} ${detail}`).sort()).toEqual([
      'digest_changed C1 off Asia/Tokyo',
      'digest_changed C1 on Europe/Berlin',
    ])
  })

  test('of many who save at once, one does; the others leave no history', async () => {
    const { store, other } = world()
    for (const version of [1, 2]) {
      const saved = await Promise.all(
        Array.from({ length: 8 }, (_, n) => {
          const setting = aSetting({ changedBy: `U${n}`, version })
          return (n % 2 ? store : other).digestSettings.save(setting, anEntry())
        }),
      )
      expect(saved.filter((won) => won)).toHaveLength(1)
      expect(await store.digestSettings.find('T1', 'C1')).toMatchObject({ changedBy: `U${saved.indexOf(true)}`, version })
      expect(await store.installations.history('T1', 99)).toHaveLength(version)
    }
    expect(await store.digestSettings.save(aSetting({ version: 4 }), anEntry())).toBe(false)
  })

  test('belong to one channel of one workspace', async () => {
    const { store } = world()
    const all = [aSetting(), aSetting({ channelId: 'C2' }), aSetting({ teamId: 'T2', timeZone: 'UTC' })]
    for (const one of all) await store.digestSettings.save(one, anEntry())
    expect(await store.digestSettings.all()).toEqual(all)
    expect(await store.digestSettings.all('T1')).toEqual(all.slice(0, 2))
    expect(await store.digestSettings.find('T2', 'C1')).toMatchObject({ timeZone: 'UTC' })
    expect(await store.digestSettings.find('T2', 'C2')).toBeUndefined()
  })

  test('change the mark of their workspace, and of no other', async () => {
    const { store } = world()
    await addConnection(store)
    const mark = (teamId: string) => store.connections.changeMark(teamId)
    const [mine, theirs] = [await mark('T1'), await mark('T2')]
    await store.digestSettings.save(aSetting(), anEntry())
    const set = await mark('T1')
    expect(set).not.toBe(mine)
    await store.digestSettings.save(aSetting({ isOn: false, changedAt: at(6), version: 2 }), anEntry())
    expect(await mark('T1')).not.toBe(set)
    expect(await mark('T2')).toBe(theirs)
  })
})
