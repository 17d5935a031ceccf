import type { ApiUsage, Asked, Provider, Tokens, Verdict } from './provider.ts'

/** One record for the CRM: field name to value, external id included. */
export type CrmRecord = Readonly<Record<string, string | number | boolean | null>>

export interface PushTarget {
  readonly object: string
  readonly externalIdField: string
}

export type RecordOutcome =
  | { readonly kind: 'pushed'; readonly created: boolean }
  | { readonly kind: 'retry'; readonly code: string; readonly message: string }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string; readonly field: string | null }
  /** The login lacks a right on the object or a field: every other record would be refused alike, so the outbox is held. */
  | { readonly kind: 'held'; readonly verdict: Extract<Verdict, { kind: 'permission' }> }

export interface PushAnswer {
  /** In the order of the records. */
  readonly outcomes: readonly RecordOutcome[]
  readonly usage: ApiUsage | null
}

export interface CrmField {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly writable: boolean
  readonly externalId: boolean
}

export interface CrmObject {
  readonly name: string
  readonly label: string
  readonly custom: boolean
  readonly writable: boolean
  readonly fields: readonly CrmField[]
}

/** Where touchpoints go in one kind of CRM, with or without a package in it. */
export interface MappingPreset {
  /** Stays the same: it is stored. */
  readonly name: string
  /** Whose objects these are, as people say it. */
  readonly label: string
  readonly mapping: Mapping
}

/** One thing that pushing needs in a CRM. */
export interface SetupStep {
  readonly id: string
  /** "Custom object Redkey_Touchpoint__c with 23 fields" */
  readonly says: string
  /** `different`: it is there in a way that does not do, and is left alone. */
  readonly state: 'there' | 'missing' | 'different'
  /** Names of parts of it that are to be made, for whoever makes them. */
  readonly missing: readonly string[]
  /** What a person changes, where it is different. */
  readonly differs: string | null
}

/** `working`: ask again with the ticket. */
export type SetupProgress = { readonly kind: 'done' } | { readonly kind: 'working'; readonly ticket: string }

/** Makes in a CRM what pushing needs, where no package has made it. Nothing that is there is changed. */
export interface CrmSetup {
  /** The preset that fits what it makes. */
  readonly preset: string
  /** Presets of others, of which it makes what they leave out. */
  readonly completes?: readonly string[]
  /** What is needed, in the order in which it is made. Changes nothing. */
  describe(tokens: Tokens): Promise<Asked<readonly SetupStep[]>>
  /** Makes what is missing of one step. A right that the login lacks is `permission`, and says who grants it. */
  apply(tokens: Tokens, step: SetupStep, ticket: string | null): Promise<Asked<SetupProgress>>
}

export interface Crm extends Provider {
  readonly kind: 'crm'
  /** Most records in one push. */
  readonly batchSize: number
  readonly defaultMapping: Mapping
  /** Tried in this order when a connection has no mapping: the first whose object is there is taken. */
  readonly presets?: readonly MappingPreset[]
  /** Where `redkey crm setup` can make what a preset needs. */
  readonly setup?: CrmSetup
  /** Upserts by external id, all of one object; an id occurs once. A repeat changes nothing. */
  push(tokens: Tokens, target: PushTarget, records: readonly CrmRecord[]): Promise<Asked<PushAnswer>>
  describe(tokens: Tokens, object: string): Promise<Asked<CrmObject>>
  /** Where the CRM has an interface of its own for large backlogs. */
  readonly bulk?: BulkCrm
}

/** `open`: it waits for data, or to be closed. `ended`: nothing more happens; what has results has them. */
export interface BulkState {
  readonly kind: 'open' | 'working' | 'ended'
  /** As the CRM says it, for the log. */
  readonly said: string
  /** Went through to its end, however many records were refused. */
  readonly complete: boolean
  /** Records that were written. */
  readonly written: number
}

/** What became of one record of a job. */
export interface BulkResult {
  readonly externalId: string
  readonly outcome: RecordOutcome
}

/**
 * A CRM's interface for large backlogs: a job is made, gets its data once, is closed, and is worked on while nobody waits. `rejected`
 * says here that this job, or any, can't be had that way; ordinary pushes may still work.
 */
export interface BulkCrm {
  /** Most records and bytes of data in one job. */
  readonly maxRecords: number
  readonly maxBytes: number
  /** The job's id. */
  create(tokens: Tokens, target: PushTarget): Promise<Asked<string>>
  /** Gives up the jobs for this target that this login began since then and that wait for data. Answers how many. */
  abortForgotten(tokens: Tokens, target: PushTarget, since: Date): Promise<Asked<number>>
  /** One record as data of a job. `null`: it can't be told in that form exactly. */
  encode(target: ObjectMapping, record: CrmRecord): string | null
  /** All data of a job, in what `encode` made. */
  upload(tokens: Tokens, jobId: string, target: ObjectMapping, data: AsyncIterable<string>): Promise<Asked<null>>
  close(tokens: Tokens, jobId: string): Promise<Asked<null>>
  abort(tokens: Tokens, jobId: string): Promise<Asked<null>>
  state(tokens: Tokens, jobId: string): Promise<Asked<BulkState>>
  /** What became of the records, in no order, page by page (at most 1,000); a refusal is the last thing it yields. */
  results(tokens: Tokens, jobId: string, target: PushTarget, state: BulkState): AsyncIterable<Asked<readonly BulkResult[]>>
}

/** Which object and fields a touchpoint is written to. Keys of `fields` are paths of a touchpoint ("person.leadId"), values CRM fields. */
export interface ObjectMapping extends PushTarget {
  readonly fields: Readonly<Record<string, string>>
  /** CRM fields that a touchpoint's `custom` may name. */
  readonly custom: readonly string[]
}

export interface Mapping {
  readonly touchpoints: ObjectMapping
  /** For touchpoints with an opportunity; null: they go where all go. */
  readonly attribution: ObjectMapping | null
  /** The preset that was found to fit; absent: a person has set it. */
  readonly preset?: string
}

export function isCrm(provider: Provider): provider is Crm {
  return provider.kind === 'crm'
}
