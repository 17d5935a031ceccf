import { describeObject, type ObjectAccess } from './describe.ts'
import { type Field, type ObjectSeed, systemFields } from './objects.ts'

/** A record in the fake CRM, with how often it was written. `fields` has what was sent, under the API names. */
export interface StoredRecord {
  readonly id: string
  readonly externalId: string
  readonly fields: Record<string, unknown>
  readonly createdAt: Date
  updatedAt: Date
  /** Always 1: an external id is created once, whatever is sent. */
  readonly created: 1
  /** How often it was written again afterwards. */
  updated: number
}

export interface TableCounts {
  /** Rows of answers, not calls: a record that was refused three times counts three times. */
  created: number
  updated: number
  refused: number
}

/** One object of an org: its visible fields and its rows by external id. */
export interface Table {
  readonly seed: ObjectSeed
  readonly rows: Map<string, StoredRecord>
  readonly counts: TableCounts
  access: ObjectAccess
  /** Field names are not case-sensitive; null for an unknown or hidden one. */
  field(name: string): Field | null
  requiredOnCreate(): readonly Field[]
  /** A field that was made later. */
  add(field: Field): void
  addSystemFields(): void
  remove(fieldName: string): void
  change(fieldName: string, to: Partial<Field>): void
  hide(fieldName: string): void
  show(fieldName: string): void
  isHidden(fieldName: string): boolean
  describe(version: string): object
  /** The form in which external ids of a field are compared. */
  keyOf(field: Field, externalId: string): string
}

export function table(given: ObjectSeed): Table {
  let seed = given
  const hidden = new Set<string>()
  let visible = index(seed.fields)
  let required = requiredOf(visible)

  const self: Table = {
    get seed() {
      return seed
    },
    rows: new Map(),
    counts: { created: 0, updated: 0, refused: 0 },
    access: 'full',
    field: (name) => visible.get(name) ?? visible.get(name.toLowerCase()) ?? null,
    requiredOnCreate: () => required,
    add(field) {
      seed = { ...seed, fields: [...seed.fields, field] }
      look()
    },
    remove(fieldName) {
      seed = { ...seed, fields: seed.fields.filter(({ name }) => name !== fieldName) }
      look()
    },
    change(fieldName, to) {
      seed = { ...seed, fields: seed.fields.map((field) => (field.name === fieldName ? { ...field, ...to } : field)) }
      look()
    },
    addSystemFields() {
      for (const field of systemFields()) self.add(field)
    },
    hide(fieldName) {
      hidden.add(fieldName)
      look()
    },
    show(fieldName) {
      hidden.delete(fieldName)
      look()
    },
    isHidden: (fieldName) => hidden.has(fieldName),
    describe: (version) => describeObject(seed, [...new Set(visible.values())], self.access, version),
    keyOf: (field, externalId) => (field.caseSensitive ? externalId : externalId.toLowerCase()),
  }
  return self

  function look(): void {
    visible = index(seed.fields.filter((field) => !hidden.has(field.name)))
    required = requiredOf(visible)
  }
}

function index(fields: readonly Field[]): Map<string, Field> {
  const byName = new Map(fields.map((field) => [field.name, field]))
  for (const field of fields) byName.set(field.name.toLowerCase(), field)
  return byName
}

function requiredOf(fields: ReadonlyMap<string, Field>): Field[] {
  return [...new Set(fields.values())].filter((field) => !field.nillable && field.createable)
}
