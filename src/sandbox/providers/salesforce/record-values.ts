import { type RecordError, recordError } from './answers.ts'
import { looksLikeId } from './ids.ts'
import { type Field, KEY_PREFIXES } from './objects.ts'

const DATETIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/

/** Why a field refuses a value, in Salesforce's words; null when it takes it. */
export function refusedValue(field: Field, value: unknown): RecordError | null {
  if (field.type === 'id') return recordError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id'])
  if (!field.createable) return notWritable(field)
  if (value === null || value === '') return field.nillable ? null : missing(field)
  switch (field.type) {
    case 'string':
    case 'textarea':
    case 'url':
      return refusedText(field, value)
    case 'email':
      return refusedText(field, value) ?? (/^\S+@\S+\.\S+$/.test(String(value)) ? null : badEmail(field, value))
    case 'picklist':
      return refusedText(field, value) ?? refusedChoice(field, String(value))
    case 'reference':
      return refusedReference(field, value)
    case 'datetime':
      return typeof value === 'string' && DATETIME.test(value) ? null : notReadable(field, value)
    case 'double':
      return typeof value === 'number' || (typeof value === 'string' && Number.isFinite(Number(value)))
        ? null
        : notReadable(field, value)
    case 'boolean':
      return typeof value === 'boolean' ? null : notReadable(field, value)
    default:
      return field.type satisfies never
  }
}

function refusedText(field: Field, value: unknown): RecordError | null {
  if (typeof value === 'object') return notReadable(field, value)
  const text = String(value)
  if (text.length <= field.length || [...text].length <= field.length) return null
  return recordError('STRING_TOO_LONG', `${field.label}: data value too large: ${text} (max length=${field.length})`, [
    field.name,
  ])
}

function refusedChoice(field: Field, value: string): RecordError | null {
  if (!field.picklist?.isRestricted || field.picklist.values.includes(value)) return null
  const message = `${field.label}: bad value for restricted picklist field: ${value}`
  return recordError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name])
}

function refusedReference(field: Field, value: unknown): RecordError | null {
  const prefixes = field.referenceTo.flatMap((target) => KEY_PREFIXES[target] ?? [])
  if (typeof value === 'string' && looksLikeId(value, prefixes)) return null
  return recordError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${String(value)}`, [field.name])
}

function notWritable(field: Field): RecordError {
  const advice =
    'Please check the security settings of this field and verify that it is read/write for your profile or permission set.'
  return recordError('INVALID_FIELD_FOR_INSERT_UPDATE', `Unable to create/update fields: ${field.name}. ${advice}`, [field.name])
}

function missing(field: Field): RecordError {
  return recordError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${field.name}]`, [field.name])
}

function badEmail(field: Field, value: unknown): RecordError {
  return recordError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${String(value)}`, [field.name])
}

/** The JSON reader's own error, told per record; its wording is that of single-record calls (guess for collections). */
function notReadable(field: Field, value: unknown): RecordError {
  const kind = typeof value === 'number' ? 'VALUE_NUMBER' : typeof value === 'object' ? 'START_OBJECT' : 'VALUE_STRING'
  const message = `Cannot deserialize instance of ${field.type} from ${kind} value ${String(value)} or request may be missing a required field at [line:1, column:2]`
  return recordError('JSON_PARSER_ERROR', message)
}
