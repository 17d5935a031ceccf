import { API_ERRORS, batchError, type PropertyError, propertyError, type Refusal } from './answers.ts'
import type { CustomObject, Property } from './objects.ts'
import type { FakePortal } from './portal.ts'

const MAX_RECORDS = 100

interface Input {
  readonly id: string
  readonly idProperty: string
  readonly objectWriteTraceId: string | null
  readonly properties: Readonly<Record<string, string>>
}

export interface Written {
  readonly status: number
  readonly body: object
  readonly records: number
}

/**
 * `POST /crm/objects/2026-03/{objectType}/batch/upsert`. Inputs with an `objectWriteTraceId` are judged each for itself, under 207 when
 * some fail; without it one bad record fails all. Results come in an order of their own.
 * developers.hubspot.com/docs/api-reference/error-handling, "Multi-status errors"; the objects spec 2026-03 (2026-11)
 */
export function upsert(portal: FakePortal, object: CustomObject, text: string, now: Date): Written | Refusal {
  const inputs = parse(text)
  if (inputs === null) return API_ERRORS.badJson
  if (inputs.length > MAX_RECORDS) return API_ERRORS.tooMany
  const idProperty = inputs[0]?.idProperty ?? ''
  const unique = object.properties.find(({ name }) => name === idProperty)
  if (!unique?.hasUniqueValue) return API_ERRORS.notUnique(object.objectTypeId, idProperty, portal.hubId)
  const keys = inputs.map(({ id }) => id.toLowerCase())
  const twice = keys.filter((key, place) => keys.indexOf(key) !== place)
  if (twice.length > 0) return API_ERRORS.duplicateIds(twice)

  const judged = inputs.map((input) => ({ input, error: errorOf(portal, object, input) }))
  const isMulti = inputs.every(({ objectWriteTraceId }) => objectWriteTraceId !== null)
  const errors = judged.flatMap(({ error }) => error ?? [])
  if (!isMulti && errors[0]) return { status: 400, body: errors[0] }
  const good = judged.filter(({ error }) => error === null)
  const results = good.map(({ input }) => write(portal, input, now)).reverse()
  const times = { requestedAt: now.toISOString(), startedAt: now.toISOString(), completedAt: now.toISOString() }
  const told = errors.length > 0 ? { numErrors: errors.length, errors } : {}
  const status = errors.length > 0 && !portal.switches.errorsUnder200 ? 207 : 200
  return { status, body: { status: 'COMPLETE', results, ...told, ...times }, records: results.length }
}

function parse(text: string): readonly Input[] | null {
  try {
    const parsed = JSON.parse(text) as { inputs?: unknown } | null
    if (!Array.isArray(parsed?.inputs)) return null
    const inputs = parsed.inputs as readonly Partial<Input>[]
    return inputs.map(({ id = '', idProperty = '', objectWriteTraceId = null, properties = {} }) => ({
      id,
      idProperty,
      objectWriteTraceId,
      properties,
    }))
  } catch {
    return null
  }
}

function errorOf(portal: FakePortal, object: CustomObject, { id, objectWriteTraceId, properties }: Input): object | null {
  const traceId = portal.switches.strayErrors ? null : objectWriteTraceId
  const wrong = Object.entries(properties).flatMap(([name, value]) => wrongValue(object, name, value) ?? [])
  if (wrong.length > 0) return propertyError(wrong, portal.hubId, traceId)
  const fault = portal.faultOf(id)
  if (fault === 'locked') return batchError('LOCKED', 'The record is locked by another request.', traceId)
  if (fault === null) return null
  const message = 'soon was not a valid date.'
  return propertyError([{ code: 'INVALID_DATE', name: 'occurred_at', message }], portal.hubId, traceId)
}

/** Codes as in HubSpot's own examples (PROPERTY_DOESNT_EXIST, INVALID_INTEGER, INVALID_OPTION, READ_ONLY_VALUE). */
function wrongValue(object: CustomObject, name: string, value: unknown): PropertyError | null {
  const found = object.properties.find((one) => one.name === name)
  if (!found) return { code: 'PROPERTY_DOESNT_EXIST', name, message: `Property "${name}" does not exist` }
  if (found.isReadOnly) return { code: 'READ_ONLY_VALUE', name, message: `Property "${name}" is read only` }
  if (typeof value !== 'string') return { code: 'INVALID_STRING', name, message: `${name} was not a text` }
  return value === '' ? null : wrongText(found, value)
}

function wrongText({ name, type, options }: Property, value: string): PropertyError | null {
  if (type === 'number' && Number.isNaN(Number(value)))
    return { code: 'INVALID_INTEGER', name, message: `${name} was not a valid number` }
  if (type === 'datetime' && Number.isNaN(Date.parse(value)))
    return { code: 'INVALID_DATE', name, message: `${value} was not a valid date.` }
  if (type === 'enumeration' && !options.includes(value))
    return { code: 'INVALID_OPTION', name, message: `${value} was not one of the allowed options: [${options.join(', ')}]` }
  return null
}

/** SimplePublicUpsertObject; `properties` has what HubSpot adds, not what was sent. */
function write(portal: FakePortal, { id, objectWriteTraceId, properties }: Input, now: Date): object {
  const stored = portal.store(id, properties)
  return {
    id: stored.id,
    new: stored.updates === 0,
    archived: false,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    properties: { hs_object_id: stored.id, hs_lastmodifieddate: now.toISOString() },
    ...(objectWriteTraceId !== null && { objectWriteTraceId }),
  }
}
