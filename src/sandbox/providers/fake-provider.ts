import type { PanelGroup } from './panel.ts'

/** What the sandbox needs of every fake provider. */
export interface FakeProvider {
  /** As people type it after `add`. */
  readonly name: string
  /** As people write it. */
  readonly label: string
  /** What the app must be told to talk to this fake: environment variables, nothing else. */
  readonly env: Readonly<Record<string, string>>
  panelGroups(): readonly PanelGroup[]
  /** Does what the control does and says so in a sentence. @throws for an unknown id. */
  run(controlId: string): Promise<string>
  /** Ends every login that people have given the app, and answers whose; nobody's: none is left. Not every fake offers it. */
  revokeLogins?(): readonly string[]
  close(): Promise<void>
}

export interface FakeProviderOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** 0 takes a free one. */
  readonly port: number
  readonly clientId: string
  readonly clientSecret: string
  /** What the consent page calls the app. Default `Redkey`. */
  readonly appName?: string
  /** Compared exactly. */
  readonly redirectUris: readonly string[]
  readonly now?: () => Date
}
