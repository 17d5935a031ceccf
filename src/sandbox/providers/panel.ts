/** What a side panel can offer for one fake provider: titles and labels are read by people who do marketing. */
export interface PanelGroup {
  /** Set by the sandbox: groups of one section stand together. */
  readonly section?: string
  readonly title: string
  readonly note?: string
  readonly controls: readonly PanelControl[]
}

export interface PanelControl {
  /** Unique over all groups of one provider; goes back into `run`. */
  readonly id: string
  readonly label: string
  readonly kind: 'button' | 'toggle'
  /** Toggles only: whether it is switched on now. */
  readonly on?: boolean
  readonly tone?: 'danger' | 'normal'
}

/** A control with what it does. `run` returns a plain sentence of what happened. */
export interface LiveControl {
  readonly id: string
  readonly label: string
  readonly tone?: 'danger' | 'normal'
  /** Present on toggles. */
  readonly isOn?: () => boolean
  readonly run: () => string
}

export function panelControl(control: LiveControl): PanelControl {
  const { id, label, tone, isOn } = control
  const shown = { id, label, ...(tone && { tone }) }
  return isOn ? { ...shown, kind: 'toggle', on: isOn() } : { ...shown, kind: 'button' }
}

export function button(id: string, label: string, tone: 'danger' | 'normal', run: () => string): LiveControl {
  return { id, label, tone, run }
}

export function toggle(
  id: string,
  label: string,
  tone: 'danger' | 'normal',
  isOn: () => boolean,
  run: () => string,
): LiveControl {
  return { id, label, tone, isOn, run }
}

export interface LiveGroup {
  readonly title: string
  readonly note: string
  readonly controls: readonly LiveControl[]
}

/** The same groups, their controls told from those of other accounts. */
export function withPrefix(prefix: string, groups: readonly LiveGroup[]): readonly LiveGroup[] {
  return groups.map((group) => ({
    ...group,
    controls: group.controls.map((control) => ({ ...control, id: `${prefix}-${control.id}` })),
  }))
}

export interface ProviderPanel {
  groups(): readonly PanelGroup[]
  run(controlId: string): Promise<string>
}

/** The panel of one fake. `label`: as people write the provider. */
export function providerPanel(label: string, groups: readonly LiveGroup[]): ProviderPanel {
  return {
    groups: () => groups.map(({ title, note, controls }) => ({ title, note, controls: controls.map(panelControl) })),
    async run(controlId) {
      const control = groups.flatMap(({ controls }) => controls).find(({ id }) => id === controlId)
      if (!control) throw new Error(`The fake ${label} has no control ${controlId}`)
      return control.run()
    },
  }
}
