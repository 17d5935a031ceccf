import { expect, test } from 'vitest'
import type { AppTrouble, Warning } from '../../../src/domain/warnings/warning.ts'
import { addConnection, aMessage, anId, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const DETAIL: AppTrouble = {
  kind: 'app_trouble',
  provider: 'salesforce',
  grantId: 'grant_1',
  explanation: 'no reason',
  users: 3,
  doubtful: [{ id: 'c1', name: 'salesforce', accountName: 'Acme' }],
  red: [],
  others: 0,
}

function aWarning(over: Partial<Warning> = {}): Warning {
  return {
    messageId: anId('message'),
    teamId: 'T1',
    subject: 'app',
    detail: DETAIL,
    since: at(0),
    closedAt: null,
    version: 0,
    ...over,
  }
}

const messageOf = ({ messageId }: Warning) => aMessage({ id: messageId, connectionId: null, kind: 'warning' })

contract('warnings', (world) => {
  test('are raised once about the same, by many machines at once, each with its message', async () => {
    const { store, other } = world()
    const warnings = Array.from({ length: 8 }, () => aWarning())
    const raised = await Promise.all(warnings.map((one, n) => (n % 2 ? store : other).warnings.raise(one, messageOf(one))))
    expect(raised.filter((won) => won)).toHaveLength(1)
    const [won] = await store.warnings.open()
    expect(await store.warnings.open()).toEqual([{ ...warnings[raised.indexOf(true)], detail: DETAIL }])
    const due = await store.messages.claim(at(0), at(9), 'me', 99)
    expect(due.map(({ id }) => id)).toEqual([won?.messageId])
    expect(await store.warnings.raise(aWarning({ subject: 'another' }), aMessage({ connectionId: null }))).toBe(true)
    expect(await store.warnings.raise(aWarning({ teamId: 'T2' }), aMessage({ connectionId: null }))).toBe(true)
  })

  test('change under the eyes of whoever saw them last only, and their message is due again', async () => {
    const { store } = world()
    const seen = aWarning()
    await store.warnings.raise(seen, messageOf(seen))
    const connection = await addConnection(store)
    const notice = aMessage({ connectionId: connection.id, kind: 'notice', threadOf: seen.messageId })
    const next = { detail: { ...DETAIL, users: 5 }, closedAt: null }
    expect(await store.warnings.change(seen, next, notice, at(50))).toBe(true)
    expect(await store.warnings.change(seen, next, aMessage({ connectionId: connection.id }), at(60))).toBe(false)
    expect(await store.warnings.ofMessage(seen.messageId)).toMatchObject({ version: 1, detail: { users: 5 } })
    expect(await store.messages.find(seen.messageId)).toMatchObject({ wanted: 2 })
    expect(await store.messages.find(notice.id)).toMatchObject({ threadOf: seen.messageId })
  })

  test('stay closed, and then the same can be told anew', async () => {
    const { store } = world()
    const seen = aWarning()
    await store.warnings.raise(seen, messageOf(seen))
    expect(await store.warnings.change(seen, { detail: DETAIL, closedAt: at(5) }, null, at(5))).toBe(true)
    expect(await store.warnings.open()).toEqual([])
    const closed = await store.warnings.ofMessage(seen.messageId)
    expect(closed).toMatchObject({ closedAt: at(5) })
    if (closed) expect(await store.warnings.change(closed, { detail: DETAIL, closedAt: null }, null, at(6))).toBe(false)
    const again = aWarning()
    expect(await store.warnings.raise(again, messageOf(again))).toBe(true)
  })
})
