import type { FakeProvider } from './providers/fake-provider.ts'
import type { Panel, PanelControl, PanelGroup } from './slack/panel.ts'
import type { Sent } from './touchpoints.ts'

const AMOUNTS = [1, 100, 1000]

/** Whose logins end at one press: all of them, whoever has logged in meanwhile. The provider in the words of the label. */
const BREAKABLE: readonly (readonly [provider: string, label: string])[] = [
  ['salesforce', 'Salesforce'],
  ['google-ads', 'Google'],
]
const BREAK = 'sandbox:break-'

/** Of the accounts that the opening story connects: provider, id of the control there, and the words for somebody who is new here. */
const MOST_USED: readonly (readonly [provider: string, id: string, label: string])[] = [
  ['google-ads', 'account-2345678901-ad', 'Create a Google ad'],
  ['google-ads', 'account-2345678901-restate', 'Restate Google costs'],
]
const PUT_BACK = 'sandbox:put-back'

/** What may be made and broken, in the words of people who do marketing. What most people want comes first. */
export function sandboxPanel(fakes: readonly FakeProvider[], send: (count: number) => Promise<Sent>): Panel {
  const atFirst = new Map(fakes.flatMap(controlsOf).map(({ id, on }) => [id, on]))
  const isChanged = ({ id, on }: PanelControl) => on !== atFirst.get(id)

  async function run(id: string): Promise<string> {
    const [, name, control = ''] = /^([\w-]+):(.*)$/.exec(id) ?? []
    const fake = fakes.find((one) => one.name === name)
    if (fake) return fake.run(control)
    if (id === PUT_BACK) return putBack()
    const broken = BREAKABLE.find(([provider]) => id === `${BREAK}${provider}`)
    if (broken) return breakLogins(fakes, ...broken)
    if (name !== 'touchpoints') throw new Error(`The panel has no control ${id}`)
    const { accepted } = await send(Number(control))
    return `Redkey took in ${accepted.toLocaleString('en')} touchpoint${accepted === 1 ? '' : 's'} for Acme Inc.`
  }

  /** One by one and asked again each time, since one switch may change another. */
  async function putBack(): Promise<string> {
    let count = 0
    for (const { id } of fakes.flatMap(controlsOf).filter(isChanged)) {
      const now = fakes.flatMap(controlsOf).find((one) => one.id === id)
      if (!now || !isChanged(now)) continue
      await run(id)
      count += 1
    }
    if (count === 0) return 'Every switch is as it was in the beginning.'
    return `${count} ${count === 1 ? 'switch is' : 'switches are'} as in the beginning again.`
  }

  return {
    groups: () => [
      mostUsed(fakes),
      {
        title: 'Send touchpoints',
        note: "As Acme's website does. Redkey pushes them to the Salesforce of Acme Inc.",
        controls: AMOUNTS.map((count) => ({
          id: `touchpoints:${count}`,
          label: count === 1 ? 'Send one' : `Send ${count.toLocaleString('en')}`,
          kind: 'button' as const,
        })),
      },
      ...fakes.flatMap((fake) =>
        fake.panelGroups().map((group) => ({
          ...group,
          section: fake.label,
          controls: group.controls.map((control) => {
            const own = { ...control, id: `${fake.name}:${control.id}` }
            return { ...own, isChanged: isChanged(own) }
          }),
        })),
      ),
    ],
    run,
  }
}

function breakLogins(fakes: readonly FakeProvider[], provider: string, label: string): string {
  const whose = fakes.find(({ name }) => name === provider)?.revokeLogins?.() ?? []
  if (whose.length === 0) return 'There is no login left to break: reauthorize first.'
  const people = new Intl.ListFormat('en').format(whose)
  return whose.length === 1 ? `${label} ended the login of ${people}.` : `${label} ended the logins of ${people}.`
}

function mostUsed(fakes: readonly FakeProvider[]): PanelGroup {
  const breaks: PanelControl[] = BREAKABLE.filter(([provider]) => fakes.some(({ name }) => name === provider)).map(
    ([provider, label]) => ({ id: `${BREAK}${provider}`, label: `Break ${label}'s logins`, kind: 'button', tone: 'danger' }),
  )
  const all = new Map(fakes.flatMap(controlsOf).map((control) => [control.id, control]))
  const controls = MOST_USED.flatMap(([provider, id, label]) => {
    const control = all.get(`${provider}:${id}`)
    return control ? [{ ...control, label }] : []
  })
  return {
    title: 'Most used',
    note: 'Redkey notices a broken login within seconds. Everything else is below, by provider.',
    controls: [...breaks, ...controls, { id: PUT_BACK, label: 'Put all switches back', kind: 'button' }],
  }
}

function controlsOf(fake: FakeProvider): PanelControl[] {
  return fake
    .panelGroups()
    .flatMap(({ controls }) => controls)
    .map((control) => ({ ...control, id: `${fake.name}:${control.id}` }))
}
