import { describe, expect, test } from 'vitest'
import type { MessageFacts, Notice } from '../../src/domain/cards/card.ts'
import type { Named, Warning, WarningDetail } from '../../src/domain/warnings/warning.ts'
import { renderCard } from '../../src/messages/render-card.ts'
import { checkBlocks, isTextTooLong } from '../../src/sandbox/slack/blocks.ts'
import { aCard, aConnection, aLooseCard, aMessage, at, buttons, LOOK, visible } from './a-card.ts'

const BAD = `<!channel> <@U0EVIL> <https://evil.example|x> \u202E:skull: & ${'<'.repeat(400)}`
const ACME: Named = { id: 'con_1', name: 'salesforce', accountName: 'Acme Corp' }
const EVIL: Named = { id: 'con_2', name: BAD, accountName: BAD }
const many = (of: Named) => Array.from({ length: 40 }, () => of)
const since = '2026-11-23T09:00:00.000Z'
const until = '2026-11-23T11:40:00.000Z'

function aWarning(detail: WarningDetail, isClosed = false): Warning {
  return {
    messageId: 'msg_1',
    teamId: 'T0ACME',
    subject: 'x',
    detail,
    since: at('09:00'),
    closedAt: isClosed ? at('12:00') : null,
    version: 0,
  }
}

function aboutConnections(detail: WarningDetail, isClosed = false): MessageFacts {
  const message = aMessage({ kind: 'warning', outageId: null })
  const reauthorizeUrl = detail.kind === 'login_ends' && !isClosed ? 'https://redkey.example/reauthorize/ticket' : null
  const warning = aWarning(detail, isClosed)
  return aCard({
    message,
    warning,
    outage: null,
    connection: aConnection(),
    reauthorizeUrl,
    mentions: [],
    endsBecause: 'It lasts 365 days.',
  })
}

function forOperators(detail: WarningDetail, isClosed = false): MessageFacts {
  const message = aMessage({ kind: 'warning', outageId: null, connectionId: null })
  return { ...aLooseCard({ message }), warning: aWarning(detail, isClosed), providerLabel: 'Salesforce' }
}

const notice = (of: Notice) =>
  aCard({ message: aMessage({ kind: 'notice', outageId: null, notice: of }), outage: null, connection: aConnection() })

interface Shape {
  facts(named: Named, text: string): MessageFacts
  says: string
  buttons: string[]
}

const trouble = (named: Named, text: string, red: boolean, isClosed = false) =>
  forOperators(
    {
      kind: 'app_trouble',
      provider: 'salesforce',
      grantId: 'g',
      explanation: text,
      users: 12,
      doubtful: isClosed ? [] : many(named).slice(0, 10),
      red: red ? many(named).slice(0, 10) : [],
      others: 5,
    },
    isClosed,
  )
const ends = (named: Named, text: string, step: number, ended: Extract<WarningDetail, { kind: 'login_ends' }>['ended'] = null) =>
  aboutConnections(
    {
      kind: 'login_ends',
      provider: 'salesforce',
      grantId: 'g',
      username: text,
      endsAt: '2026-11-30T09:00:00.000Z',
      connections: many(named),
      step,
      daysLeft: step,
      ended,
    },
    ended !== null,
  )
const silence = (named: Named, silent: boolean, everybody = false) =>
  aboutConnections(
    {
      kind: 'silence',
      provider: 'salesforce',
      silent: silent ? many(named).map((one) => ({ ...one, since })) : [],
      back: many(named).map((one) => ({ ...one, since, until })),
      everybody,
    },
    !silent,
  )
const secret = (step: number, isReplaced = false) =>
  forOperators(
    { kind: 'secret_ends', provider: 'dynamics', endsAt: '2026-12-07T00:00:00.000Z', step, daysLeft: step, isReplaced },
    isReplaced,
  )

const leaver = (named: Named, text: string, ended: Extract<WarningDetail, { kind: 'leaver' }>['ended'] = null) =>
  aboutConnections(
    {
      kind: 'leaver',
      userId: 'U0BENOKAFOR',
      person: text,
      connections: many(named)
        .slice(0, 20)
        .map((one, place) => ({ ...one, provider: 'Salesforce', isOwner: true, isDeputy: place > 5, loggedIn: place > 2 })),
      others: 9_980,
      ended,
    },
    ended !== null,
  )

const SHAPES: Record<string, Shape> = {
  'somebody who left': {
    facts: (named, text) => leaver(named, text),
    says: '10,000 connections depend on somebody who left',
    buttons: ['Log in as somebody else', 'Details'],
  },
  'somebody on whom nothing depends any more': {
    facts: (named, text) => leaver(named, text, 'mended'),
    says: 'Nothing depends on somebody who left any more',
    buttons: [],
  },
  'somebody who is back': {
    facts: (named, text) => leaver(named, text, 'back'),
    says: 'is active in Slack again',
    buttons: [],
  },

  'the trouble of an app': {
    facts: (named, text) => trouble(named, text, true),
    says: 'refuses several logins at once',
    buttons: [],
  },
  'a trouble that is over': {
    facts: (named, text) => trouble(named, text, false, true),
    says: 'All logins work again after 3 h',
    buttons: [],
  },
  'a trouble that ended badly': { facts: (named, text) => trouble(named, text, true, true), says: 'got a red card', buttons: [] },
  silence: { facts: (named) => silence(named, true, true), says: 'has given no usable answer since', buttons: [] },
  'silence that is over': { facts: (named) => silence(named, false), says: 'is reachable again after 2 h 40 min', buttons: [] },
  'a login that ends': {
    facts: (named, text) => ends(named, text, 7),
    says: 'a login ends in 7 days',
    buttons: ['Renew', 'Details'],
  },
  'a login that was renewed': {
    facts: (named, text) => ends(named, text, 7, { how: 'renewed', by: 'U0BENOKAFOR', username: text }),
    says: 'renewed by <@U0BENOKAFOR>',
    buttons: ['Details'],
  },
  'a login that has ended': {
    facts: (named, text) => ends(named, text, 1, { how: 'over' }),
    says: 'has ended',
    buttons: ['Details'],
  },
  'a secret that ends': { facts: () => secret(14), says: 'the client secret ends in 14 days', buttons: [] },
  'a secret that has ended': { facts: () => secret(0), says: 'the client secret has ended', buttons: [] },
  'a secret that was replaced': { facts: () => secret(7, true), says: 'a new client secret is set', buttons: [] },
  'a login that ends, said anew': {
    facts: (named) => notice({ kind: 'login_ends', days: 1, endsAt: until, connections: many(named), ownerId: 'U0ANARUIZ' }),
    says: '<@U0ANARUIZ>, the Salesforce login of',
    buttons: [],
  },
  'a secret that ends, said anew': {
    facts: () => notice({ kind: 'secret_ends', days: 7, endsAt: until, provider: 'dynamics' }),
    says: 'ends in *7 days*',
    buttons: [],
  },
}

describe.each(Object.entries(SHAPES))('%s', (_name, { facts, says, buttons: labels }) => {
  test('says what is the matter, with the right buttons or none', () => {
    const rendered = renderCard(facts(ACME, 'ana@acme.example'), LOOK)
    expect(visible(rendered)).toContain(says)
    expect(Object.keys(buttons(rendered))).toEqual(labels)
    expect(JSON.stringify(rendered)).not.toMatch(/red_circle|needs authorization/)
  })

  test('is accepted by Slack and short enough to be read, also with the worst of data', () => {
    const rendered = renderCard(facts(EVIL, BAD), LOOK)
    expect(checkBlocks(rendered.blocks, 'message')).toEqual([])
    expect(isTextTooLong(structuredClone([...rendered.blocks]) as never)).toBe(false)
    expect(visible(rendered).length).toBeLessThan(2_500)
    expect(rendered.text.length).toBeLessThan(1_500)
    expect(rendered.text.trim()).toBe(rendered.text)
  })

  test('lets no outside text ping, link, or reorder', () => {
    const rendered = renderCard(facts(EVIL, BAD), LOOK)
    const everything = `${rendered.text}\n${visible(rendered)}`
    expect(everything).not.toMatch(/<!(?!date\^)/)
    for (const evil of ['<https://evil', '<@U0EVIL>', '\u202E', ':skull:']) expect(everything).not.toContain(evil)
  })
})

test('a login that ends soon is the business of its owner, one that ends in weeks that of whoever looks', () => {
  expect(JSON.stringify(renderCard(ends(ACME, 'ana', 7), LOOK))).toContain('<@U0ANARUIZ>')
  expect(JSON.stringify(renderCard(ends(ACME, 'ana', 30), LOOK))).not.toContain('<@U')
})

test('a warning that is about something else than its message is a bug and says which', () => {
  const loose = forOperators({ kind: 'silence', provider: 'salesforce', silent: [], back: [], everybody: false })
  expect(() => renderCard(loose, LOOK)).toThrow('msg_1')
  const bound = aboutConnections({
    kind: 'secret_ends',
    provider: 'dynamics',
    endsAt: until,
    step: 1,
    daysLeft: 1,
    isReplaced: false,
  })
  expect(() => renderCard(bound, LOOK)).toThrow('msg_1')
})
