import type { App, ViewSubmitAction } from '@slack/bolt'
import { afterEach, expect, test } from 'vitest'
import { ANA, BEN, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace, SlackWorkspaceOptions } from '../../../src/sandbox/slack/workspace.ts'
import { aClock, anApp, aWorkspace, refusal } from './a-workspace.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function aWorld(options: Partial<SlackWorkspaceOptions> = {}): Promise<{ slack: SlackWorkspace; app: App }> {
  const slack = await aWorkspace(options)
  const app = anApp(slack)
  stops.push(slack.close, () => app.stop())
  await app.start()
  return { slack, app }
}

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const options = ['off', 'on'].map((value) => ({ text: plain(value), value }))
const settings = (extra: object = {}) =>
  ({
    type: 'modal',
    callback_id: 'settings',
    title: plain('Settings'),
    submit: plain('Save'),
    private_metadata: 'c1',
    blocks: [
      {
        type: 'input',
        block_id: 'name',
        label: plain('Name'),
        element: { type: 'plain_text_input', action_id: 'v', max_length: 10 },
      },
      {
        type: 'input',
        block_id: 'owner',
        label: plain('Owner'),
        element: { type: 'users_select', action_id: 'v', initial_user: BEN },
      },
      {
        type: 'input',
        block_id: 'channel',
        label: plain('Channel'),
        element: { type: 'conversations_select', action_id: 'v', default_to_current_conversation: true },
      },
      {
        type: 'input',
        block_id: 'tags',
        label: plain('Tags'),
        element: { type: 'radio_buttons', action_id: 'v', options, initial_option: options[0] },
      },
      {
        type: 'input',
        block_id: 'remind',
        label: plain('Remind'),
        optional: true,
        element: { type: 'checkboxes', action_id: 'v', options },
      },
    ],
    ...extra,
  }) as never

/** The command opens the modal; resolves when it is open. */
async function aModal(world: { slack: SlackWorkspace; app: App }, view = settings()): Promise<void> {
  world.app.command('/connections', async ({ ack, command, client }) => {
    await ack()
    await client.views.open({ trigger_id: command.trigger_id, view })
  })
  await world.slack.command(ANA, MARKETING_OPS, 'settings')
  await world.slack.eventually(() => world.slack.view(ANA))
}

test('what is filled in arrives with what was preset, and an empty ack closes the modal', async () => {
  const world = await aWorld()
  const views: ViewSubmitAction['view'][] = []
  world.app.view('settings', async ({ ack, view }) => {
    views.push(view)
    await ack()
  })
  await aModal(world)
  expect(await world.slack.submitView(ANA, { name: 'crm', remind: ['on'] })).toMatchObject({ acked: true, error: null })
  expect(views).toMatchObject([
    {
      callback_id: 'settings',
      private_metadata: 'c1',
      state: {
        values: {
          name: { v: { type: 'plain_text_input', value: 'crm' } },
          owner: { v: { selected_user: BEN } },
          channel: { v: { selected_conversation: MARKETING_OPS } },
          tags: { v: { selected_option: { value: 'off' } } },
          remind: { v: { selected_options: [{ value: 'on' }] } },
        },
      },
    },
  ])
  expect(world.slack.view(ANA)).toBeNull()
})

test('an empty required field is stopped by Slack itself, and so is a text that is too long', async () => {
  const world = await aWorld()
  await aModal(world)
  expect(await world.slack.submitView(ANA)).toMatchObject({ acked: false, error: 'field_errors' })
  expect(Object.keys(world.slack.view(ANA)?.errors ?? {})).toEqual(['name'])
  await world.slack.submitView(ANA, { name: 'x'.repeat(11) })
  expect(world.slack.view(ANA)?.errors.name).toContain('10 characters')
  await expect(world.slack.submitView(ANA, { nmae: 'crm' })).rejects.toThrow('no field nmae')
})

test('the app can answer with field errors, another view, or a view on top', async () => {
  const world = await aWorld()
  let answer: object = { response_action: 'errors', errors: { name: 'Taken' } }
  world.app.view('settings', async ({ ack }) => ack(answer as never))
  await aModal(world)
  await world.slack.submitView(ANA, { name: 'crm' })
  expect(world.slack.view(ANA)?.errors).toEqual({ name: 'Taken' })

  answer = { response_action: 'errors', errors: { nothing: 'There' } }
  expect(await world.slack.submitView(ANA, { name: 'crm' })).toMatchObject({ error: 'invalid_error_block_id' })

  answer = { response_action: 'push', view: settings({ title: plain('Second') }) }
  await world.slack.submitView(ANA, { name: 'crm' })
  expect(world.slack.view(ANA)?.title).toBe('Second')

  answer = { response_action: 'update', view: settings({ title: plain('Third'), blocks: [] }) }
  await world.slack.submitView(ANA, { name: 'crm' })
  expect(world.slack.view(ANA)).toMatchObject({ title: 'Third', errors: {} })

  await world.slack.closeView(ANA)
  expect(world.slack.view(ANA)?.title).toBe('Settings')

  answer = { response_action: 'clear' }
  await world.slack.submitView(ANA, { name: 'crm' })
  expect(world.slack.view(ANA)).toBeNull()
})

test('a trigger opens one modal within three seconds', async () => {
  const clock = aClock()
  const world = await aWorld({ now: clock.now })
  const triggers: string[] = []
  world.app.command('/connections', async ({ ack, command }) => {
    triggers.push(command.trigger_id)
    await ack()
  })
  await world.slack.command(ANA, MARKETING_OPS, '')
  await world.slack.command(ANA, MARKETING_OPS, '')
  const open = (trigger_id: string | undefined) =>
    world.app.client.views.open({ trigger_id: trigger_id as string, view: settings() })
  clock.turn(3000)
  await open(triggers[0])
  expect(await refusal(open(triggers[0]))).toBe('trigger_exchanged')
  clock.turn(1)
  expect(await refusal(open(triggers[1]))).toBe('trigger_expired')
  expect(await refusal(open('1.2.3'))).toBe('invalid_trigger_id')
})

test('an update of a stale or closed view is refused', async () => {
  const world = await aWorld()
  await aModal(world)
  const { id, hash } = world.slack.view(ANA) ?? { id: '', hash: '' }
  const update = (over: object) =>
    world.app.client.views.update({ view_id: id, view: settings({ title: plain('New') }), ...over })
  await update({ hash })
  expect(world.slack.view(ANA)?.title).toBe('New')
  expect(await refusal(update({ hash }))).toBe('hash_conflict')
  await world.slack.closeView(ANA)
  expect(await refusal(update({}))).toBe('not_found')
  expect(await refusal(update({ view: { type: 'modal', title: plain('x'.repeat(25)), blocks: [] } }))).toBe('invalid_arguments')
})

test('a closed view is told of only when the app asked for it', async () => {
  const world = await aWorld()
  let view = settings()
  world.app.command('/connections', async ({ ack, command, client }) => {
    await ack()
    await client.views.open({ trigger_id: command.trigger_id, view })
  })
  const closed: unknown[] = []
  world.app.view({ callback_id: 'settings', type: 'view_closed' }, async ({ ack, body }) => {
    closed.push('is_cleared' in body ? body.is_cleared : undefined)
    await ack()
  })
  const openAndClose = async (isCleared: boolean) => {
    await world.slack.command(ANA, MARKETING_OPS, '')
    await world.slack.eventually(() => world.slack.view(ANA))
    await world.slack.closeView(ANA, isCleared)
  }
  await openAndClose(false)
  expect(closed).toEqual([])
  view = settings({ notify_on_close: true })
  await openAndClose(false)
  await openAndClose(true)
  expect(closed).toEqual([false, true])
})

test('the Home tab is published when it is opened, and its buttons can be clicked', async () => {
  const world = await aWorld()
  const had: boolean[] = []
  world.app.event('app_home_opened', async ({ event, client }) => {
    had.push(event.view !== undefined)
    await client.views.publish({
      user_id: event.user,
      view: {
        type: 'home',
        blocks: [{ type: 'actions', block_id: 'row', elements: [{ type: 'button', action_id: 'check', text: plain('Check') }] }],
      },
    })
  })
  const clicked: unknown[] = []
  world.app.action('check', async ({ ack, body }) => {
    clicked.push('container' in body ? body.container : null, 'response_url' in body)
    await ack()
  })
  await world.slack.openHome(ANA)
  const home = await world.slack.eventually(() => world.slack.home(ANA))
  expect(world.slack.home(BEN)).toBeNull()
  await world.slack.click(ANA, 'home', 'check')
  expect(clicked).toEqual([{ type: 'view', view_id: home.id }, false])
  await world.slack.openHome(ANA)
  await world.slack.eventually(() => had.length === 2)
  expect(had).toEqual([false, true])
})
