import type { Reply } from '../http-server.ts'
import type { AdsAccount } from './ads-account.ts'
import { type ApiFault, adsError } from './answers.ts'
import { camelCase } from './gaql.ts'

export interface CustomerMutate {
  readonly operation?: {
    readonly update?: { readonly resourceName?: string; readonly finalUrlSuffix?: string; readonly trackingUrlTemplate?: string }
    readonly updateMask?: string
  }
}

/** Longest suffix that is taken here. Google tells no limit: a guess. */
const LONGEST = 2_048

/** `customers/{id}:mutate`: google/ads/googleads/v25/services/customer_service.proto; codes of url_field_error.proto (2026-11-24). */
export function mutateCustomer(id: string, account: AdsAccount, email: string, body: CustomerMutate): Reply | ApiFault {
  const { update = {}, updateMask = '' } = body.operation ?? {}
  if (account.readers.has(email)) {
    return adsError(
      'authorizationError',
      'ACTION_NOT_PERMITTED',
      'The user does not have permission to perform this action on the resource or call a method.',
    )
  }
  if (update.resourceName !== `customers/${id}`)
    return adsError('requestError', 'RESOURCE_NAME_MALFORMED', 'Resource name is malformed.')
  const fields = updateMask.split(',').filter(Boolean).map(camelCase)
  if (fields.length === 0)
    return adsError('fieldMaskError', 'FIELD_MASK_MISSING', 'The field mask must be provided for update operations.')
  for (const field of fields) {
    if (field !== 'finalUrlSuffix' && field !== 'trackingUrlTemplate') {
      return adsError('fieldMaskError', 'FIELD_NOT_FOUND', 'The field mask contains an invalid field.')
    }
  }
  const suffix = update.finalUrlSuffix ?? ''
  const wrong = fields.includes('finalUrlSuffix') ? wrongSuffix(suffix) : null
  if (wrong) return wrong
  if (fields.includes('finalUrlSuffix')) account.library.parameters = suffix
  if (fields.includes('trackingUrlTemplate')) account.trackingTemplate = update.trackingUrlTemplate ?? ''
  return { status: 200, json: { result: { resourceName: `customers/${id}` } } }
}

function wrongSuffix(suffix: string): ApiFault | null {
  if (suffix.length > LONGEST) return adsError('stringLengthError', 'TOO_LONG', 'Too long.')
  if (/^[?&]|\s/.test(suffix)) {
    return adsError(
      'urlFieldError',
      'FINAL_URL_SUFFIX_MALFORMED',
      "The final url suffix cannot begin with '?' or '&' characters and must be a valid query string.",
    )
  }
  return /\{(\w*lpurl\S*|ignore)\}/.test(suffix)
    ? adsError(
        'urlFieldError',
        'INVALID_TAG_IN_FINAL_URL_SUFFIX',
        'The final url suffix cannot contain {lpurl} related or {ignore} tags.',
      )
    : null
}
