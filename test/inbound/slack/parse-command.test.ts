import { expect, test } from 'vitest'
import { parseCommand } from '../../../src/inbound/slack/parse-command.ts'

test.each([
  ['', { kind: 'list' }],
  ['  list ', { kind: 'list' }],
  ['HELP', { kind: 'help' }],
  ['?', { kind: 'help' }],
  ['add', { kind: 'add', provider: null }],
  ['Add  SalesForce', { kind: 'add', provider: 'salesforce' }],
  ['reauthorize', { kind: 'reauthorize', name: null }],
  ['reauthorise salesforce-2', { kind: 'reauthorize', name: 'salesforce-2' }],
  ['check', { kind: 'check', name: null }],
  ['check “salesforce”', { kind: 'check', name: 'salesforce' }],
  ['rejects', { kind: 'rejects', name: null }],
  ['Rejects SalesForce', { kind: 'rejects', name: 'salesforce' }],
  ['history', { kind: 'history', name: null }],
  ['history Salesforce', { kind: 'history', name: 'salesforce' }],
  ['invite', { kind: 'invite', name: null, isOff: false }],
  ['invite salesforce', { kind: 'invite', name: 'salesforce', isOff: false }],
  ['Invite “salesforce” OFF', { kind: 'invite', name: 'salesforce', isOff: true }],
  ['invite salesforce now', { kind: 'unknown', typed: 'invite salesforce now', nearest: 'invite salesforce' }],
  ['invite salesforce off now', { kind: 'unknown', typed: 'invite salesforce off now', nearest: 'invite salesforce' }],
  ['histroy salesforce', { kind: 'unknown', typed: 'histroy salesforce', nearest: 'history salesforce' }],
  ['reject salesforce', { kind: 'unknown', typed: 'reject salesforce', nearest: 'rejects salesforce' }],
  ['‘Salesforce’', { kind: 'name', name: 'salesforce' }],
  ['check\u00A0salesforce', { kind: 'check', name: 'salesforce' }],
  ['check <#C0123|salesforce>', { kind: 'check', name: 'salesforce' }],
  ['add <@U0ANARUIZ|ana>', { kind: 'add', provider: 'ana' }],
  ['<@U0ANARUIZ>', { kind: 'name', name: 'u0anaruiz' }],
  ['a&amp;b', { kind: 'name', name: 'a&b' }],
  ['chekc salesforce', { kind: 'unknown', typed: 'chekc salesforce', nearest: 'check salesforce' }],
  ['helpp me', { kind: 'unknown', typed: 'helpp me', nearest: 'help' }],
  ['make coffee now', { kind: 'unknown', typed: 'make coffee now', nearest: null }],
  ['check one two', { kind: 'unknown', typed: 'check one two', nearest: 'check one' }],
  ['constructor', { kind: 'name', name: 'constructor' }],
])('reads "%s"', (text, command) => {
  expect(parseCommand(text)).toEqual(command)
})
