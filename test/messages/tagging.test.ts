import { describe, expect, test } from 'vitest'
import type { TaggingForm } from '../../src/domain/tags/change-tagging.ts'
import { connectionDetails } from '../../src/messages/connection-details.ts'
import { readTaggingFormValue, taggingForm, taggingSaved } from '../../src/messages/tagging-form.ts'
import { anAuditEntry } from '../support/builders.ts'
import { anAdScan, aTagChange } from '../support/tag-builders.ts'
import { aConnection, aListed, at, buttons, known, LOOK, visible } from './a-card.ts'

const CONNECTION = aConnection({ provider: 'google-ads', kind: 'ads', name: 'google-ads', accountName: 'Acme EU' })

function aForm(over: Partial<TaggingForm> = {}): TaggingForm {
  return {
    connection: CONNECTION,
    scan: anAdScan({ isTagging: false, parameters: '', settingsAt: null, taggingSince: null }),
    label: 'Google Ads',
    kind: 'inherited',
    consequence: null,
    defaults: 'utm_source=google&utm_medium=cpc',
    marketoMeasure: '_bt={creative}',
    ...over,
  }
}

function field(form: ReturnType<typeof taggingForm>, id: string) {
  const block = form.blocks.find((one) => one.type === 'input' && one.block_id === id)
  return block?.type === 'input' ? block : undefined
}

describe('the form of auto-tagging', () => {
  test('begins with off and what is usual', () => {
    const form = taggingForm(aForm())
    expect(field(form, 'is_tagging')?.element).toMatchObject({ initial_option: { value: 'off' } })
    expect(field(form, 'parameters')?.element).toMatchObject({ initial_value: 'utm_source=google&utm_medium=cpc' })
    expect(field(form, 'marketo_measure')?.element).not.toHaveProperty('initial_options')
    expect(field(form, 'agreement')).toBeUndefined()
    expect(readTaggingFormValue(form.private_metadata)).toEqual({ connectionId: 'con_1', settingsAt: null })
  })

  test("shows what is set, Marketo Measure's own parameters as a tick", () => {
    const scan = anAdScan({ parameters: 'utm_source=g&_bt={creative}', settingsAt: at('08:00') })
    const form = taggingForm(aForm({ scan }))
    expect(field(form, 'parameters')?.element).toMatchObject({ initial_value: 'utm_source=g' })
    expect(field(form, 'marketo_measure')?.element).toHaveProperty('initial_options')
    expect(readTaggingFormValue(form.private_metadata).settingsAt).toBe(at('08:00').toISOString())
  })

  test('leaves in the text what Marketo Measure would set as well', () => {
    const form = taggingForm(aForm({ marketoMeasure: '_bt={creative}&utm_medium=cpc' }))
    expect(field(form, 'parameters')?.element).toMatchObject({ initial_value: 'utm_source=google&utm_medium=cpc' })
  })

  test('says what tagging does to an ad, and wants a tick, where each ad is changed', () => {
    const form = taggingForm(aForm({ kind: 'each_ad', consequence: 'Each new ad gets a new creative.', label: 'Meta Ads' }))
    expect(JSON.stringify(form.blocks)).toContain('Each new ad gets a new creative.')
    expect(field(form, 'agreement')?.element).not.toHaveProperty('initial_options')
  })

  test('keeps to what Slack takes', () => {
    for (const form of [taggingForm(aForm()), taggingForm(aForm(), true), taggingSaved(aForm(), '/connections')]) {
      for (const { text } of [form.title, form.close, ...(form.submit ? [form.submit] : [])])
        expect(text.length).toBeLessThanOrEqual(24)
      for (const block of form.blocks) {
        if (block.type !== 'input' || !('options' in block.element)) continue
        for (const { text, description } of block.element.options)
          expect(Math.max(text.text.length, description?.text.length ?? 0)).toBeLessThanOrEqual(75)
      }
    }
  })
})

describe('the details of an ad platform', () => {
  const detailsOf = (scan = anAdScan(), changes = [aTagChange()]) =>
    connectionDetails(aListed({ connection: CONNECTION }), known({ tags: { scan, changes } }), LOOK, at('12:00'))

  test('say that auto-tagging is off, and open its form', () => {
    const details = detailsOf(anAdScan({ isTagging: false, taggingSince: null }), [])
    expect(visible(details)).toContain('*Auto-tagging is off*')
    expect(buttons(details)['Auto-tagging…']).toMatchObject({ action_id: 'tagging', value: 'con_1' })
  })

  test('name what lacks parameters and why, and what below counts instead', () => {
    const scan = anAdScan({
      templates: [
        { id: 'a', name: 'Account A', parameters: 'utm_source=google', missing: [], trouble: null, isChosen: false },
        {
          id: 'b',
          name: 'Account <B>',
          parameters: '',
          missing: ['utm_source'],
          trouble: 'Somebody changed it.',
          isChosen: false,
        },
      ],
      overrides: [
        { level: 'ad_group', id: '7', name: 'Shoes', parameters: 'x=1', url: 'https://ads.example/7', missing: ['utm_source'] },
      ],
    })
    const said = visible(detailsOf(scan, []))
    expect(said).toContain(':white_check_mark: All of it is set at Account A.')
    expect(said).toContain(':warning: Account &lt;B&gt; lacks `utm_source`. Somebody changed it.')
    expect(said).toContain('*Parameters of their own count instead* in these campaigns, ad groups and ads:')
    expect(said).toContain('• ad group <https://ads.example/7|Shoes> lacks `utm_source`')
  })

  test('name the parameters once, although they were switched on, set and noted', () => {
    const note = { actor: null, connectionId: 'con_1', at: at('11:00') }
    const history = [
      anAuditEntry({ ...note, action: 'tags_set', detail: 'Account Acme EU: utm_source=google' }),
      anAuditEntry({ ...note, action: 'tagging_on', detail: 'utm_source=google' }),
    ]
    const listed = aListed({ connection: CONNECTION })
    const tags = { scan: anAdScan(), changes: [aTagChange()] }
    const said = visible(connectionDetails(listed, known({ tags, history }), LOOK, at('12:00')))
    expect(said.match(/utm_source=google/g)).toHaveLength(1)
    expect(said).toContain('at Account Acme EU: all of it.')
    expect(said).toContain('URL parameters set (Account Acme EU)')
    expect(said).toContain('auto-tagging switched on')
  })

  test('name the parameters that were set where they are not all, or auto-tagging is off', () => {
    const change = aTagChange({ added: 'utm_medium=cpc' })
    expect(visible(detailsOf(anAdScan(), [change]))).toContain('`utm_medium=cpc`')
    const off = anAdScan({ isTagging: false, taggingSince: null })
    expect(visible(detailsOf(off, [aTagChange()]))).toContain('`utm_source=google`')
  })

  test('offer to take back what was set', () => {
    const { blocks } = detailsOf(anAdScan(), [aTagChange()])
    const taken = blocks.flatMap((block) => ('accessory' in block && block.accessory ? [block.accessory] : []))
    expect(taken).toMatchObject([{ action_id: 'undo_tags', value: 'change-1', confirm: { deny: { text: 'Keep' } } }])
  })
})
