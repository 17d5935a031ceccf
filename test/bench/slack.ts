import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { aConnection, aGrant, aMessage, anAuditEntry, anId } from '../support/builders.ts'
import { type Line, line, quantile, type Run } from './line.ts'
import type { ToLoad } from './load.ts'
import { bodiesOf } from './records.ts'
import { aBenchRedkey, type BenchRedkey } from './redkey.ts'
import { withStore } from './seed.ts'
import { sendAll, touchpointsAt } from './send.ts'

const CONNECTIONS = 10_000
const BACKLOG = 200_000
const COMMANDS = 200
const A_COMMAND_EVERY_MS = 25
const LISTS = 5
const ACK_MS = 100
const LIST_MS = 500
/** How the sandbox tells that Slack's three seconds were over; they then count as the time of the ack. */
const TOO_LATE = 'operation_timeout'
/** Neither check nor welcome comes up meanwhile. */
const MUCH_LATER = new Date(Date.now() + 30 * 86_400_000)

/** What a person in Slack waits for while as much is taken in and pushed as can be. HTTP mode, signed requests. */
export async function slack(runs: number): Promise<Line[]> {
  await using redkey = await aBenchRedkey({ delivery: 'http' })
  await redkey.start()
  await redkey.connect()
  await redkey.stop()
  await addConnections(redkey)
  await redkey.start()
  const idle = { acks: [] as number[], lists: [] as number[] }
  const busy = { acks: [] as number[], lists: [] as number[], rates: [] as number[] }
  for (let run = 0; run < runs; run++) {
    idle.acks.push(quantile(await acksMs(redkey), 0.99))
    idle.lists.push(quantile(await listsMs(redkey), 0.5))
    await holdBack(redkey, `held${run}`)
    await redkey.reauthorize(0)
    await using load = startLoad(redkey, `load${run}`)
    busy.acks.push(quantile(await acksMs(redkey), 0.99))
    busy.lists.push(quantile(await listsMs(redkey), 0.5))
    busy.rates.push(load.perSecond())
  }
  const many = CONNECTIONS.toLocaleString('en')
  const ofGoal = { unit: 'ms', goal: { atMost: 1 }, against: 'the goal' }
  const rate = Math.round(quantile(busy.rates, 0.5)).toLocaleString('en')
  return [
    line(`ack of a command, p99, ${many} connections, ingest (${rate}/s) and catch-up under way`, by(busy.acks, ACK_MS), ofGoal),
    line(`ack of a command, p99, ${many} connections, nothing under way`, by(idle.acks, ACK_MS), { ...ofGoal, goal: null }),
    line(`the list of ${many} connections`, by(idle.lists, LIST_MS), ofGoal),
    line(`the list of ${many} connections, ingest and catch-up under way`, by(busy.lists, LIST_MS), ofGoal),
  ]
}

async function addConnections({ databaseFile, sandbox }: BenchRedkey): Promise<void> {
  const { teamId } = sandbox.slack.identity
  await withStore(databaseFile, async (store) => {
    for (let number = 1; number < CONNECTIONS; number++) {
      const grant = aGrant({ id: anId('bench-grant'), teamId })
      const connection = aConnection({ id: anId('bench'), teamId, grantId: grant.id, name: `salesforce-${number}` })
      const ids = { teamId, connectionId: connection.id }
      const welcome = aMessage({ ...ids, kind: 'welcome', createdAt: MUCH_LATER })
      await store.connections.add(connection, grant, null, welcome, MUCH_LATER, anAuditEntry(ids))
    }
  })
}

/** The backlog that is caught up with while it is measured. */
async function holdBack(redkey: BenchRedkey, prefix: string): Promise<void> {
  await redkey.goRed()
  await sendAll(touchpointsAt(redkey), bodiesOf(prefix, BACKLOG, 1000, { connection: 'salesforce' }), 4)
}

async function acksMs({ sandbox: { slack: workspace } }: BenchRedkey): Promise<number[]> {
  const tookMs: number[] = []
  for (let number = 0; number < COMMANDS; number++) {
    const from = performance.now()
    const { error } = await workspace.command(ANA, MARKETING_OPS, 'help')
    if (error !== null && error !== TOO_LATE) throw new Error(`a command was answered with ${error}`)
    tookMs.push(performance.now() - from)
    await sleep(Math.max(0, A_COMMAND_EVERY_MS - (performance.now() - from)))
  }
  return tookMs
}

/** From typing to seeing, one after the other. */
async function listsMs({ sandbox: { slack: workspace } }: BenchRedkey): Promise<number[]> {
  const tookMs: number[] = []
  const lists = () => workspace.ephemerals(ANA).filter(({ blocks }) => JSON.stringify(blocks).includes('salesforce-')).length
  for (let number = 0; number < LISTS; number++) {
    const before = lists()
    const from = performance.now()
    await workspace.command(ANA, MARKETING_OPS, 'list')
    await workspace.eventually(() => lists() > before, 30_000)
    tookMs.push(performance.now() - from)
  }
  return tookMs
}

interface Load extends AsyncDisposable {
  /** Records a second so far. */
  perSecond(): number
}

function startLoad({ url, token }: BenchRedkey, prefix: string): Load {
  const child: ChildProcess = fork(fileURLToPath(new URL('load.ts', import.meta.url)))
  const from = performance.now()
  let taken = 0
  child.on('message', (records: number) => {
    taken += records
  })
  child.send({ url, token, connection: 'salesforce', inFlight: 4, prefix } satisfies ToLoad)
  return {
    perSecond: () => (taken / (performance.now() - from)) * 1000,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close')
      child.kill('SIGKILL')
      await ended
    },
  }
}

function by(tookMs: readonly number[], limit: number): Run[] {
  return tookMs.map((measured) => ({ measured, limit }))
}
