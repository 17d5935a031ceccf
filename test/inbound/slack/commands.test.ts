import { afterEach, beforeEach, expect, test } from 'vitest'
import { ANA, BEN, GUEST, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aWorkspace } from '../../sandbox/slack/a-workspace.ts'
import { anApp, aRunningApp, nextAnswer, type Running } from './an-app.ts'

let slack: SlackWorkspace
let running: Running

beforeEach(async () => {
  slack = await aWorkspace()
  running = await aRunningApp(slack)
})
afterEach(async () => {
  await running.app.stop()
  await slack.close()
})

const answerTo = (text: string, userId = ANA) => nextAnswer(slack, () => slack.command(userId, MARKETING_OPS, text), userId)
const questions = () => running.asked.map(([name]) => name)

test('the bare command lists the connections, for the person alone, with a personal link on the red one', async () => {
  const answer = await answerTo('')
  expect(answer.text).toContain('1 of 2 connections needs authorization.')
  expect(JSON.stringify(answer.blocks)).toContain(`https://redkey.example/reauthorize/${ANA}`)
  expect(slack.messages(MARKETING_OPS)).toEqual([])
  expect(running.asked).toContainEqual(['listConnections', 'T0ACME'])
  expect(running.asked.filter(([name]) => name === 'reauthorizeLink')).toHaveLength(1)
})

test('every command is acked, and the ack shows nothing', async () => {
  for (const text of ['', 'salesforce', 'add', 'check', 'help', 'nonsense']) {
    expect(await slack.command(ANA, MARKETING_OPS, text)).toMatchObject({ acked: true, error: null })
  }
})

test('is acked at once even when the domain takes its time', async () => {
  await running.app.stop()
  const slow = Promise.withResolvers<[]>()
  running = await aRunningApp(slack, { listConnections: () => slow.promise })
  expect(await slack.command(ANA, MARKETING_OPS, '')).toMatchObject({ acked: true, ephemerals: [] })
  slow.resolve([])
  const answer = await slack.eventually(() => slack.ephemerals(ANA)[0])
  expect(answer.text).toContain('No connections yet')
})

test('a name shows that connection', async () => {
  expect((await answerTo('“Salesforce”')).text).toContain('salesforce (Salesforce, Acme Corp): Authorization Required')
  expect(running.asked).toContainEqual(['describeConnection', 'T0ACME', 'salesforce'])
})

test.each([
  ['chek', 'Did you mean `/connections check`?'],
  ['salesforc', 'Did you mean `/connections salesforce`?'],
  ['quux', 'it is no command and no connection. `/connections help`'],
])('an unknown word (%s) gets the nearest one, commands first', async (typed, words) => {
  expect((await answerTo(typed)).text).toContain(words)
})

test('add alone opens a form with what can be connected, and says nothing beside it', async () => {
  await slack.command(ANA, MARKETING_OPS, 'add')
  const form = await slack.eventually(() => slack.view(ANA))
  expect(form.title).toBe('Add a connection')
  expect(JSON.stringify(form.blocks)).toContain('"initial_value":"salesforce-2"')
  expect(slack.ephemerals(ANA)).toEqual([])
})

test('pause, resume and rename are told what became of them', async () => {
  expect((await answerTo('pause salesforce')).text).toContain('Paused: Acme Corp')
  expect((await answerTo('resume salesforce')).text).toContain('it works')
  expect((await answerTo('rename salesforce acme-eu')).text).toContain('is now called `acme-eu`')
  expect(running.asked.filter(([name]) => name.endsWith('Connection') && name !== 'findConnection')).toEqual([
    ['pauseConnection', 'T0ACME', expect.objectContaining({ id: ANA }), 'con_1'],
    ['resumeConnection', 'T0ACME', expect.objectContaining({ id: ANA }), 'con_1'],
    ['renameConnection', 'T0ACME', expect.objectContaining({ id: ANA }), 'con_1', 'acme-eu'],
  ])
})

test('what takes longer than two seconds is said to follow, and follows', { timeout: 10_000 }, async () => {
  await running.app.stop()
  const slow = Promise.withResolvers<[]>()
  running = await aRunningApp(slack, { listConnections: () => slow.promise })
  expect((await answerTo('')).text).toContain('The answer follows here')
  slow.resolve([])
  expect((await slack.eventually(() => slack.ephemerals(ANA)[1])).text).toContain('No connections yet')
})

test('add with a provider gives the link, with a wrong one says what can be added', async () => {
  expect((await answerTo('add SALESFORCE')).text).toContain('Connect Salesforce')
  expect((await answerTo('add salesforcee')).text).toContain('Did you mean `/connections add salesforce`?')
})

test('reauthorize gives a personal link; without a name it asks which', async () => {
  expect(JSON.stringify((await answerTo('reauthorize salesforce')).blocks)).toContain(`/reauthorize/${ANA}`)
  expect((await answerTo('reauthorize')).text).toContain('Please say which connection')
  expect((await answerTo('reauthorize salesforcex')).text).toContain('Did you mean `/connections reauthorize salesforce`?')
})

test('check probes one or all', async () => {
  expect((await answerTo('check')).text).toContain('it works')
  await answerTo('check salesforce')
  expect(running.asked.filter(([name]) => name === 'checkNow')).toEqual([
    ['checkNow', 'T0ACME', null],
    ['checkNow', 'T0ACME', 'salesforce'],
  ])
})

test('rejects tells why, with the person’s own link to the file; without a name it asks which', async () => {
  const answer = await answerTo('rejects salesforce')
  expect(answer.text).toContain('Salesforce refused 3 touchpoints for 1 reason')
  expect(JSON.stringify(answer.blocks)).toContain(`https://redkey.example/rejects/${ANA}`)
  expect((await answerTo('rejects')).text).toContain('Please say which connection: `/connections rejects &lt;name&gt;`')
  expect((await answerTo('rejects salesforcx')).text).toContain('Did you mean `/connections rejects salesforce`?')
  expect(running.asked.filter(([name]) => name === 'rejectsLink')).toEqual([
    ['rejectsLink', 'T0ACME', expect.objectContaining({ id: ANA }), 'con_1'],
  ])
})

test('invite gives a link to send on, off withdraws it; without a name both ask which', async () => {
  const answer = await answerTo('invite salesforce')
  expect(JSON.stringify(answer.blocks)).toContain(`https://redkey.example/invite/${ANA}`)
  expect(answer.blocks).not.toContainEqual(expect.objectContaining({ type: 'actions' })) // it is to be copied, not pressed
  expect((await answerTo('invite salesforce off')).text).toContain('Withdrawn: 1 invitation')
  expect((await answerTo('invite')).text).toContain('Please say which connection: `/connections invite &lt;name&gt;`')
  expect((await answerTo('invite salesforcx')).text).toContain('Did you mean `/connections invite salesforce`?')
})

test('history tells what happened; without a name it asks which', async () => {
  expect((await answerTo('history salesforce')).text).toContain('What happened to Acme Corp')
  expect((await answerTo('history')).text).toContain('Please say which connection: `/connections history &lt;name&gt;`')
  expect((await answerTo('history salesforcx')).text).toContain('Did you mean `/connections history salesforce`?')
})

test('a guest is refused politely, whatever they type, and the domain is asked nothing', async () => {
  const words = ['add', 'reauthorize', 'rejects', 'history', 'invite', 'pause', 'remove', 'settings'].map(
    (word) => `${word} salesforce`,
  )
  for (const text of ['', 'help', 'add', 'settings', 'invite salesforce off', ...words, 'salesforce']) {
    expect((await answerTo(text, GUEST)).text).toContain('Guests can’t use Redkey')
  }
  expect(new Set(questions())).toEqual(new Set(['person', 'outsiderSeen']))
})

test('who Slack can’t tell may look, but gets no link', async () => {
  await running.app.stop()
  running = await aRunningApp(slack, { person: async () => undefined })
  const list = await answerTo('', BEN)
  expect(list.text).toContain('1 of 2 connections')
  expect(JSON.stringify(list.blocks)).not.toContain('https://redkey.example')
  for (const text of ['add', 'add salesforce', 'pause salesforce', 'remove salesforce', 'settings salesforce', 'rename a b'])
    expect((await answerTo(text, BEN)).text).toContain('did not tell me who you are')
  expect((await answerTo('reauthorize salesforce', BEN)).text).toContain('did not tell me who you are')
  expect((await answerTo('invite salesforce', BEN)).text).toContain('did not tell me who you are')
  expect((await answerTo('invite salesforce off', BEN)).text).toContain('did not tell me who you are')
  expect(JSON.stringify((await answerTo('rejects salesforce', BEN)).blocks)).not.toContain('https://redkey.example')
  expect(questions()).not.toContain('rejectsLink')
  expect(questions()).not.toContain('connectLink')
  expect(questions()).not.toContain('reauthorizeLink')
})

test('a failure is told with a reference that the log has, and without its text', async () => {
  await running.app.stop()
  running = await aRunningApp(slack, { listConnections: () => Promise.reject(new Error('SQLITE_BUSY at row 7')) })
  const answer = await answerTo('')
  expect(answer.text).toBe('Something went wrong on my side. Please try again in a minute. (reference ref_1)')
  expect(JSON.stringify(answer)).not.toContain('SQLITE')
  const line = running.log.lines.find(({ event }) => event === 'slack.listener_failed')
  expect(line).toMatchObject({
    level: 'error',
    fields: { referenceId: 'ref_1' },
    cause: expect.objectContaining({ message: 'SQLITE_BUSY at row 7' }),
  })
  expect((await answerTo('help')).text).toContain('What I can do')
})

test('the command may have another name in Slack', async () => {
  await running.app.stop()
  await slack.close()
  slack = await aWorkspace({ commandName: '/links' })
  running = anApp(() => slack)
  await running.app.start()
  await slack.eventually(() => slack.links() === 2)
  expect((await answerTo('help')).text).toContain('`/links add [provider]`')
})
