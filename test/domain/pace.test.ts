import { expect, test } from 'vitest'
import { createPace } from '../../src/domain/outbox/pace.ts'

const well = (pace: ReturnType<typeof createPace>, times: number) => {
  for (let time = 0; time < times; time++) pace.wentWell()
}

test('rises by one after each round in which every request went well, up to the most', () => {
  const pace = createPace(6)
  expect(pace.allowed()).toBe(4)
  well(pace, 3)
  expect(pace.allowed()).toBe(4)
  well(pace, 1)
  expect(pace.allowed()).toBe(5)
  well(pace, 100)
  expect(pace.allowed()).toBe(6)
})

test('halves when the CRM is pressed, and never stops', () => {
  const pace = createPace(16)
  pace.pressed()
  expect(pace.allowed()).toBe(2)
  pace.pressed()
  pace.pressed()
  expect(pace.allowed()).toBe(1)
  well(pace, 1)
  expect(pace.allowed()).toBe(2)
})
