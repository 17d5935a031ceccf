import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escalationReply } from '../../src/messages/escalation-reply.ts'
import { type Answered, aCardCourse, type CardCourse, cardEvents } from '../support/card-course.ts'
import { aSeed, fromEnvironment } from '../support/seeded.ts'

/** How many courses are lived through. `TEST_SCHEDULES=5000` is a longer proof. */
const COURSES = fromEnvironment('TEST_SCHEDULES', 120)
const AT_MOST_MS = process.env['TEST_SCHEDULES'] === undefined ? 15_000 : 3_600_000

test('whatever people press and whatever happens meanwhile, every press is answered, and cards show what the store has', {
  timeout: AT_MOST_MS + 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(cardEvents, async (events) => {
      await using course = await aCardCourse()
      for (const event of [{ kind: 'dies', of: 0 }, { kind: 'show' }, ...events] as const) {
        expectAnswers(await course.play(event))
        await expectTrueState(course)
        if (event.kind === 'show') await expectTrueCards(course)
      }
      // Once more it works and breaks, with nothing in the way.
      for (const event of [{ kind: 'thaw' }, { kind: 'login' }, { kind: 'dies', of: 'all' }, { kind: 'show' }] as const)
        await course.play(event)
      await expectTrueState(course)
      await expectTrueCards(course)
      expect(course.watch.slack.doubled).toEqual([])
      expect(await course.watch.store.messages.failed()).toEqual([])
    }),
    {
      numRuns: COURSES,
      seed: aSeed(),
      interruptAfterTimeLimit: AT_MOST_MS,
      markInterruptAsFailure: false,
    },
  )
})

/** Nothing answers nothing, and of several who press the same on the same version only one is told that it was them. */
function expectAnswers(answers: readonly Answered[]): void {
  for (const { outcome, person } of answers) {
    const { text, blocks } = escalationReply(outcome, person.id, '/connections')
    expect(text.trim().length).toBeGreaterThan(10)
    expect(blocks.length).toBeGreaterThan(0)
  }
  const won = answers.filter(({ outcome }) => outcome.kind === 'claim' || outcome.kind === 'snooze')
  const keys = won.map(({ press: { outageId, version }, outcome }) => `${outcome.kind} ${outageId} ${version}`)
  expect(keys).toEqual([...new Set(keys)])
}

/** What asks is followed up, and nothing else is. */
async function expectTrueState({ watch: { store, slack }, connectionIds }: CardCourse): Promise<void> {
  for (const id of connectionIds) {
    const outage = (await store.connections.overview(id))?.outage
    if (!outage) continue
    // Whatever is open is on a card, and on no other.
    const members = await store.outages.ofCard(outage.cardId ?? '')
    expect(members.filter(({ connection }) => connection.id === id).map((one) => one.outage.id)).toEqual([outage.id])
  }
  const ids = new Set(slack.shown.filter(({ place }) => place.threadTs === null).map(({ messageId }) => messageId))
  for (const id of ids) {
    const message = await store.messages.find(id)
    if (message?.kind !== 'outage') continue
    const escalation = await store.escalations.ofCard(id)
    const isOpen = (await store.outages.ofCard(id)).some(({ outage }) => outage.closedAt === null)
    expect(escalation?.endedAt === null).toBe(isOpen)
    expect(escalation?.remindAt !== null).toBe(isOpen)
  }
}

async function expectTrueCards(course: CardCourse): Promise<void> {
  for (const { shown, stored } of await course.cards()) expect(shown).toBe(stored)
}
