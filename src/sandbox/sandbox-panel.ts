import type { FakeProvider } from './providers/fake-provider.ts'
import type { Panel, PanelControl, PanelGroup } from './slack/panel.ts'
import type { Sent } from './touchpoints.ts'

const AMOUNTS = [1, 100, 1000]

/** Of the accounts that the opening story connects: provider, id of the control there, and the words for somebody who is new here. */
const MOST_USED: readonly (readonly [provider: string, id: string, label: string])[] = [
  ['salesforce', 'org1-revoke', "Break Salesforce's login"],
  ['google-ads', 'person1-revoke', "Break Google's login"],
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

function mostUsed(fakes: readonly FakeProvider[]): PanelGroup {
  const all = new Map(fakes.flatMap(controlsOf).map((control) => [control.id, control]))
  const controls = MOST_USED.flatMap(([provider, id, label]) => {
    const control = all.get(`${provider}:${id}`)
    return control ? [{ ...control, label }] : []
  })
  return {
    title: 'Most used',
    note: 'Redkey notices a broken login within seconds. Everything else is below, by provider.',
    controls: [...controls, { id: PUT_BACK, label: 'Put all switches back', kind: 'button' }],
  }
}

function controlsOf(fake: FakeProvider): PanelControl[] {
  return fake
    .panelGroups()
    .flatMap(({ controls }) => controls)
    .map((control) => ({ ...control, id: `${fake.name}:${control.id}` }))
}
