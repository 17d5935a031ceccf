import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { until } from '../../src/sandbox/until.ts'
import { aLiveRedkey } from '../support/live.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aTouchpoint } from '../support/world.ts'

/** An org's access tokens begin with its id and an exclamation mark. */
const ACCESS_TOKEN = /00D[A-Za-z0-9]{12,15}!/

test('no secret is in a log, in an address that we make, in a card, or in the database file', async () => {
  await using live = await aLiveRedkey({ LOG_LEVEL: 'debug' })
  await live.start()
  const connected = await live.connect()
  await live.deliver([aTouchpoint({ id: 'a', person: { email: 'somebody@customer.example' } })])
  await until('the first record', () => live.written().size === 1, 20_000)
  const refreshTokens = live.acme.grants().map((grant) => grant.refreshToken)
  live.acme.revokeGrant()
  await live.reauthorizeLink()
  await live.deliver([aTouchpoint({ id: 'b' })])
  const reauthorized = await live.reauthorize()
  await until('the second record', () => live.written().size === 2, 20_000)
  refreshTokens.push(...live.acme.grants().map((grant) => grant.refreshToken))
  await live.running().end('SIGTERM')

  const codesAndStates = [connected, reauthorized].flatMap(({ callback }) => {
    const { searchParams } = new URL(callback)
    return [searchParams.get('code'), searchParams.get('state')]
  })
  const secrets = [
    ...refreshTokens,
    ...codesAndStates,
    live.env['SLACK_BOT_TOKEN'],
    live.env['SLACK_APP_TOKEN'],
    live.env['SALESFORCE_CLIENT_SECRET'],
    live.env['REDKEY_API_TOKENS'],
    live.env['REDKEY_KEYS'],
  ].filter((secret) => secret !== null && secret !== undefined)
  expect(secrets.length).toBeGreaterThanOrEqual(11)

  const folder = dirname(live.databaseFile)
  const files = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('')
  const log = live.output()
  const shown = JSON.stringify(live.slack.timeline(MARKETING_OPS))
  const ours = [connected, reauthorized].flatMap(({ link, end }) => [link, end]).join(' ')
  expect(files).toContain('redkey@acme.example') // what is searched is what was written
  expect(log).toContain('message.posted')
  for (const [where, text] of Object.entries({ files, log, shown, ours })) {
    for (const secret of secrets) expect(text.includes(secret), `${where} holds ${secret}`).toBe(false)
    expect(ACCESS_TOKEN.test(text), `${where} holds an access token`).toBe(false)
  }
  expect(log).not.toContain('somebody@customer.example')
  expect(log).not.toContain('redkey@acme.example')
})

test('nothing of an identification or an invitation is in a log, in an address that we make, or in the database file', async () => {
  await using live = await aLiveRedkey({ LOG_LEVEL: 'debug' }, {}, true)
  await live.start()
  const told = async (text: string, path: string) => {
    const before = live.slack.ephemerals(ANA).length
    await live.slack.command(ANA, MARKETING_OPS, text)
    const link = new RegExp(`https?://[^\\s"<>|\`]+/${path}/[\\w.-]+`)
    return live.slack.eventually(() => link.exec(JSON.stringify(live.slack.ephemerals(ANA)[before]?.blocks))?.[0])
  }
  const secrets: (string | null | undefined)[] = [live.env['SLACK_CLIENT_SECRET']]
  const remember = (...addresses: string[]) => {
    for (const address of addresses)
      for (const name of ['state', 'nonce', 'code']) secrets.push(new URL(address).searchParams.get(name))
  }
  const ana = aVisitor()
  const connect = await told('add salesforce', 'connect')
  const slackPage = await ana.depart(connect)
  const fromSlack = await ana.signInAs(connect, ANA)
  const { location } = await ana.visit(fromSlack)
  const salesforcePage = await ana.depart(connect, 'POST')
  const fromSalesforce = await signIn(salesforcePage, ACME)
  expect((await ana.arrive(fromSalesforce)).text).toContain('Salesforce is connected')
  remember(slackPage, fromSlack, salesforcePage, fromSalesforce)
  live.acme.revokeGrant()
  await live.reauthorizeLink()
  const invitation = await told('invite salesforce', 'invite')
  const agency = aVisitor()
  const agencyPage = await agency.depart(invitation, 'POST')
  const fromAgency = await signIn(agencyPage, ACME)
  const end = await agency.visit(fromAgency)
  expect((await agency.visit(end.location ?? '')).text).toContain('Thank you')
  remember(agencyPage, fromAgency)
  secrets.push(invitation.split('/').at(-1), connect.split('/').at(-1), ...ana.cookies(), ...agency.cookies())
  await live.running().end('SIGTERM')

  const folder = dirname(live.databaseFile)
  const files = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('')
  const log = live.output()
  expect(log).toContain('identity.told')
  expect(log).toContain('invitation.made')
  const known = secrets.filter((secret) => secret !== null && secret !== undefined)
  expect(known.length).toBeGreaterThanOrEqual(14)
  for (const secret of known) {
    expect(log.includes(secret), `the log holds ${secret}`).toBe(false)
    expect(files.includes(secret), `the database holds ${secret}`).toBe(false)
  }
  expect(`${location} ${end.location}`).not.toMatch(/code=|state=|nonce=/)
  expect(log).not.toContain('redkey@acme.example')
})
