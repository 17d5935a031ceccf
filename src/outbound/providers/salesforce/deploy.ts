import type { SetupProgress } from '../../../domain/crm.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asList, asRecord, asText } from '../json.ts'
import { plainText } from '../meaning.ts'
import { type Api, RawBody } from './api.ts'

/**
 * The REST resource of the Metadata API: one upload of a zip with metadata, all of it or nothing. Of the ways that a login with the
 * scope `api` has, this one is documented for objects, fields and permission sets alike; the Tooling API makes single fields, but lists
 * no POST for objects. No test level is asked for: without Apex in it nothing is tested, in production too.
 * https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_rest_deploy.htm (2026-11)
 */
const RESOURCE = '/metadata/deployRequest'
const OPTIONS = {
  allowMissingFiles: false,
  autoUpdatePackage: false,
  checkOnly: false,
  ignoreWarnings: false,
  performRetrieve: false,
  purgeOnDelete: false,
  rollbackOnError: true,
  singlePackage: true,
}

/** Begins a deployment; it goes on by itself. */
export async function beginDeploy(api: Api, tokens: Tokens, zip: Buffer): Promise<Asked<SetupProgress>> {
  const asked = await api.post(tokens, RESOURCE, multipart(zip))
  if (asked.kind !== 'ok') return mayNotChange(asked)
  const id = asText(asRecord(asked.value.json).id)
  return id === null ? unreadable() : { kind: 'ok', value: { kind: 'working', ticket: id } }
}

/** How far it is. What Salesforce did not like is `rejected`, in its own words. */
export async function readDeploy(api: Api, tokens: Tokens, id: string): Promise<Asked<SetupProgress>> {
  const asked = await api.call(tokens, 'GET', `${RESOURCE}/${encodeURIComponent(id)}?includeDetails=true`)
  if (asked.kind !== 'ok') return mayNotChange(asked)
  const result = asRecord(asRecord(asked.value.json).deployResult)
  if (result.done !== true) return { kind: 'ok', value: { kind: 'working', ticket: id } }
  if (result.success === true) return { kind: 'ok', value: { kind: 'done' } }
  const details = asRecord(result.details)
  const problems = asList(details.componentFailures).map((failure) => {
    const { fullName, problem } = asRecord(failure)
    return `${asText(fullName) ?? '?'}: ${asText(problem) ?? 'no reason given'}`
  })
  const told =
    problems.slice(0, 3).join('; ') || asText(result.errorMessage) || `the deployment ended as ${asText(result.status)}`
  const explanation = `Salesforce did not make it, and changed nothing: ${plainText(told)}`
  return { kind: 'rejected', code: asText(result.status) ?? 'deploy_failed', explanation }
}

/** In none of our files, which the zip has uncompressed. */
const BOUNDARY = 'redkey-deploy-8c1d5f02e7'

/** Two parts, named `json` and `file`. */
function multipart(zip: Buffer): RawBody {
  const part = (head: string) => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`
  const options = `${part('name="json"\r\nContent-Type: application/json')}${JSON.stringify({ deployOptions: OPTIONS })}\r\n`
  const file = part('name="file"; filename="deploy.zip"\r\nContent-Type: application/zip')
  const bytes = Buffer.concat([Buffer.from(options + file), zip, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
  return new RawBody(`multipart/form-data; boundary=${BOUNDARY}`, bytes)
}

/**
 * https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_modify_metadata_perm.htm (2026-11): the permission of the
 * API and that of what is changed.
 */
function mayNotChange(refusal: Verdict): Verdict {
  if (refusal.kind !== 'permission' && refusal.kind !== 'rejected') return refusal
  return {
    kind: 'permission',
    cause: 'role_missing',
    code: refusal.code,
    explanation:
      'The Salesforce user may not make objects and permission sets. A Salesforce admin grants "Customize Application", "Modify Metadata Through Metadata API Functions" and "Manage Profiles and Permission Sets" for the time of the setup, or logs in to the connection for it.',
  }
}

function unreadable(): Verdict {
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'unreadable_deploy',
    explanation: 'Salesforce did not say what it began.',
  }
}
