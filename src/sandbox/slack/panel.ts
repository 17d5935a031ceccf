/** The side panel of the page: whatever a person may break, repair or make. Drawn generically. */
export interface Panel {
  /** Asked again whenever the page is drawn. */
  groups(): PanelGroup[]
  /** Does what the control says; the sentence is shown to whoever clicked. */
  run(id: string): Promise<string>
}

export interface PanelGroup {
  /** Groups of one section stand together and are folded away; those without stand open above them. */
  section?: string
  title: string
  note?: string
  controls: PanelControl[]
}

export interface PanelControl {
  id: string
  label: string
  kind: 'button' | 'toggle'
  on?: boolean
  /** Toggles only: it is not as it was in the beginning. */
  isChanged?: boolean
  tone?: 'danger' | 'normal'
}
