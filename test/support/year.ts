import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../src/clock.ts'
import { checkNow } from '../../src/domain/connections/check.ts'
import type { Connection } from '../../src/domain/connections/connection.ts'
import type { Log } from '../../src/log.ts'
import type { Weather } from './memory-salesforces.ts'
import type { Chance } from './seeded.ts'
import { aClock, aWatch, TEAM, type Watch } from './watch.ts'
import { type App, adsApp, type Ill, salesforceApp } from './year-apps.ts'

/** A login of the year, and the truth about it. */
export interface YearLogin {
  readonly user: string
  readonly app: App
  readonly connections: readonly string[]
  ill: { readonly kind: Ill; readonly until: Date | null } | null
  /** Since when the truth is what it is. */
  since: Date
  /** Moments at which it was refused since then. */
  refusals: Date[]
  /** Somebody means to log in then. */
  logsInAt: Date | null
}

export interface Tally {
  deaths: number
  blips: number
  troubles: number
  storms: number
  red: number
  withdrawn: number
  logins: number
  checks: number
  refreshes: number
}

export interface Year extends AsyncDisposable {
  readonly watch: Watch
  readonly logins: readonly YearLogin[]
  readonly tally: Tally
  readonly errors: readonly string[]
  now(): Date
  /** Refresh tokens that were shown once too often: two machines refreshed at once. */
  reused(): number
  /** Turns the clock once, by `checkEveryMs / 6` or, where something is in doubt, by a minute. */
  step(): Promise<void>
  /** All that passes has passed, nobody logs in any more, and everything is looked at again. */
  settle(): Promise<void>
  /** Whether trouble of its app, or what looks like it, explains that a login is not red yet. */
  isExcused(login: YearLogin): boolean
}

const SHAPE = [
  { app: 'salesforce', logins: 400, accounts: 1 },
  { app: 'google-ads', logins: 10, accounts: 30 },
  { app: 'meta', logins: 100, accounts: 1 },
  { app: 'meta', logins: 10, accounts: 10 },
  { app: 'linkedin', logins: 20, accounts: 5 },
] as const

/** How often things happen: in a day, over all 1,000 connections. */
const DAILY = { death: 1.5, inactive: 0.3, blip: 0.5, doubt: 2, lostAnswer: 1, byHand: 4 }
/** In a day, for each app. */
const DAILY_OF_APP = { trouble: 1 / 45, storm: 1 / 12 }
const WEATHERS: readonly Weather[] = ['html_503', 'html_400', 'empty_502', 'limit_403', 'reset']

export async function aYear(chance: Chance, checkEveryMs: number): Promise<Year> {
  const clock = aClock()
  const tally: Tally = {
    deaths: 0,
    blips: 0,
    troubles: 0,
    storms: 0,
    red: 0,
    withdrawn: 0,
    logins: 0,
    checks: 0,
    refreshes: 0,
  }
  const errors: string[] = []
  const log: Log = {
    info(event, fields) {
      if (event === 'check.done') tally.checks++
      if (event === 'grant.refreshed') tally.refreshes++
      if (event === 'connection.status_changed' && fields?.['to'] === 'authorization_required') tally.red++
      if (event === 'connection.status_changed' && fields?.['from'] === 'authorization_required') tally.withdrawn++
    },
    warn: () => undefined,
    error: (event, _fields, cause) => {
      if (event !== 'app.in_trouble') errors.push(`${event} ${cause}`)
    },
  }
  const apps = new Map<string, App>([
    ['salesforce', salesforceApp(clock)],
    ...(['google-ads', 'meta', 'linkedin'] as const).map((name): [string, App] => [name, adsApp(name, clock)]),
  ])
  const watch = await aWatch({
    clock,
    providers: [...apps.values()].map(({ provider }) => provider),
    machines: 3,
    settings: { checkEveryMs },
    log,
  })
  watch.slack.isBusy = () => chance.happens(0.01)
  const logins: YearLogin[] = []
  for (const { app: name, logins: count, accounts } of SHAPE) {
    const app = apps.get(name)
    if (!app) throw new Error(name)
    for (let n = 0; n < count; n++) logins.push(await connect(app, `${name}-${accounts}-${n}`, accounts))
  }
  const byUser = new Map(logins.map((login) => [login.user, login]))
  for (const app of apps.values()) {
    app.onRefusal((user) => {
      const login = byUser.get(user)
      if (!login) throw new Error(`nobody is ${user}`)
      // It has ended, or an answer was lost that can't be had again.
      if (login.ill === null) fallIll(login, 'dead', null)
      login.refusals.push(clock.now())
    })
  }

  async function connect(app: App, user: string, accounts: number): Promise<YearLogin> {
    const tokens = app.logIn(user, later(clock.now(), -chance.between(0, 330) * DAY_MS))
    const names = Array.from({ length: accounts }, (_, n) => `${user}-${n}`)
    const added = await watch.connect(app.provider, user, tokens, names)
    const first = later(clock.now(), chance.random() * checkEveryMs)
    for (const { id } of added) await watch.store.checks.reschedule(id, first)
    const connections = added.map(({ id }) => id)
    return { user, app, connections, ill: null, since: clock.now(), refusals: [], logsInAt: null }
  }

  function fallIll(login: YearLogin, kind: Ill, until: Date | null): void {
    login.ill = { kind, until }
    login.since = clock.now()
    login.refusals = []
    if (kind === 'dead') tally.deaths++
    if (kind === 'blip' || kind === 'doubt') tally.blips++
    login.app.refuse(login.user, kind)
    login.app.endAccess(login.user)
    if (kind === 'dead') login.logsInAt = later(clock.now(), chance.between(1, 72) * HOUR_MS)
  }

  function recover(login: YearLogin): void {
    login.ill = null
    login.since = clock.now()
    login.app.refuse(login.user, null)
  }

  async function logIn(login: YearLogin): Promise<void> {
    const tokens = login.app.logIn(login.user, clock.now())
    recover(login)
    login.logsInAt = null
    tally.logins++
    await watch.logInAgain(login.app.provider, login.user, tokens, login.connections)
  }

  /** Of something that happens so often in a day: how often in this stride. */
  function times(daily: number, strideMs: number): number {
    const expected = (daily * strideMs) / DAY_MS
    return Math.floor(expected) + (chance.happens(expected % 1) ? 1 : 0)
  }

  function happen(strideMs: number): void {
    const healthy = () => chance.oneOf(logins.filter(({ ill }) => ill === null))
    const shortly = (most: number) => later(clock.now(), chance.between(30, most * 60) * 1000)
    for (let n = times(DAILY.death, strideMs); n > 0; n--) fallIll(healthy(), 'dead', null)
    for (let n = times(DAILY.blip, strideMs); n > 0; n--) fallIll(healthy(), 'blip', shortly(30))
    for (let n = times(DAILY.doubt, strideMs); n > 0; n--) fallIll(healthy(), 'doubt', shortly(30))
    for (let n = times(DAILY.inactive, strideMs); n > 0; n--)
      fallIll(healthy(), 'inactive', later(clock.now(), chance.between(2, 60) * HOUR_MS))
    for (let n = times(DAILY.lostAnswer, strideMs); n > 0; n--) {
      const login = healthy()
      login.app.endAccess(login.user)
      login.app.loseAnswer(login.user)
    }
    for (const app of apps.values()) {
      if (!app.troubleUntil && times(DAILY_OF_APP.trouble, strideMs) > 0) {
        tally.troubles++
        app.troubleUntil = shortly(60)
        for (const login of logins) if (login.app === app && login.ill === null) fallIll(login, 'trouble', app.troubleUntil)
      }
      if (!app.weatherUntil && times(DAILY_OF_APP.storm, strideMs) > 0) {
        tally.storms++
        app.weatherUntil = shortly(5 * 60)
        app.setWeather(chance.oneOf(WEATHERS))
      }
    }
  }

  function pass(): void {
    const now = clock.now()
    for (const app of apps.values()) {
      if (app.troubleUntil && app.troubleUntil <= now) app.troubleUntil = null
      if (!app.weatherUntil || app.weatherUntil > now) continue
      Object.assign(app, { weatherUntil: null, clearSince: now })
      app.setWeather(null)
    }
    for (const login of logins) if (login.ill?.until && login.ill.until <= now) recover(login)
  }

  async function people(strideMs: number): Promise<void> {
    const now = clock.now()
    for (const login of logins) {
      if (login.logsInAt === null || login.logsInAt > now) continue
      // Nobody logs in who has not been asked to.
      if ((await watch.find(login.connections[0] ?? '')).health.status === 'authorization_required') await logIn(login)
    }
    for (const { detail } of await watch.store.warnings.open()) {
      if (detail.kind !== 'login_ends' || times(1 / 20, strideMs) === 0) continue
      const login = logins.find(({ connections }) => connections.includes(detail.connections[0]?.id ?? ''))
      if (login && login.ill === null) await logIn(login)
    }
  }

  /** Somebody checks by hand, on another machine and at the same moment, while access tokens end everywhere. */
  async function raceByHand(strideMs: number): Promise<void> {
    const alone = logins.filter(({ connections, ill }) => connections.length === 1 && ill === null)
    for (let n = times(DAILY.byHand, strideMs); n > 0; n--) {
      const { user, app, connections } = chance.oneOf(alone)
      app.endAccess(user)
      const found: Connection = await watch.find(connections[0] ?? '')
      await watch.store.checks.reschedule(found.id, clock.now())
      const [, second, third] = watch.machines
      if (!second || !third) throw new Error('too few machines')
      await Promise.all([watch.round(), checkNow(second, TEAM, found.name), checkNow(third, TEAM, found.name)])
    }
  }

  /** Providers whose app is taken to be in trouble, which several dead logins at once look like. */
  let inTrouble = new Set<string>()

  async function isInDoubt(): Promise<boolean> {
    const [first] = logins
    if (!first) return false
    for (const { provider } of [...apps.values()]) {
      const login = logins.find(({ app }) => app.provider === provider)
      const grantId = login && (await watch.find(login.connections[0] ?? '')).grantId
      if (grantId && (await watch.store.apps.doubts(grantId)).some(({ isRed }) => !isRed)) return true
    }
    return false
  }

  return {
    watch,
    logins,
    tally,
    errors,
    now: () => clock.now(),
    reused: () => [...apps.values()].reduce((sum, app) => sum + app.reused(), 0),
    async step() {
      const strideMs = (await isInDoubt()) ? MINUTE_MS : checkEveryMs / 6
      clock.turn(strideMs)
      pass()
      happen(strideMs)
      await people(strideMs)
      await raceByHand(strideMs)
      await watch.round()
      const open = await watch.store.warnings.open()
      inTrouble = new Set(open.flatMap(({ detail }) => (detail.kind === 'app_trouble' ? detail.provider : [])))
    },
    async settle() {
      watch.slack.isBusy = () => false
      for (const login of logins) login.logsInAt = null
      clock.turn(6 * HOUR_MS)
      for (const login of logins) if (login.ill && login.ill.kind !== 'dead') Object.assign(login.ill, { until: clock.now() })
      for (const app of apps.values()) if (app.weatherUntil) app.weatherUntil = clock.now()
      pass()
      await watch.pass(3 * checkEveryMs, checkEveryMs / 6)
      for (let minute = 0; minute < 40; minute++) await watch.pass(MINUTE_MS, MINUTE_MS)
    },
    isExcused: ({ app }) => app.troubleUntil !== null || inTrouble.has(app.provider.name),
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  }
}
