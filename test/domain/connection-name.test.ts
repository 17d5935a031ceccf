import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeName, LONGEST_NAME, RESERVED_NAMES } from '../../src/domain/connections/connection-name.ts'
import { PROVIDER_NAMES } from '../../src/domain/provider.ts'
import { COMMAND_WORDS, parseCommand } from '../../src/inbound/slack/parse-command.ts'

test.each(['acme', 'acme-eu', 'a', '2026', 'salesforce', 'salesforce-2', 'hubspot-mirror', 'x'.repeat(LONGEST_NAME)])(
  '%s is a name',
  (name) => expect(judgeName(name, 'salesforce')).toEqual({ kind: 'fine' }),
)

test.each([
  ['Acme EU', 'acme-eu'],
  ['Übersee GmbH & Co.', 'ubersee-gmbh-co'],
  ['acme--eu', 'acme-eu'],
  ['-acme-', 'acme'],
  ['<!channel>', 'channel'],
  ['x'.repeat(90), 'x'.repeat(LONGEST_NAME)],
  ['日本', null],
  ['', null],
])('%s is none; what could be meant is suggested', (name, suggestion) => {
  expect(judgeName(name, 'salesforce')).toEqual({ kind: 'no_slug', suggestion })
})

test('a suggestion is a slug itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      const judged = judgeName(text, 'salesforce')
      if (judged.kind !== 'no_slug' || judged.suggestion === null) return
      expect(judgeName(judged.suggestion, 'salesforce').kind).not.toBe('no_slug')
    }),
  )
})

test('no command can be hidden by a name', () => {
  expect(RESERVED_NAMES).toEqual(expect.arrayContaining([...COMMAND_WORDS, 'history', 'invite']))
  for (const name of RESERVED_NAMES) expect(judgeName(name, 'salesforce')).toEqual({ kind: 'reserved' })
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'abcdefghijklmnoprstuv-123'), maxLength: 14 }), (name) => {
      if (judgeName(name, 'salesforce').kind === 'fine') expect(parseCommand(name)).toEqual({ kind: 'name', name })
    }),
  )
})

test('one that looks like another provider’s connection is refused', () => {
  for (const provider of PROVIDER_NAMES.filter((one) => one !== 'meta')) {
    expect(judgeName(provider, 'meta')).toEqual({ kind: 'other_provider', provider })
    expect(judgeName(`${provider}-2`, 'meta')).toEqual({ kind: 'other_provider', provider })
    expect(judgeName(`${provider}-eu`, 'meta')).toEqual({ kind: 'fine' })
  }
})
