import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import { addDays, dayIn } from '../../src/domain/day.ts'
import { type AdMachine, anAdMachine } from './ad-machine.ts'
import type { AdEvent, AdSchedule, AdStep } from './ad-schedule.ts'
import { TWO_WISHES } from './ad-schedule.ts'
import { at } from './builders.ts'
import { handClock } from './hand-clock.ts'
import { type MemoryAdPlatform, memoryAdPlatform } from './memory-ad-platform.ts'

/** What a schedule makes of one ad account, step by step, with two processes at it. */
export interface AdLife extends AsyncDisposable {
  readonly connectionId: string
  readonly ads: MemoryAdPlatform
  /** Parameters of the account that somebody has set by hand. */
  own(): string
  /** Changes that were made although somebody had taken the same away since it was last asked for. Stays empty. */
  readonly fights: readonly string[]
  /** Changes of which nothing was written down when they were made. Stays empty. */
  readonly unrecorded: readonly string[]
  /** A process to look through: one that lives. */
  observer(): Promise<AdMachine>
  play(turn: AdSchedule['turns'][number]): Promise<void>
  /** All faults end, auto-tagging is on, and everybody works until nothing is left to do. */
  heal(): Promise<void>
  /** Runs what is due, hour by hour. */
  hours(count: number): Promise<void>
  undoAll(): Promise<void>
}

/** Longer than any lease. */
const STILL_MS = 15 * SECOND_MS

export async function anAdLife(databaseFile: string, { kind, timeZone }: Omit<AdSchedule, 'turns'>): Promise<AdLife> {
  const clock = handClock(at(0))
  const ads = memoryAdPlatform({ now: clock.now, kind })
  ads.timeZone = timeZone
  const machines: [AdMachine, AdMachine] = [anAdMachine(databaseFile, ads, clock), anAdMachine(databaseFile, ads, clock)]
  const connectionId = await machines[0].connect()
  const fights: string[] = []
  const unrecorded: string[] = []
  /** Targets that nobody but a person may change until the settings are saved again. */
  const left = new Set<string>()
  let own = 'ref=x'
  let edits = 0
  let isUndoing = false
  ads.template = own

  async function machine(place: 0 | 1): Promise<AdMachine> {
    if (!machines[place].isAlive()) machines[place] = anAdMachine(databaseFile, ads, clock)
    return machines[place]
  }

  ads.onChange(async (targetId) => {
    if (isUndoing) return
    if (left.has(targetId)) fights.push(targetId)
    const { store } = await machine(0)
    const changes = await store.adScans.changesOf(connectionId, targetId)
    if (changes.length === 0) unrecorded.push(targetId)
  })

  /** Somebody takes away what Redkey has set, if it knows that it has: then it stays away. */
  async function strip({ store }: AdMachine): Promise<void> {
    const ad = ads.ads.at(-1)
    const targetId = kind === 'inherited' ? '1' : (ad?.id ?? '')
    const scan = await store.adScans.find(connectionId)
    const changes = await store.adScans.changesOf(connectionId, targetId)
    const isKnown = changes.some((one) => one.madeAt !== null && scan?.settingsAt && one.at >= scan.settingsAt)
    if (isKnown && changes.every(({ madeAt }) => madeAt !== null)) left.add(targetId)
    if (kind === 'inherited') ads.template = own
    else if (ad) ads.untouch(ad)
  }

  async function undo(by: AdMachine, changeId: string | undefined): Promise<void> {
    if (changeId === undefined) return
    isUndoing = true
    const undone = await by.undo(changeId)
    isUndoing = false
    const change = await by.store.adScans.findChange(changeId)
    if (undone.kind === 'undone' && change) left.add(change.targetId)
  }

  async function happen(by: AdMachine, event: AdEvent): Promise<void> {
    switch (event.kind) {
      case 'wait':
        return clock.turn(event.seconds * SECOND_MS)
      case 'the grant dies':
        ads.killGrant()
        if (event.noticed) await by.check()
        return
      case 'somebody logs in':
        return by.logIn(connectionId)
      case 'check':
        return by.check()
      case 'access':
        ads.hasAccess = event.has
        return
      case 'restate':
        return ads.restate(addDays(dayIn(timeZone, clock.now()), -event.daysAgo))
      case 'a new ad':
        clock.turn(SECOND_MS)
        ads.createAd({ untaggable: event.untaggable ? 'It is under review.' : null })
        return
      case 'strip':
        return strip(by)
      case 'edit':
        own += `&own${++edits}=1`
        ads.template += `&own${edits}=1`
        return
      case 'save':
        clock.turn(SECOND_MS)
        if ((await by.save(connectionId, event.isTagging, event.parameters)).kind === 'done') left.clear()
        return
      case 'undo': {
        const changes = await by.store.adScans.changes(connectionId, 20)
        return undo(by, changes.find(({ undoneAt }) => undoneAt === null)?.id)
      }
      default:
        event satisfies never
    }
  }

  async function run(by: AdMachine, step: Extract<AdStep, { kind: 'run' }>, otherOne: 0 | 1): Promise<void> {
    const { answers, meanwhile, death, reportTakes } = step
    let calls = 0
    let isBusy = false
    ads.reportTakes = reportTakes
    ads.answerNext(answers)
    ads.onCall(async (call) => {
      if (isBusy || calls++ !== meanwhile?.call) return
      isBusy = true
      const other = await machine(otherOne)
      // Between looking at the parameters of an account and setting them there is a moment that no platform guards.
      const isGuarded = ({ kind: what }: AdEvent) => call !== 'templates' || (what !== 'edit' && what !== 'strip')
      for (const event of meanwhile.events.filter(isGuarded)) await happen(other, event)
      if (meanwhile.standsStill) {
        clock.turn(STILL_MS)
        await other.run()
      }
      isBusy = false
    })
    by.killAt(death)
    await by.run()
    by.killAt(null)
    ads.onCall(null)
    ads.answerNext([])
  }

  async function heal(): Promise<void> {
    ads.hasAccess = true
    ads.reportTakes = 0
    const by = await machine(0)
    await by.logIn(connectionId)
    clock.turn(SECOND_MS)
    if ((await by.store.adScans.find(connectionId))?.isTagging !== true) {
      await by.save(connectionId, true, TWO_WISHES[0])
      left.clear()
    }
    for (let round = 0; round < 40; round++) {
      clock.turn(2 * MINUTE_MS)
      for (const place of [0, 1] as const) await (await machine(place)).run()
    }
    // Then everything is read once more, so that no day has ended and none was restated since.
    clock.turn(25 * HOUR_MS)
    await by.run()
  }

  return {
    connectionId,
    ads,
    own: () => own,
    fights,
    unrecorded,
    observer: () => machine(0),
    async play({ machine: place, ...step }) {
      const by = await machine(place)
      if (step.kind === 'crash') await by.kill()
      else if (step.kind === 'run') await run(by, step, place === 0 ? 1 : 0)
      else await happen(by, step)
    },
    heal,
    async hours(count) {
      for (let hour = 0; hour < count; hour++) {
        clock.turn(HOUR_MS)
        await (await machine(0)).run()
      }
    },
    async undoAll() {
      const by = await machine(0)
      for (const { id } of await by.store.adScans.changes(connectionId, 1000)) await undo(by, id)
    },
    async [Symbol.asyncDispose]() {
      for (const one of machines) await one.kill()
    },
  }
}
