import type { CrmRecord, Mapping, ObjectMapping } from '../provider.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

export interface MappedRecord {
  readonly target: ObjectMapping
  readonly record: CrmRecord
}

/** A touchpoint as a record of the CRM. What has no target in the mapping is not sent. */
export function toRecord(mapping: Mapping, touchpoint: Touchpoint): MappedRecord {
  const target = mapping.attribution && touchpoint.opportunityId ? mapping.attribution : mapping.touchpoints
  const record: Record<string, CrmRecord[string]> = { [target.externalIdField]: touchpoint.id }
  for (const [path, field] of Object.entries(target.fields)) {
    const value = valueAt(touchpoint, path)
    if (value !== undefined) record[field] = value
  }
  for (const field of target.custom) {
    const value = touchpoint.custom?.[field]
    if (value !== undefined) record[field] = value
  }
  return { target, record }
}

/** Keys of `custom` that the mapping does not allow. */
export function unmappedCustom(mapping: Mapping, touchpoint: Touchpoint): string[] {
  if (!touchpoint.custom) return []
  const target = mapping.attribution && touchpoint.opportunityId ? mapping.attribution : mapping.touchpoints
  return Object.keys(touchpoint.custom).filter((field) => !target.custom.includes(field))
}

function valueAt(touchpoint: Touchpoint, path: string): CrmRecord[string] | undefined {
  const [head = '', tail] = path.split('.')
  const value = touchpoint[head as keyof Touchpoint]
  if (tail === undefined) return isScalar(value) ? value : undefined
  const inner = touchpoint.person?.[tail as keyof NonNullable<Touchpoint['person']>]
  return isScalar(inner) ? inner : undefined
}

function isScalar(value: unknown): value is CrmRecord[string] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}
