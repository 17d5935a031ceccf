import { rejected } from '../meaning.ts'
import type { AdsRefusal } from './ads-refusals.ts'

/**
 * Refusals of one request that say to people what is wrong with it. Sources: google/ads/googleads/v25/errors/*.proto at
 * github.com/googleapis/googleapis, read in stored copies on 2026-11-24.
 */
export const REQUEST_REFUSALS: readonly AdsRefusal[] = [
  {
    group: 'urlFieldError',
    codes: ['FINAL_URL_SUFFIX_MALFORMED'],
    means: rejected(
      'Google Ads does not accept these URL parameters: they must be like utm_source=google&utm_medium=cpc, without ? or & before them.',
    ),
    source: "url_field_error.proto (\"cannot begin with '?' or '&' characters and must be a valid query string\")",
  },
  {
    group: 'urlFieldError',
    codes: ['INVALID_TAG_IN_FINAL_URL_SUFFIX', 'VALUE_TRACK_PARAMETER_NOT_SUPPORTED'],
    means: rejected(
      'Google Ads does not accept one of the parameters in braces here. {lpurl} and {ignore} may not be among them.',
    ),
    source: 'url_field_error.proto ("cannot contain {lpurl} related or {ignore} tags")',
  },
  {
    group: 'stringLengthError',
    codes: ['TOO_LONG'],
    means: rejected('Google Ads finds this too long.'),
    source: 'string_length_error.proto',
  },
  {
    group: 'dateRangeError',
    codes: ['REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED'],
    means: rejected('Google Ads tells days of the last 37 months only.'),
    source: 'developers.google.com/google-ads/api/docs/best-practices/system-limits',
  },
  {
    group: 'any',
    codes: ['START_DATE_TOO_OLD'],
    means: rejected('Google Ads keeps changes for 90 days only, and for 30 days who made them.'),
    source: 'change_status_error.proto, change_event_error.proto',
  },
]
