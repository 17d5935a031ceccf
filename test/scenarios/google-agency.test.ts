import { expect, test } from 'vitest'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA } from '../../src/sandbox/slack/people.ts'
import { cardsSaying, connectUrl } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { aWorld, type World } from '../support/world.ts'

const KIM = { org: 'Northwind Agency', username: 'kim@northwind.example' }
const ANA_OF_ACME = { org: 'Acme Inc', username: 'ana@acme.example' }

async function found(world: World): Promise<unknown[]> {
  const overviews = await world.store.connections.overviews(world.slack.identity.teamId)
  return overviews
    .map(({ connection, username }) => [connection.accountName, connection.accountVia, connection.health.status, username])
    .sort()
}

async function checkAll(world: World): Promise<void> {
  const { connections } = (await world.api('/v1/connections')).body as { connections: { name: string }[] }
  for (const { name } of connections) await world.api(`/v1/connections/${name}/check`, { method: 'POST' })
  await world.beat(5)
}

function redLink(world: World, account: string): string {
  const [card] = cardsSaying(world, account).filter(({ blocks }) => JSON.stringify(blocks).includes('/reauthorize/'))
  return /http[^"]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(card?.blocks))?.[0] ?? ''
}

test("an agency's accounts at Google are chosen after one login, and a client's own login brings back what it reaches", async () => {
  await using world = await aWorld()
  const { google } = world.sandbox.fakes
  const kim = aVisitor()
  const callback = await signIn(await kim.depart(await connectUrl(world, ANA, 'google-ads'), 'POST'), KIM)
  const page = (await kim.visit(callback)).location ?? ''
  const { text } = await kim.visit(page)
  expect(text).toMatch(/kim@northwind\.example reaches 4 accounts.*Acme EU.*Acme Test.*test account.*Acme US.*Tailspin Toys/)
  const body = new URLSearchParams(['1234567890', '2345678901', '4567890123'].map((id): [string, string] => ['account', id]))
  const sent = await kim.visit(page, { method: 'POST', body })
  expect((await kim.visit(sent.location ?? '')).text).toContain('Google Ads: 3 accounts connected')
  const ofKim = (account: string, status: string) => [account, '1000000001', status, 'kim@northwind.example']
  expect(await found(world)).toEqual(['Acme EU', 'Acme US', 'Tailspin Toys'].map((one) => ofKim(one, 'connected')))

  google.revoke('kim@northwind.example')
  google.expireAccessTokens()
  await checkAll(world)
  expect(await found(world)).toEqual(['Acme EU', 'Acme US', 'Tailspin Toys'].map((one) => ofKim(one, 'authorization_required')))
  const without = ['https://www.googleapis.com/auth/adwords']
  const narrow = await aVisitor().login(redLink(world, 'Acme EU'), { ...ANA_OF_ACME, without })
  expect(narrow.text).toContain('See, edit, create, and delete your Google Ads accounts and data')
  const two = await aVisitor().login(redLink(world, 'Acme EU'), ANA_OF_ACME)
  expect(two.text).toMatch(/2 of 3 connections are back.*1 is not reached by this login: google-ads-\d/)
  await world.beat(6)
  const ofAna = (account: string) => [account, null, 'connected', 'ana@acme.example']
  expect(await found(world)).toEqual([ofAna('Acme EU'), ofAna('Acme US'), ofKim('Tailspin Toys', 'authorization_required')])
  expect(world.threadTexts().join()).toMatch(/1 is not reached by it: `google-ads-\d` \(Tailspin Toys\)/)

  const last = await aVisitor().login(redLink(world, 'Tailspin Toys'), KIM)
  expect(last.text).toContain('Google Ads is authorized again')
  await checkAll(world)
  expect(await found(world)).toEqual([ofAna('Acme EU'), ofAna('Acme US'), ofKim('Tailspin Toys', 'connected')])
})
