import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../src/clock.ts'
import { readConfig } from '../../src/config/config.ts'
import { secretEnds } from '../../src/config/providers.ts'
import { beginReauthorize } from '../../src/domain/access/begin-login.ts'
import { DOWN, memoryProvider } from '../support/memory-provider.ts'
import { aClock, aWatch, type Watch } from '../support/watch.ts'

const said = (watch: Watch, what: RegExp) => watch.slack.shown.filter(({ texts }) => texts.some((text) => what.test(text)))
const urlOf = (blocks: string) => /http[^"]+\/reauthorize\/[\w.-]+/.exec(blocks)?.[0]
const buttonsOf = (blocks: string) =>
  [...blocks.matchAll(/"type":"button","text":\{"type":"plain_text","text":"([^"]+)"/g)].map(([, label]) => label)

/** Two providers, two connections at one of them. */
async function twoProviders() {
  const clock = aClock()
  const google = memoryProvider(clock, { name: 'google-ads' })
  const meta = memoryProvider(clock, { name: 'meta' })
  const watch = await aWatch({ clock, providers: [google.provider, meta.provider], machines: 2 })
  const [ana] = await watch.connect(google.provider, 'ana', google.logIn('ana'), ['acme'])
  const [ben] = await watch.connect(google.provider, 'ben', google.logIn('ben'), ['globex'])
  await watch.connect(meta.provider, 'cem', meta.logIn('cem'), ['initech'])
  await watch.pass(10 * MINUTE_MS, 30_000)
  return { clock, google, meta, watch, ana, ben }
}

test('a provider that gives no usable answer for two hours gets one yellow note, which is edited when it is reachable again', async () => {
  const { clock, google, watch } = await twoProviders()
  await using _ = watch
  google.everybody = DOWN
  await watch.pass(HOUR_MS + 50 * MINUTE_MS, MINUTE_MS)
  expect(said(watch, /no usable answer/)).toEqual([])
  await watch.pass(15 * MINUTE_MS, MINUTE_MS)
  const [note, ...others] = said(watch, /no usable answer/)
  expect(others).toEqual([])
  expect(note?.texts.at(-1)).toMatch(/Google Ads has given no usable answer.*acme \(acme\) and globex \(globex\)/)
  expect(note?.texts.at(-1)).not.toContain('initech')
  expect(note?.texts.at(-1)).not.toContain('the network')
  expect(buttonsOf(note?.blocks ?? '')).toEqual([])
  expect(note?.place.channelId).toBe('C1')
  const edits = note?.texts.length ?? 0

  await watch.pass(30 * MINUTE_MS, MINUTE_MS)
  expect(note?.texts).toHaveLength(edits)
  google.everybody = null
  clock.turn(5 * MINUTE_MS)
  await watch.pass(6 * MINUTE_MS, MINUTE_MS)
  expect(said(watch, /no usable answer/)).toHaveLength(1)
  expect(note?.texts.at(-1)).toMatch(/Google Ads is reachable again after 2 h \d\d min/)
  expect(watch.slack.saying(/needs authorization: /)).toEqual([])
})

test('a connection that is reachable again while others are not is told so in the same note', async () => {
  const { google, watch } = await twoProviders()
  await using _ = watch
  google.everybody = DOWN
  await watch.pass(2 * HOUR_MS + 10 * MINUTE_MS, MINUTE_MS)
  const [note] = said(watch, /no usable answer/)
  const { probe } = google.provider
  google.everybody = null
  Object.assign(google.provider, {
    probe: async (...[tokens, account]: Parameters<typeof probe>) => (account.id === 'globex' ? DOWN : probe(tokens, account)),
  })
  await watch.pass(10 * MINUTE_MS, MINUTE_MS)
  expect(note?.texts.at(-1)).toContain('Affected: globex (globex)')
  expect(note?.blocks).toMatch(/acme\* \(acme\): reachable again after 2 h/)
  Object.assign(google.provider, { probe })
  await watch.pass(10 * MINUTE_MS, MINUTE_MS)
  expect(note?.texts.at(-1)).toMatch(/^✅ Google Ads is reachable again/)
  expect(said(watch, /no usable answer/)).toHaveLength(1)
})

test('when no provider answers, the notes say that it may be the network here', async () => {
  const { google, meta, watch } = await twoProviders()
  await using _ = watch
  google.everybody = DOWN
  meta.everybody = DOWN
  await watch.pass(2 * HOUR_MS + 10 * MINUTE_MS, MINUTE_MS)
  const notes = said(watch, /no usable answer/)
  expect(notes).toHaveLength(2)
  for (const { texts } of notes) expect(texts.at(-1)).toContain('it may be the network of the machine that Redkey runs on')
})

test('a login that ends on a known day is warned of at 30, 14, 7 and 1 days on one card for all its connections, until somebody renews it', async () => {
  const clock = aClock()
  const linkedin = memoryProvider(clock, { name: 'linkedin' })
  await using watch = await aWatch({ clock, providers: [linkedin.provider], machines: 2, settings: { checkEveryMs: HOUR_MS } })
  const endsAt = later(clock.now(), 60 * DAY_MS)
  const tokens = linkedin.logIn('ana', endsAt)
  const connections = await watch.connect(linkedin.provider, 'ana', tokens, ['acme', 'globex', 'initech'])
  await watch.pass(29.9 * DAY_MS, 6 * HOUR_MS)
  expect(said(watch, /login of/)).toEqual([])

  const days: [number, number | null, boolean | null][] = []
  for (let hour = 0; hour < 30 * 24 - 6; hour += 6) {
    const before = [watch.slack.saying(/^🟡/).length, watch.slack.threads().length]
    await watch.pass(6 * HOUR_MS, 6 * HOUR_MS)
    const notice = watch.slack.threads().length > (before[1] ?? 0) ? watch.slack.threads().at(-1) : undefined
    if (watch.slack.saying(/^🟡/).length > (before[0] ?? 0) || notice) {
      const left = Math.round((endsAt.getTime() - clock.now().getTime()) / DAY_MS)
      const told = notice ? Number(/\*(\d+) days?\*/.exec(notice.texts[0] ?? '')?.[1]) : null
      days.push([left, told, notice?.place.broadcast ?? null])
    }
  }
  expect(days).toEqual([
    [30, null, null],
    [14, 14, false],
    [7, 7, true],
    [1, 1, true],
  ])
  const [card, ...others] = said(watch, /login of/).filter(({ place }) => place.threadTs === null)
  expect(others).toEqual([])
  expect(card?.texts.at(-1)).toMatch(/login of acme \(acme\), globex \(globex\) and initech \(initech\) ends/)
  expect(buttonsOf(card?.blocks ?? '')).toEqual(['Renew', 'Details'])
  expect(card?.blocks).toContain('Logins of this provider last a year.')
  expect(card?.blocks).toContain('<@U1>')
  const [deps] = watch.machines
  const ticket =
    urlOf(card?.blocks ?? '')
      ?.split('/')
      .at(-1) ?? ''
  if (!deps) throw new Error('nothing runs')
  expect(await beginReauthorize(deps, { ticket, identity: null })).toMatchObject({
    kind: 'redirect',
    url: expect.stringContaining('login_hint=ana@acme.example'),
  })

  const ids = connections.map(({ id }) => id)
  await watch.logInAgain(linkedin.provider, 'ben', linkedin.logIn('ben', later(clock.now(), 365 * DAY_MS)), ids)
  await watch.pass(MINUTE_MS, MINUTE_MS)
  expect(await beginReauthorize(deps, { ticket, identity: null })).toMatchObject({ kind: 'already_authorized', outage: null })
  expect(card?.texts.at(-1)).toMatch(/The linkedin login was renewed: .*as ben@acme\.example/)
  expect(buttonsOf(card?.blocks ?? '')).toEqual(['Details'])
  await watch.pass(3 * DAY_MS, 6 * HOUR_MS)
  expect(said(watch, /login of/).filter(({ place }) => place.threadTs === null)).toHaveLength(1)
  expect(watch.slack.saying(/needs authorization: /)).toEqual([])
})

test('a login that nobody renews turns red when it ends, and the warning says that it has ended', async () => {
  const clock = aClock()
  const linkedin = memoryProvider(clock, { name: 'linkedin', accessMs: HOUR_MS })
  await using watch = await aWatch({ clock, providers: [linkedin.provider], settings: { checkEveryMs: HOUR_MS } })
  await watch.connect(linkedin.provider, 'ana', linkedin.logIn('ana', later(clock.now(), 20 * DAY_MS)), ['acme'])
  await watch.pass(21 * DAY_MS, 3 * HOUR_MS)
  expect(watch.slack.saying(/needs authorization: /)).toHaveLength(1)
  const [warning] = said(watch, /login of/)
  expect(warning?.texts.at(-1)).toContain('has ended')
  expect(urlOf(warning?.blocks ?? '')).toBeUndefined()
})

test('whoever logs in for seven days is not told at once that seven days are left', async () => {
  const clock = aClock()
  const google = memoryProvider(clock, { name: 'google-ads' })
  await using watch = await aWatch({ clock, providers: [google.provider], settings: { checkEveryMs: HOUR_MS } })
  await watch.connect(google.provider, 'ana', google.logIn('ana', later(clock.now(), 7 * DAY_MS - 1000)), ['acme'])
  await watch.pass(5 * DAY_MS, 6 * HOUR_MS)
  expect(said(watch, /login of/)).toEqual([])
  await watch.pass(1.5 * DAY_MS, 6 * HOUR_MS)
  expect(said(watch, /login of/)).toHaveLength(1)
})

test('the end of a client secret is told to whoever runs Redkey, until another day is set', async () => {
  const clock = aClock()
  const entra = memoryProvider(clock, { name: 'dynamics' })
  const at = new Date('2026-12-20T00:00:00Z')
  const settings = { secretEnds: [{ provider: 'dynamics' as const, at }] }
  await using watch = await aWatch({ clock, providers: [entra.provider], machines: 2, settings })
  const [ana] = await watch.connect(entra.provider, 'ana', entra.logIn('ana'), ['acme'])
  await watch.pass(28 * DAY_MS, 12 * HOUR_MS)
  const cards = () => watch.slack.saying(/client secret/)
  expect(cards()).toHaveLength(1)
  expect(cards()[0]).toMatchObject({ connectionId: null })
  expect(cards()[0]?.blocks).toContain('DYNAMICS_CLIENT_SECRET_EXPIRES')
  expect(cards()[0]?.blocks).not.toContain('"button"')
  const threads = () =>
    watch.slack.threads().map(({ texts, place }) => [/\*(\d+ days?)\*|has ended/.exec(texts[0] ?? '')?.[0], place.broadcast])
  expect(threads()).toEqual([
    ['*14 days*', false],
    ['*7 days*', true],
    ['*1 day*', true],
    ['has ended', true],
  ])
  expect(cards()[0]?.texts.at(-1)).toContain('has ended')
  for (const { settings: those } of watch.machines)
    Object.assign(those, { secretEnds: [{ provider: 'dynamics', at: later(at, 365 * DAY_MS) }] })
  await watch.pass(DAY_MS, 12 * HOUR_MS)
  expect(cards()).toHaveLength(1)
  expect(cards()[0]?.texts.at(-1)).toContain('was replaced')
  expect(ana).toBeDefined()
})

test('the days on which client secrets end come from the settings', () => {
  const { providers } = readConfig({
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    REDKEY_CHANNEL: 'C012345',
    DYNAMICS_CLIENT_ID: 'x',
    DYNAMICS_CLIENT_SECRET: 'x',
    DYNAMICS_URL: 'https://contoso.crm.dynamics.com',
    DYNAMICS_CLIENT_SECRET_EXPIRES: '2027-06-30',
  })
  expect(secretEnds(providers)).toEqual([{ provider: 'dynamics', at: new Date('2027-06-30T00:00:00Z') }])
})
