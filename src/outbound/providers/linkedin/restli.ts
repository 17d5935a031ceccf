import type { Day } from '../../../domain/day.ts'
import { asText } from '../json.ts'

/**
 * Rest.li 2.0 writes records and lists with `( ) , : '` in a URL; they stay as they are there, and are encoded within a value.
 * https://linkedin.github.io/rest.li/spec/protocol, learn.microsoft.com/linkedin/shared/api-guide/concepts/protocol-version (2026-11)
 */
export function encoded(value: string): string {
  return encodeURIComponent(value).replace(/[()']/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

export function listOf(values: readonly string[]): string {
  return `List(${values.map(encoded).join(',')})`
}

export function dateOf(day: Day): string {
  const [year, month, date] = day.split('-').map(Number)
  return `(year:${year},month:${month},day:${date})`
}

export type Entity = 'sponsoredAccount' | 'sponsoredCampaign' | 'sponsoredCreative'

export function urnOf(entity: Entity, id: string): string {
  return `urn:li:${entity}:${id}`
}

/** The number of an entity: some resources tell it as a number, others as text or as a URN. */
export function idOf(entity: Entity, value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : asText(value)
  const id = text?.replace(`urn:li:${entity}:`, '') ?? ''
  return /^\d{1,20}$/.test(id) ? id : null
}
