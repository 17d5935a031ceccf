import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../src/config/config.ts'
import { signInRedirectUri } from '../../src/domain/access/sign-in.ts'
import { SLACK_EVENTS } from '../../src/inbound/slack/events.ts'
import { BOT_SCOPES } from '../../src/outbound/slack/scopes.ts'

const text = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')
const manifest = parse(text)
const schemaPath = process.env['SLACK_MANIFEST_SCHEMA']

test('asks for exactly the scopes that the code uses', () => {
  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...BOT_SCOPES].sort())
})

test('subscribes to exactly the events that have a listener', () => {
  expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual([...SLACK_EVENTS].sort())
})

test('has the command that the configuration expects, escaped as the listener reads it', () => {
  const { command } = readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', REDKEY_CHANNEL: 'C012' })
  expect(manifest.features.slash_commands).toHaveLength(1)
  expect(manifest.features.slash_commands[0]).toMatchObject({ command, should_escape: true })
})

test('keeps to the lengths that Slack allows', () => {
  const { display_information: shown, features } = manifest
  expect(shown.name.length).toBeLessThanOrEqual(35)
  expect(shown.description.length).toBeLessThanOrEqual(140)
  expect(features.bot_user.display_name.length).toBeLessThanOrEqual(80)
  expect(features.slash_commands[0].usage_hint.length).toBeLessThanOrEqual(1000)
})

test('is for Socket Mode with interactivity and a Home tab', () => {
  expect(manifest.settings).toMatchObject({
    socket_mode_enabled: true,
    interactivity: { is_enabled: true },
    token_rotation_enabled: false,
  })
  expect(manifest.features.app_home.home_tab_enabled).toBe(true)
})

/** With what its first lines say to add for Sign in with Slack. */
const identifying = {
  ...manifest,
  oauth_config: { ...manifest.oauth_config, ...parse(/^# {3}redirect_urls:\n#.*$/m.exec(text)?.[0].replaceAll('#', '') ?? '') },
}

test('says how Sign in with Slack is registered', () => {
  expect(identifying.oauth_config.redirect_urls).toEqual([signInRedirectUri('https://redkey.example.com')])
})

test.skipIf(!schemaPath)("passes Slack's own schema, also with Sign in with Slack", () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(schemaPath ?? '', 'utf8')))
  for (const one of [manifest, identifying]) expect(validate(one), JSON.stringify(validate.errors)).toBe(true)
})
