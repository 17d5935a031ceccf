import { HOUR_MS, SECOND_MS } from '../../src/clock.ts'
import { newGrant, swapGrant } from '../../src/domain/access/swap-grant.ts'
import { checkNow } from '../../src/domain/connections/check.ts'
import type { Connection } from '../../src/domain/connections/connection.ts'
import { dismissRejects, retryRejects } from '../../src/domain/outbox/move-rejects.ts'
import { ACCOUNT, at } from './builders.ts'
import { handClock } from './hand-clock.ts'
import { memoryCrm, type Written } from './memory-crm.ts'
import type { Event, Schedule, Sent, Step, Turn } from './schedule.ts'
import { accept, aMachine, connect, IDENTITY, type Machine, TEAM } from './schedule-machine.ts'
import { storedVersions } from './stored-versions.ts'

/** What a schedule makes of the world, step by step. */
export interface Course extends AsyncDisposable {
  readonly connectionId: string
  /** A process to look through: one that lives. */
  observer(): Promise<Machine>
  play(turn: Turn): Promise<void>
  /** All faults end, and everybody works until nothing is left to do. */
  heal(): Promise<void>
  /** What was accepted last of each id. */
  readonly newest: ReadonlyMap<string, string>
  /** What was sent later still to a process that died over it: it may have been stored or not. */
  readonly unanswered: ReadonlyMap<string, readonly string[]>
  /** What the CRM holds, by id in lower case. */
  readonly held: ReadonlyMap<string, Written>
  /** Everything that the CRM has ever written. */
  readonly everWritten: ReadonlySet<string>
  /** The place in line of each version. */
  readonly places: ReadonlyMap<string, number>
  /** Older versions that were written after newer ones. Stays empty. */
  readonly stepsBack: readonly string[]
}

/** Longer than any lease. */
const STILL_MS = 15 * SECOND_MS

export function nameOf({ id, content }: Written): string {
  return `${id} ${content}`
}

export async function aCourse(databaseFile: string, { alone, lanes }: Omit<Schedule, 'turns'>): Promise<Course> {
  const clock = handClock(at(0))
  const crm = memoryCrm()
  const start = () => aMachine(databaseFile, crm, clock, lanes)
  const machines: Machine[] = [start(), start()]
  const newest = new Map<string, string>()
  const unanswered = new Map<string, readonly string[]>()
  const everWritten = new Set<string>()
  const stepsBack: string[] = []
  /** The place in line of each version, and of the last one that was written of each id. */
  const places = new Map<string, number>()
  const lastPlaces = new Map<string, number>()
  let versions = 0

  const connectionId = await connect(await machine(0), crm)
  crm.onRecord((written) => {
    const { id } = written
    everWritten.add(nameOf(written))
    const place = places.get(nameOf(written))
    if (place === undefined) return // whoever took it in died before its place was noted
    if (place < (lastPlaces.get(id) ?? 0)) stepsBack.push(nameOf(written))
    lastPlaces.set(id, place)
  })

  async function machine(asked: 0 | 1): Promise<Machine> {
    const place = alone ? 0 : asked
    const found = machines[place]
    if (found?.isAlive()) return found
    const started = start()
    if (alone) await started.store.leases.releaseAll()
    machines[place] = started
    await notePlaces(started)
    return started
  }

  async function connectionOf({ store }: Machine): Promise<Connection> {
    const connection = await store.connections.find(connectionId)
    if (!connection) throw new Error('the connection is gone')
    return connection
  }

  /** Rows get their places when they are accepted, and new ones when rejects are retried. */
  async function notePlaces({ dialect }: Machine): Promise<void> {
    for (const { id, key, payload } of await storedVersions(dialect)) {
      if (payload !== null) places.set(nameOf({ id, content: (JSON.parse(payload) as { adContent: string }).adContent }), key)
    }
  }

  async function send(by: Machine, sent: readonly Sent[]): Promise<void> {
    const items = sent.map(({ id, changed }) => {
      const content = changed ? `v${++versions}` : (newest.get(id) ?? `v${++versions}`)
      unanswered.set(id, [...(unanswered.get(id) ?? []), content])
      return { id, content }
    })
    await accept(by, items)
    for (const { id, content } of items) {
      newest.set(id, content)
      unanswered.delete(id)
    }
    await notePlaces(by)
  }

  async function happen(by: Machine, event: Event): Promise<void> {
    switch (event.kind) {
      case 'accept':
        return send(by, event.of)
      case 'the grant dies':
        crm.killGrant()
        if (event.noticed) await happen(by, { kind: 'check' })
        return
      case 'somebody logs in': {
        const provider = by.deps.providers.get('salesforce')
        if (!provider) return
        const grant = await newGrant(by.deps, TEAM, { provider, tokens: crm.login(), identity: IDENTITY }, 'U1')
        await swapGrant(by.deps, await connectionOf(by), grant, ACCOUNT, 'U1')
        return
      }
      case 'check':
        return void (await checkNow(by.deps, TEAM, null))
      case 'retry rejects':
        await retryRejects(by.deps, TEAM, 'salesforce', {})
        return notePlaces(by)
      case 'dismiss rejects':
        return void (await dismissRejects(by.deps, TEAM, 'salesforce', {}))
      case 'wait':
        return clock.turn(event.seconds * SECOND_MS)
      default:
        event satisfies never
    }
  }

  async function drain(by: Machine, step: Extract<Step, { kind: 'drain' }>, otherOne: 0 | 1): Promise<void> {
    const { answers, meanwhile, death } = step
    let writes = 0
    crm.answerNext(answers)
    crm.onWrite(async () => {
      if (writes++ !== meanwhile?.write) return
      const other = alone ? by : await machine(otherOne)
      for (const event of meanwhile.events) await happen(other, event)
      if (!meanwhile.standsStill || alone) return
      clock.turn(STILL_MS)
      await runDrain(other)
    })
    by.killAt(death)
    await runDrain(by)
    by.killAt(null)
    crm.onWrite(null)
    crm.answerNext([])
  }

  async function play({ machine: place, ...step }: Turn): Promise<void> {
    const by = await machine(place)
    if (step.kind === 'rule') crm.refuse(new Set(step.refused))
    else if (step.kind === 'crash') await by.kill()
    else if (step.kind === 'drain') await drain(by, step, place === 0 ? 1 : 0)
    else await happen(by, step)
  }

  async function heal(): Promise<void> {
    for (let hour = 0; hour < 12; hour++) {
      const by = await machine(0)
      if ((await connectionOf(by)).health.status !== 'connected') await happen(by, { kind: 'somebody logs in' })
      clock.turn(2 * HOUR_MS)
      await runDrain(by)
      await runDrain(await machine(1))
      if ((await by.store.outbox.backlog(connectionId)).waiting === 0) return
    }
  }

  return {
    connectionId,
    observer: () => machine(0),
    play,
    heal,
    newest,
    unanswered,
    held: crm.records,
    everWritten,
    places,
    stepsBack,
    async [Symbol.asyncDispose]() {
      for (const one of machines) await one.kill()
    },
  }
}

async function runDrain({ drainer, died }: Machine): Promise<void> {
  await Promise.race([drainer.run(), died])
}
