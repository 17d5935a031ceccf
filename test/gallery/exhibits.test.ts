import { expect, test } from 'vitest'
import { checkBlocks } from '../../src/sandbox/slack/blocks.ts'
import { EXHIBITS } from './exhibits.ts'

const PLACES = { message: 'message', form: 'modal', home: 'home' } as const

test.each(EXHIBITS.filter(({ kind }) => kind !== 'page'))('Slack takes it: $kind, $name', (exhibit) => {
  if (exhibit.kind === 'page') return
  expect(checkBlocks(structuredClone([...exhibit.shown.blocks]), PLACES[exhibit.kind])).toEqual([])
})

/** Codes and words of the trade that nobody who does marketing should have to look up. */
const JARGON =
  /\b(invalid_grant|OAuth|HTTP \d{3}|JSON|SQL|null|undefined|NaN|token endpoint|backoff|upsert|idempoten\w*)\b|\[object/

test.each(EXHIBITS)('speaks plainly: $kind, $name', (exhibit) => {
  const said =
    exhibit.kind === 'page' ? exhibit.html.replace(/<style>[\s\S]*?<\/style>/, '') : JSON.stringify(exhibit.shown.blocks)
  const words = said.replace(/"(type|action_id|block_id|value|url|style)":"[^"]*"/g, '').replace(/:null\b/g, '')
  expect(JARGON.exec(words)?.[0]).toBeUndefined()
})
