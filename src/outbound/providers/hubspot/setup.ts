import type { CrmSetup, SetupProgress, SetupStep } from '../../../domain/crm.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { API_VERSION, type Api } from './api.ts'
import { REDKEY_PRESET } from './default-mapping.ts'
import { findSchema, readFields, SCHEMAS_PATH } from './describe.ts'
import { readErrors } from './error-body.ts'
import { KEY, newObject, newProperties, OBJECT, PROPERTY_NAMES } from './own-object.ts'
import { SCOPES } from './scopes.ts'
import { readApiAnswer } from './verdicts.ts'

const [RIGHT] = SCOPES.optional

/** One object with its properties, and the right to make it. Who may make records of it is told by the login's scopes. */
export function setup(api: Api): CrmSetup {
  return {
    preset: REDKEY_PRESET.name,
    async describe(tokens) {
      const found = await findSchema(api, tokens, OBJECT)
      if (found.kind !== 'ok') return found
      const step = stepOf(found.value)
      return { kind: 'ok', value: step.state === 'missing' ? [rightOf(tokens), step] : [step] }
    },
    apply: (tokens) => apply(api, tokens),
  }
}

/**
 * What is missing is looked up again, so that a call whose answer was lost can be repeated.
 * https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/schemas/guide (the object with its properties),
 * https://developers.hubspot.com/docs/api-reference/2026-03/crm/properties/batch/create-properties (properties alone; 2026-11)
 */
async function apply(api: Api, tokens: Tokens): Promise<Asked<SetupProgress>> {
  const found = await findSchema(api, tokens, OBJECT)
  if (found.kind !== 'ok') return found
  const schema = found.value
  const missing = missingOf(schema)
  if (missing.length === 0) return DONE
  const answer =
    schema === null
      ? await api.post(tokens, SCHEMAS_PATH, newObject())
      : await api.post(tokens, propertiesPath(schema), newProperties(missing, groupOf(schema)))
  if (answer.kind !== 'answer') return answer
  const refusal = readApiAnswer(answer)
  return refusal === null ? DONE : notMade(refusal, answer)
}

const DONE: Asked<SetupProgress> = { kind: 'ok', value: { kind: 'done' } }

function propertiesPath({ objectTypeId }: JsonRecord): string {
  return `/crm/properties/${API_VERSION}/${encodeURIComponent(asText(objectTypeId) ?? OBJECT)}/batch/create`
}

/** A group that is surely there: that of a property of the account's own. */
function groupOf(schema: JsonRecord): string | null {
  const own = asList(schema.properties).map(asRecord)
  return asText(own.find(({ hubspotDefined, archived }) => hubspotDefined !== true && archived !== true)?.groupName)
}

function missingOf(schema: JsonRecord | null): readonly string[] {
  const there = schema === null ? [] : readFields(schema).map(({ name }) => name)
  return PROPERTY_NAMES.filter((name) => !there.includes(name))
}

function stepOf(schema: JsonRecord | null): SetupStep {
  const missing = missingOf(schema)
  const differs = schema === null ? null : whatDiffers(schema)
  const says =
    schema === null || missing.length === 0
      ? `Custom object ${OBJECT} with ${PROPERTY_NAMES.length} properties, unique values in ${KEY}`
      : `${missing.length} more properties of ${OBJECT}: ${missing.join(', ')}`
  const state = missing.length > 0 ? 'missing' : 'there'
  return { id: OBJECT, says, missing, state: differs === null ? state : 'different', differs }
}

/** Other types than ours are taken as somebody's choice, but a `date` refuses every time of the day but midnight. */
function whatDiffers(schema: JsonRecord): string | null {
  const ours = readFields(schema).filter(({ name }) => PROPERTY_NAMES.includes(name))
  if (ours.some(({ name, externalId }) => name === KEY && !externalId)) {
    return `The property ${KEY} takes the same value twice, and HubSpot can't change that. A super admin of the HubSpot account deletes it for good, or makes another with unique values, which the mapping then names.`
  }
  const unfit = ours.filter(({ writable, type }) => !writable || type === 'date').map(({ name }) => name)
  if (unfit.length === 0) return null
  return `The properties ${unfit.join(', ')} can't be written with what touchpoints have. A super admin of the HubSpot account deletes them for good, or the mapping names others.`
}

/** Told beforehand, as the login says what it was given. */
function rightOf({ scopes }: Tokens): SetupStep {
  const isThere = scopes.includes(RIGHT)
  return {
    id: RIGHT,
    says: `Right of the login to make objects (${RIGHT})`,
    state: isThere ? 'there' : 'different',
    missing: [],
    differs: isThere
      ? null
      : `The login was not given it. The app in HubSpot has to have ${RIGHT} as an optional scope; then a super admin of the HubSpot account reauthorizes the connection. The plan has to include custom objects (Enterprise).`,
  }
}

/**
 * https://knowledge.hubspot.com/crm-setup/create-custom-objects (2026-11): super admins, in Enterprise accounts, up to a limit. The
 * name of a deleted object stays taken: https://developers.hubspot.com/crm-custom-objects, "Delete a custom object".
 */
function notMade(refusal: Verdict, answer: HttpAnswer): Verdict {
  const isRight = refusal.kind === 'authorization_required' && refusal.cause === 'scope_missing'
  if (refusal.kind !== 'permission' && refusal.kind !== 'rejected' && !isRight) return refusal
  const { code } = refusal
  const words = readErrors(answer.json).map(({ message }) => message)
  const said = words.find((message) => message !== '') ?? refusal.explanation
  if (refusal.kind === 'rejected') {
    const hint = answer.status === 409 ? ' An object that was deleted before has to be deleted for good.' : ''
    return { kind: 'rejected', code, explanation: `HubSpot did not make it, and says: ${said}${hint}` }
  }
  const explanation = `The HubSpot user may not make it. It takes a super admin of the HubSpot account, who logs in to the connection for it, a plan with custom objects (Enterprise), and room for one more. HubSpot says: ${said}`
  return { kind: 'permission', cause: 'role_missing', code, explanation }
}
