import { type Clock, MINUTE_MS } from '../../../clock.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { quoted, type WebApi } from './web-api.ts'

/** A table of an environment, as its metadata tells. All names but `entitySet` and `bind` are logical names. */
export interface Table {
  readonly name: string
  readonly label: string
  readonly custom: boolean
  /** What the Web API calls the table: not always the plural of its name. */
  readonly entitySet: string
  readonly primaryId: string
  readonly columns: readonly Column[]
  readonly keys: readonly Key[]
  /** By column. */
  readonly lookups: ReadonlyMap<string, Lookup>
  readonly privileges: readonly { readonly type: string; readonly id: string; readonly name: string }[]
}

interface Column {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly type: string
  readonly writable: boolean
  readonly secured: boolean
}

interface Key {
  readonly columns: readonly string[]
  /** `Active`, or `Pending`, `InProgress`, `Failed` while its index is not there. */
  readonly status: string
}

/** A column that points to records of one other table, and is written by the name of its navigation property. */
interface Lookup {
  readonly property: string
  readonly target: string
}

export interface Tables {
  /** Minutes old at most. */
  find(tokens: Tokens, name: string): Promise<Asked<Table>>
  /** Asked for now. */
  read(tokens: Tokens, name: string): Promise<Asked<Table>>
  /** Of another table only what lookups need. */
  entitySetOf(tokens: Tokens, name: string): Promise<Asked<string>>
  /** Something was refused that the metadata had promised. */
  forget(tokens: Tokens, name: string): void
}

const KEEP_MS = 10 * MINUTE_MS
const MOST_KEPT = 500

/**
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/entitymetadata (2026-11): Attributes, Keys and
 * ManyToOneRelationships are its collection-valued navigation properties. EntityKeyIndexStatus: define-alternate-keys-entity, "Monitor index creation".
 */
const QUERY = [
  '$select=LogicalName,EntitySetName,PrimaryIdAttribute,IsCustomEntity,DisplayName,Privileges',
  `$expand=${[
    'Attributes($select=LogicalName,DisplayName,AttributeType,IsValidForCreate,IsValidForUpdate,IsSecured,AttributeOf)',
    'Keys($select=KeyAttributes,EntityKeyIndexStatus)',
    'ManyToOneRelationships($select=ReferencingAttribute,ReferencingEntityNavigationPropertyName,ReferencedEntity)',
  ].join(',')}`,
].join('&')

/**
 * Without it a table that was just made "may return a 404 because it hasn't been cached yet", for 30 seconds.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/web-api-metadata-operations-sample (2026-11)
 */
const STRONG = { consistency: 'Strong' }

export function createTables(api: WebApi, clock: Clock): Tables {
  const kept = keeper<Table>(clock)
  const sets = keeper<string>(clock)

  async function read(tokens: Tokens, name: string): Promise<Asked<Table>> {
    const asked = await api.get(tokens, `EntityDefinitions(LogicalName=${quoted(name)})?${QUERY}`, STRONG)
    if (asked.kind !== 'ok') return asked
    const table = readTable(asRecord(asked.value.json))
    if (table === null) return unreadable()
    kept.put(`${tokens.apiOrigin} ${name}`, table)
    return { kind: 'ok', value: table }
  }

  return {
    read,
    async find(tokens, name) {
      const known = kept.get(`${tokens.apiOrigin} ${name}`)
      return known === undefined ? read(tokens, name) : { kind: 'ok', value: known }
    },
    async entitySetOf(tokens, name) {
      const key = `${tokens.apiOrigin} ${name}`
      const known = sets.get(key)
      if (known !== undefined) return { kind: 'ok', value: known }
      const asked = await api.get(tokens, `EntityDefinitions(LogicalName=${quoted(name)})?$select=EntitySetName`)
      if (asked.kind !== 'ok') return asked
      const set = asText(asRecord(asked.value.json).EntitySetName)
      if (set === null) return unreadable()
      sets.put(key, set)
      return { kind: 'ok', value: set }
    },
    forget: (tokens, name) => kept.drop(`${tokens.apiOrigin} ${name}`),
  }
}

function keeper<T>(clock: Clock) {
  const kept = new Map<string, { readonly value: T; readonly until: number }>()
  return {
    get(key: string): T | undefined {
      const found = kept.get(key)
      return found && found.until > clock.now().getTime() ? found.value : undefined
    },
    put(key: string, value: T): void {
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(key, { value, until: clock.now().getTime() + KEEP_MS })
    },
    drop(key: string): void {
      kept.delete(key)
    },
  }
}

function readTable(body: JsonRecord): Table | null {
  const name = asText(body.LogicalName)
  const entitySet = asText(body.EntitySetName)
  const primaryId = asText(body.PrimaryIdAttribute)
  if (name === null || entitySet === null || primaryId === null) return null
  return {
    name,
    entitySet,
    primaryId,
    label: readLabel(body.DisplayName) ?? name,
    custom: body.IsCustomEntity === true,
    columns: asList(body.Attributes).flatMap((attribute) => readColumn(asRecord(attribute), primaryId)),
    keys: asList(body.Keys).map((key) => readKey(asRecord(key))),
    lookups: readLookups(asList(body.ManyToOneRelationships)),
    privileges: asList(body.Privileges).flatMap((privilege) => {
      const { PrivilegeType, PrivilegeId, Name } = asRecord(privilege)
      const [type, id, named] = [asText(PrivilegeType), asText(PrivilegeId), asText(Name)]
      return type === null || id === null || named === null ? [] : [{ type, id, name: named }]
    }),
  }
}

/** Owner and state are the environment's; virtual columns are parts of others. */
const NEVER_WRITTEN = ['Uniqueidentifier', 'Owner', 'State', 'Status', 'Virtual', 'EntityName', 'ManagedProperty', 'PartyList']

/** Writable means at creation and later: an upsert does both. */
function readColumn(attribute: JsonRecord, primaryId: string): readonly Column[] {
  const name = asText(attribute.LogicalName)
  const type = asText(attribute.AttributeType) ?? ''
  if (name === null || asText(attribute.AttributeOf) !== null) return []
  const isOurs = name !== primaryId && !NEVER_WRITTEN.includes(type)
  const writable = isOurs && attribute.IsValidForCreate === true && attribute.IsValidForUpdate === true
  const id = asText(attribute.MetadataId) ?? ''
  return [{ id, name, label: readLabel(attribute.DisplayName) ?? name, type, writable, secured: attribute.IsSecured === true }]
}

function readKey({ KeyAttributes, EntityKeyIndexStatus }: JsonRecord): Key {
  const columns = asList(KeyAttributes).filter((column) => typeof column === 'string')
  return { columns, status: asText(EntityKeyIndexStatus) ?? '' }
}

/** A column that can point to several tables has a property for each; which one is meant can't be told from a value. */
function readLookups(relationships: readonly unknown[]): ReadonlyMap<string, Lookup> {
  const found = new Map<string, Lookup>()
  const several = new Set<string>()
  for (const relationship of relationships.map(asRecord)) {
    const column = asText(relationship.ReferencingAttribute)
    const property = asText(relationship.ReferencingEntityNavigationPropertyName)
    const target = asText(relationship.ReferencedEntity)
    if (column === null || property === null || target === null) continue
    if (found.has(column)) several.add(column)
    found.set(column, { property, target })
  }
  for (const column of several) found.delete(column)
  return found
}

/** `{"LocalizedLabels":[…],"UserLocalizedLabel":{"Label":"Touchpoint Date",…}}` */
function readLabel(label: unknown): string | null {
  const { UserLocalizedLabel, LocalizedLabels } = asRecord(label)
  return asText(asRecord(UserLocalizedLabel).Label) ?? asText(asRecord(asList(LocalizedLabels)[0]).Label)
}

function unreadable(): Asked<never> {
  const explanation = 'Dynamics 365 described the table in an unknown form.'
  return { kind: 'transient', retryAfterMs: null, code: 'unreadable_table', explanation }
}
