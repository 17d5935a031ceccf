import { expect, test } from 'vitest'
import { readConfig } from '../../../src/config/config.ts'

test('ids as short as those that Slack’s own pages print are taken', () => {
  const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }
  const config = readConfig({ ...tokens, REDKEY_CHANNEL: 'C1', REDKEY_ADMINS: 'U1,W2,S3' })
  expect(config).toMatchObject({ channelId: 'C1', admins: ['U1', 'W2', 'S3'] })
})
