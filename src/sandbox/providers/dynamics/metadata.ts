import { createHash } from 'node:crypto'
import type { Table } from './rows.ts'

/** A GUID that stays the same from start to start. */
export function guidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const PRIVILEGES = ['Create', 'Read', 'Write', 'Delete', 'Assign', 'Share', 'Append', 'AppendTo'] as const
export type PrivilegeType = (typeof PRIVILEGES)[number]

export function privilegeName(type: PrivilegeType, { seed }: Table): string {
  return `prv${type}${seed.custom ? seed.name : seed.schemaName}`
}

/** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/entitymetadata (2026-11); always with all it can expand. */
export function describeTable(table: Table): object {
  const { seed, missing, secured, keys } = table
  return {
    LogicalName: seed.name,
    SchemaName: seed.schemaName,
    EntitySetName: seed.entitySet,
    PrimaryIdAttribute: `${seed.name}id`,
    IsCustomEntity: seed.custom,
    DisplayName: label(seed.label),
    MetadataId: guidOf(seed.name),
    Privileges: PRIVILEGES.map((type) => ({
      PrivilegeType: type,
      PrivilegeId: guidOf(privilegeName(type, table)),
      Name: privilegeName(type, table),
    })),
    Attributes: seed.columns
      .filter((column) => !missing.has(column.name))
      .map((column) => ({
        LogicalName: column.name,
        SchemaName: column.schemaName,
        DisplayName: label(column.label),
        AttributeType: column.type,
        IsValidForCreate: column.writable,
        IsValidForUpdate: column.writable,
        IsSecured: secured.has(column.name),
        AttributeOf: null,
        MetadataId: guidOf(`${seed.name}.${column.name}`),
      })),
    Keys: [...keys].map(([column, status]) => ({ KeyAttributes: [column], EntityKeyIndexStatus: status })),
    ManyToOneRelationships: seed.columns
      .filter((column) => column.type === 'Lookup' && !missing.has(column.name))
      .map((column) => ({
        ReferencingAttribute: column.name,
        ReferencingEntityNavigationPropertyName: column.schemaName,
        ReferencedEntity: column.target,
      })),
  }
}

function label(text: string): object {
  const one = { Label: text, LanguageCode: 1033, IsManaged: true }
  return { LocalizedLabels: [one], UserLocalizedLabel: one }
}
