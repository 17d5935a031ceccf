import type { CrmRecord, Mapping, ObjectMapping } from '../crm.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

export interface MappedRecord {
  readonly target: ObjectMapping
  readonly record: CrmRecord
}

/** Makes records of touchpoints by a mapping, whose paths are taken apart once. What has no target in the mapping is not sent. */
export function recordMaker(mapping: Mapping): (touchpoint: Touchpoint) => MappedRecord {
  const toTouchpoints = objectRecordMaker(mapping.touchpoints)
  const toAttribution = mapping.attribution && objectRecordMaker(mapping.attribution)
  return (touchpoint) => (toAttribution && touchpoint.opportunityId ? toAttribution(touchpoint) : toTouchpoints(touchpoint))
}

function objectRecordMaker(target: ObjectMapping): (touchpoint: Touchpoint) => MappedRecord {
  const readers = Object.entries(target.fields).map(([path, field]) => ({ field, read: valueReader(path) }))
  return (touchpoint) => {
    const record: Record<string, CrmRecord[string]> = {}
    for (const { field, read } of readers) {
      const value = read(touchpoint)
      if (isScalar(value)) record[field] = value
    }
    for (const field of target.custom) {
      const value = touchpoint.custom?.[field]
      if (value !== undefined) record[field] = value
    }
    record[target.externalIdField] = touchpoint.id // last: nothing takes its place, or touchpoints would become one record
    return { target, record }
  }
}

/** Keys of `custom` that the mapping does not allow. */
export function unmappedCustom(mapping: Mapping, touchpoint: Touchpoint): string[] {
  if (!touchpoint.custom) return []
  const target = mapping.attribution && touchpoint.opportunityId ? mapping.attribution : mapping.touchpoints
  return Object.keys(touchpoint.custom).filter((field) => !target.custom.includes(field))
}

/** Reads `medium` or `person.email`. */
function valueReader(path: string): (touchpoint: Touchpoint) => unknown {
  const [head = '', tail] = path.split('.')
  const outer = head as keyof Touchpoint
  if (tail === undefined) return (touchpoint) => touchpoint[outer]
  const inner = tail as keyof NonNullable<Touchpoint['person']>
  return (touchpoint) => touchpoint.person?.[inner]
}

function isScalar(value: unknown): value is CrmRecord[string] {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
