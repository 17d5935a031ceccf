import { describe, expect, test } from 'vitest'
import { checkBlocks, checkView, isTextTooLong, isViewTooLarge } from '../../../src/sandbox/slack/blocks.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const button = (extra: object = {}) => ({ type: 'button', action_id: 'go', text: plain('Go'), ...extra })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const option = (value: string) => ({ text: plain(value), value })
const input = (element: object) => ({ type: 'input', block_id: 'in', label: plain('Label'), element })

describe('a message', () => {
  test.each([
    ['a section with text', [{ type: 'section', text: mrkdwn('x') }]],
    ['a section with fields', [{ type: 'section', fields: [mrkdwn('a'), plain('b')] }]],
    [
      'a card of all the safe blocks',
      [
        { type: 'header', text: plain('h') },
        { type: 'divider' },
        actions(button()),
        { type: 'context', elements: [mrkdwn('c')] },
      ],
    ],
    ['a button of 75 letters', [actions(button({ text: plain('x'.repeat(75)) }))]],
    [
      'a select with its initial option',
      [actions({ type: 'static_select', action_id: 's', options: [option('a')], initial_option: option('a') })],
    ],
  ])('may hold %s', (_, blocks) => {
    expect(checkBlocks(blocks, 'message')).toEqual([])
  })

  test.each([
    ['an unknown block', [{ type: 'sektion' }], '/blocks/0/type'],
    ['an inherited name', [{ type: 'constructor' }], '/blocks/0/type'],
    ['an alert', [{ type: 'alert', text: plain('x') }], '/blocks/0/type'],
    ['a section without text or fields', [{ type: 'section' }], '/blocks/0'],
    ['an empty text', [{ type: 'section', text: mrkdwn('') }], '/blocks/0/text/text'],
    ['a long section', [{ type: 'section', text: mrkdwn('x'.repeat(3001)) }], '/blocks/0/text/text'],
    ['eleven fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('x')) }], '/blocks/0/fields'],
    ['a long field', [{ type: 'section', fields: [plain('x'.repeat(2001))] }], '/blocks/0/fields/0/text'],
    ['mrkdwn in a header', [{ type: 'header', text: mrkdwn('x') }], '/blocks/0/text/type'],
    ['a long header', [{ type: 'header', text: plain('x'.repeat(151)) }], '/blocks/0/text/text'],
    [
      'eleven context elements',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => plain('x')) }],
      '/blocks/0/elements',
    ],
    ['a button in a context', [{ type: 'context', elements: [button()] }], '/blocks/0/elements/0/type'],
    ['26 buttons', [actions(...Array.from({ length: 26 }, (_, i) => button({ action_id: `a${i}` })))], '/blocks/0/elements'],
    ['no buttons', [actions()], '/blocks/0/elements'],
    ['the same action id twice in a block', [actions(button(), button())], '/blocks/0/elements/1/action_id'],
    ['a long button', [actions(button({ text: plain('x'.repeat(76)) }))], '/blocks/0/elements/0/text/text'],
    ['a mrkdwn button', [actions(button({ text: mrkdwn('x') }))], '/blocks/0/elements/0/text/type'],
    ['a button with a long value', [actions(button({ value: 'x'.repeat(2001) }))], '/blocks/0/elements/0/value'],
    ['a javascript address', [actions(button({ url: 'javascript:alert(1)' }))], '/blocks/0/elements/0/url'],
    ['a long address', [actions(button({ url: `https://x.y/${'x'.repeat(3000)}` }))], '/blocks/0/elements/0/url'],
    ['a green button', [actions(button({ style: 'green' }))], '/blocks/0/elements/0/style'],
    ['a confirm without text', [actions(button({ confirm: { title: plain('x') } }))], '/blocks/0/elements/0/confirm'],
    [
      'a select with 101 options',
      [actions({ type: 'static_select', action_id: 's', options: Array.from({ length: 101 }, (_, i) => option(`${i}`)) })],
      '/blocks/0/elements/0/options',
    ],
    [
      'a long option',
      [actions({ type: 'static_select', action_id: 's', options: [{ text: plain('x'.repeat(76)), value: 'v' }] })],
      '/blocks/0/elements/0/options/0/text/text',
    ],
    [
      'an initial option that is none',
      [actions({ type: 'static_select', action_id: 's', options: [option('a')], initial_option: option('b') })],
      '/blocks/0/elements/0',
    ],
    [
      'eleven checkboxes',
      [actions({ type: 'checkboxes', action_id: 'c', options: Array.from({ length: 11 }, (_, i) => option(`${i}`)) })],
      '/blocks/0/elements/0/options',
    ],
    [
      'the same block id twice',
      [
        { type: 'divider', block_id: 'd' },
        { type: 'divider', block_id: 'd' },
      ],
      '/blocks/1/block_id',
    ],
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), '/blocks'],
    ['something else than a list', { type: 'divider' }, '/blocks'],
    ['an image without alt text', [{ type: 'image', image_url: 'https://x.y/z.png' }], '/blocks/0'],
  ])('may not hold %s', (_, blocks, pointer) => {
    const problems = checkBlocks(blocks, 'message')
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`[json-pointer:${pointer}]`)
  })

  test('may not hold more than some 13,000 letters in all', () => {
    const blocks = (letters: number) => Array.from({ length: 5 }, () => ({ type: 'section', text: mrkdwn('x'.repeat(letters)) }))
    expect(isTextTooLong(blocks(2500))).toBe(false)
    expect(isTextTooLong(blocks(2700))).toBe(true)
  })
})

describe('a modal', () => {
  const modal = (extra: object) => ({ type: 'modal', title: plain('Title'), blocks: [], ...extra })
  const text = input({ type: 'plain_text_input', action_id: 'v' })

  test('may hold an alert, 100 blocks and inputs with a submit button', () => {
    expect(checkView(modal({ submit: plain('Save'), blocks: [{ type: 'alert', text: plain('x') }, text] }))).toEqual([])
    expect(checkView(modal({ blocks: Array.from({ length: 100 }, () => ({ type: 'divider' })) }))).toEqual([])
  })

  test.each([
    ['an input without submit', modal({ blocks: [text] }), '/view'],
    ['no title', modal({ title: undefined }), '/view'],
    ['a long title', modal({ title: plain('x'.repeat(25)) }), '/view/title/text'],
    ['a markdown block', modal({ blocks: [{ type: 'markdown', text: 'x' }] }), '/view/blocks/0/type'],
    ['a button as input', modal({ submit: plain('x'), blocks: [input(button())] }), '/view/blocks/0/element/type'],
    ['too much private metadata', modal({ private_metadata: 'x'.repeat(3001) }), '/view/private_metadata'],
    ['an unknown kind', { type: 'popup', blocks: [] }, '/view/type'],
    ['an alert on the Home tab', { type: 'home', blocks: [{ type: 'alert', text: plain('x') }] }, '/view/blocks/0/type'],
  ])('is refused with %s', (_, view, pointer) => {
    const problems = checkView(view)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`[json-pointer:${pointer}]`)
  })

  test('is too large beyond 250 kB', () => {
    expect(isViewTooLarge({ private_metadata: 'x'.repeat(249_000) })).toBe(false)
    expect(isViewTooLarge({ private_metadata: 'x'.repeat(250_000) })).toBe(true)
  })
})
