import { expect, test } from 'vitest'
import { readTimeZone } from '../../src/domain/time-zone-name.ts'

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  [' europe/berlin ', 'Europe/Berlin'],
  ['America/New York', 'America/New_York'],
  ['utc', 'UTC'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['asia/kolkata', 'Asia/Kolkata'],
  ['US/Pacific', 'US/Pacific'],
  ['us/pacific', 'America/Los_Angeles'],
  ['etc/gmt+2', 'Etc/GMT+2'],
])('"%s" is the time zone %s', (typed, timeZone) => {
  expect(readTimeZone(typed)).toEqual({ kind: 'found', timeZone })
})

test.each([
  ['Europe/Berln', 'Europe/Berlin'],
  ['Berlin', 'Europe/Berlin'],
  ['new york', 'America/New_York'],
  ['São Paulo', 'America/Sao_Paulo'],
  ['Kyiv', 'Europe/Kyiv'],
  ['Mars/Phobos', null],
  ['Frankfurt', null],
  ['', null],
  ['BST', null],
  ['+02:00', null],
])('"%s" is none; meant is probably %s', (typed, nearest) => {
  expect(readTimeZone(typed)).toEqual({ kind: 'unknown', nearest })
})
