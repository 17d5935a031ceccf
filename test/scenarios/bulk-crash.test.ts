import { expect, test } from 'vitest'
import type { BulkCall } from '../../src/sandbox/providers/salesforce/bulk-jobs.ts'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { aLiveRedkey } from '../support/live.ts'
import { TOUCHPOINT_OBJECT, touchpoints } from '../support/world.ts'

const COUNT = 300

test('kill -9 at every point of a bulk job: one job is worked on in the end, nothing is lost, nothing is written twice', {
  timeout: 120_000,
}, async () => {
  await using live = await aLiveRedkey({ REDKEY_BULK_FROM: '100' })
  const { bulk } = live.acme
  await live.start()
  await live.connect()
  live.acme.revokeGrant()
  await live.reauthorizeLink()
  await live.deliver(touchpoints(COUNT))

  /** The call was acted on, and the process dies before it learns of it. */
  const dieAfter = async (call: BulkCall, meanwhile: () => Promise<unknown> = async () => undefined) => {
    const pause = bulk.pauseAfter(call)
    const done = meanwhile().catch(() => undefined) // its answer dies with the process
    await pause.reached
    await live.crash()
    pause.release()
    await done
  }
  await dieAfter('create', () => live.reauthorize())
  await dieAfter('upload')
  await dieAfter('close')
  await dieAfter('state')
  await dieAfter('successfulResults')
  await dieAfter('failedResults')
  const report = await live.slack.eventually(
    () => live.slack.timeline(MARKETING_OPS).find(({ text }) => /300 missed touchpoints accounted for/.test(text)),
    40_000,
  )
  expect(report.text).toMatch(/300 pushed.*0 superseded.*0 rejected/)
  const settled = { waiting: 0, pushed: COUNT, superseded: 0, rejected: 0 }
  expect((await live.api('/v1/connections/salesforce'))['backlog']).toEqual(settled)
  const written = [...live.acme.records(TOUCHPOINT_OBJECT).values()].map(({ created, updated }) => created + updated)
  expect(written).toEqual(Array.from({ length: COUNT }, () => 1))
  expect(bulk.jobs.map(({ state }) => state)).toEqual(['Aborted', 'Aborted', 'JobComplete'])
})
