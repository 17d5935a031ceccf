import { expect, test } from 'vitest'
import { addConnection, aTouchpoint, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

contract('ids that differ in case only', (world) => {
  test('are pushed in order also when the first has to be tried again later', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(
      id,
      ['tp_1', 'TP_1', 'Tp_1', 'tp_2'].map((one) => aTouchpoint(one)),
      at(0),
    )
    const claim = async (ms: number) => store.outbox.waiting(id, 0, at(ms), 10)
    const [first] = await claim(1)
    if (!first) throw new Error('nothing waits')
    await store.outbox.settle(id, [{ kind: 'retry', key: first.key, dueAt: at(2000) }], at(1))
    expect((await claim(1999)).map((row) => row.id)).toEqual(['tp_2'])
    expect((await claim(2000)).map((row) => row.id)).toEqual(['tp_1', 'TP_1', 'Tp_1', 'tp_2'])
  })

  test('do not wait for a later one, nor for one of another connection', async () => {
    const { store } = world()
    const [{ id }, other] = [await addConnection(store), await addConnection(store)]
    await store.outbox.accept(
      id,
      ['tp_1', 'TP_1'].map((one) => aTouchpoint(one)),
      at(0),
    )
    await store.outbox.accept(other.id, [aTouchpoint('TP_1')], at(0))
    const [, second] = await store.outbox.waiting(id, 0, at(1), 10)
    if (!second) throw new Error('nothing waits')
    await store.outbox.settle(id, [{ kind: 'retry', key: second.key, dueAt: at(2000) }], at(1))
    expect((await store.outbox.waiting(id, 0, at(2), 10)).map((row) => row.id)).toEqual(['tp_1'])
    expect((await store.outbox.waiting(other.id, 0, at(2), 10)).map((row) => row.id)).toEqual(['TP_1'])
  })
})
