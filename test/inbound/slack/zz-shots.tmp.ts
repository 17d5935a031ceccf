import { chromium } from 'playwright-core'
import { startSlackWorkspace } from '/work/main/src/sandbox/slack/workspace.ts'
import { ANA, BEN, MARKETING_OPS, GENERAL } from '/work/main/src/sandbox/slack/people.ts'
import { WebClient } from '@slack/web-api'
import { renderCard } from '/work/main/src/messages/render-card.ts'
import { createSlackApp } from '/work/main/src/inbound/slack/slack-app.ts'
import { anApp } from './an-app.ts'
import * as C from '/work/main/test/messages/a-card.ts'
const channels = ['red','permission','misconfigured','catchup','done','withdrawn','welcome','notices'].map((n,i)=>({id:'C0'+n.toUpperCase(),name:n}))
const slack = await startSlackWorkspace({ port: 0, botToken: 'xoxb-sandbox-bot', appToken: 'xapp-sandbox-app', signingSecret: 's', delivery: { mode: 'socket' }, channels: [{id:MARKETING_OPS,name:'marketing-ops'},{id:GENERAL,name:'general'},...channels] })
const client = new WebClient('xoxb-sandbox-bot', { slackApiUrl: slack.apiUrl })
const up = C.aConnection()
const rejects = [{ code: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [bizible2__Account__c]', field: 'bizible2__Account__c', count: 2 },{ code: 'STRING_TOO_LONG', message: 'Ad Campaign Name: data value too large', field: 'bizible2__Ad_Campaign_Name__c', count: 1 }]
const post = async (channel: string, facts: any, thread_ts?: string) => { const m = renderCard(facts, C.LOOK); const r = await client.chat.postMessage({ channel, text: m.text, blocks: m.blocks as any, ...(thread_ts?{thread_ts, reply_broadcast:true}:{}) } as any); return r.ts! }
await post('C0RED', C.aCard())
await post('C0PERMISSION', C.aCard({ outage: C.anOutage({ kind: 'permission', cause: 'role_missing', explanation: 'The user may not edit “Bizible Touchpoint” records.' }) }))
await post('C0MISCONFIGURED', C.aCard({ outage: C.anOutage({ kind: 'misconfigured', cause: 'client', explanation: 'Salesforce does not know the client id of the Redkey app.' }) }))
await post('C0CATCHUP', C.aCard({ connection: up, outage: C.aReauthorizedOutage(), catchUp: C.aCatchUp(), now: C.at('12:13') }))
const ts = await post('C0DONE', C.aCard({ connection: up, outage: C.aReauthorizedOutage(), catchUp: C.aFinishedCatchUp() }))
await post('C0DONE', C.aCard({ message: C.aMessage({ kind: 'report' }), connection: up, outage: C.aReauthorizedOutage(), catchUp: C.aFinishedCatchUp(), rejects }), ts)
await post('C0WITHDRAWN', C.aCard({ connection: up, outage: C.anOutage({ closedHow: 'withdrawn', closedAt: C.at('09:40') }), catchUp: C.aCatchUp() }))
await post('C0WELCOME', C.aCard({ message: C.aMessage({ kind: 'welcome' }), connection: C.aConnection({ confirmedAt: null, environment: 'sandbox' }) }))
await post('C0WELCOME', C.aCard({ message: C.aMessage({ kind: 'welcome' }), connection: up }))
await post('C0NOTICES', C.aCard({ message: C.aMessage({ kind: 'notice', notice: { kind: 'wrong_account', expected: 'Acme Corp', came: 'Acme UAT', username: 'ben@acme.example.uat' } }) }))
await post('C0NOTICES', C.aCard({ message: C.aMessage({ kind: 'notice', notice: { kind: 'login_not_finished', provider: 'Salesforce' } }) }))
await post('C0NOTICES', C.aCard({ message: C.aMessage({ kind: 'notice', notice: { kind: 'scope_missing', missing: ['api','refresh_token'], username: 'ben@acme.example' } }) }))
const running = anApp(() => slack)
await running.app.start()
await slack.eventually(() => slack.links() === 2)
for (const t of ['', 'salesforce', 'add']) { const n = slack.ephemerals(ANA).length; await slack.command(ANA, MARKETING_OPS, t); await slack.eventually(() => slack.ephemerals(ANA)[n]) }
for (const t of ['help', 'reauthorize salesforce', 'check', 'chek', 'salesforc']) { const n = slack.ephemerals(ANA).length; await slack.command(ANA, GENERAL, t); await slack.eventually(() => slack.ephemerals(ANA)[n]) }
await slack.openHome(ANA)
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await browser.newPage({ viewport: { width: 1100, height: 900 } })
await page.goto(slack.url)
console.log(await page.title(), await page.locator('a,button').allTextContents())
for (const c of [...channels.map(c=>c.name),'marketing-ops','general']) {
  const link = page.locator('a', { hasText: c }).first()
  if (await link.count()) { await link.click(); await page.waitForTimeout(500) }
  await page.screenshot({ path: `/tmp/shot-${c}.png`, fullPage: true })
}
await browser.close(); await running.app.stop(); await slack.close()
