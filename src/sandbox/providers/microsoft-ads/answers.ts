/**
 * What the services refuse. "Codes" is https://learn.microsoft.com/advertising/guides/operation-error-codes (2026-08, read 2026-11);
 * the shapes are AdApiFaultDetail and ApiFaultDetail of the same reference. The HTTP status of a fault in REST is told nowhere: 400 is
 * what Airbyte's connector has recorded.
 */
interface AdsFault {
  readonly status: number
  readonly type: 'AdApiFaultDetail' | 'ApiFaultDetail'
  readonly code: number
  /** Empty: Customer Management gives none. */
  readonly name: string
  readonly message: string
}

export const ADS_FAULTS = {
  // Codes
  internalError: { ...fault(0, 'InternalError', 'An internal error has occurred.'), status: 500 },
  // Codes; learn.microsoft.com/answers/1190687
  invalidCredentials: fault(
    105,
    'InvalidCredentials',
    'Authentication failed. Either supplied credentials are invalid or the account is inactive',
  ),
  // Codes: the reasons of 105
  userNotFound: fault(105, 'InvalidCredentials', 'Authentication failed. UserNotFound'),
  // Codes
  notAuthorized: fault(106, 'UserIsNotAuthorized', 'The user is not authorized to perform this action.'),
  // Codes
  compromised: fault(
    108,
    'UserCompromised',
    'We have detected suspicious activity on your Microsoft Advertising account. We think someone may have logged into your Microsoft Advertising account without your permission. Please create a new password to secure your account.',
  ),
  // Codes
  tokenExpired: fault(109, 'AuthenticationTokenExpired', 'Authentication token expired. Please renew it or obtain a new token.'),
  // Codes
  missingHeaders: fault(116, 'RequestMissingHeaders', 'One or more required header elements are missing from the request.'),
  // Codes
  callRate: fault(
    117,
    'CallRateExceeded',
    'You have exceeded the number of calls that you are allowed to make in a minute. Please reduce the number of calls that you make per minute.',
  ),
  // BingAds-Python-SDK#154
  unknownAccount: fault(119, 'InvalidAccountId', 'The account ID is invalid.'),
  // Codes
  mergedLogin: fault(
    120,
    'UserLoginAccessDenied',
    'The credentials are not valid for the person who attempted to login. Please login with the primary login credentials for this person.',
  ),
  // Codes
  workAccount: fault(122, 'PersonalIdentityNotAvailable', 'You must use a work account to sign in to Microsoft Advertising.'),
  // Codes
  personalAccount: fault(
    123,
    'WorkIdentityNotAvailable',
    'You must use a personal Microsoft account to sign in to Microsoft Advertising.',
  ),
  // Codes
  oldVersion: fault(303, 'ApiVersionNoLongerSupported', 'This version of the Bing Ads API is no longer supported.'),
  // Codes
  badRequest: fault(201, 'ApiInputValidationError', 'One or more input elements failed validation.'),
  // Codes; BingAds-Python-SDK#219
  wrongScope: fault(3101, 'OAuthTokenInvalid', 'Authenticaton token contains invalid scope; expected=ads.manage or msads.manage'),
  // Codes: 1001 of Customer Management, without a name
  noRight: { ...fault(1001, '', 'The user is not authorized to perform this action.'), type: 'ApiFaultDetail' },
  // Codes: Reporting
  reportAccountNotAuthorized: api(
    2003,
    'ReportingServiceAccountNotAuthorized',
    'The specified report request contains at least one account that you do not have privileges to access.',
  ),
  // Codes
  invalidRangeStart: api(
    2009,
    'ReportingServiceInvalidCustomDateRangeStart',
    'The report time contains a custom date range start value that is not valid.',
  ),
  // Codes
  invalidRangeEnd: api(
    2010,
    'ReportingServiceInvalidCustomDateRangeEnd',
    'The report time contains a custom date range end value that is not valid.',
  ),
  // Codes
  endBeforeStart: api(2011, 'ReportingServiceEndDateBeforeStartDate', 'The end date cannot be earlier than the start date.'),
  // Codes
  requiredColumns: api(
    2015,
    'ReportingServiceRequiredColumnsNotSelected',
    'The list of columns to include in the report must contain all required columns.',
  ),
  // Codes
  unknownReportAccount: api(
    2035,
    'ReportingServiceInvalidAccountIds',
    'The report request contains at least one account identifier that is not valid.',
  ),
  // Codes
  reportNotFound: api(2101, 'ReportingServiceReportNotFound', 'The report was not found.'),
  // Codes: Reporting
  reportsUnderWay: fault(
    207,
    'ConcurrentRequestOverLimit',
    'You have already reached the maximum number of concurrent report requests. Please wait until the previous reports are completed and then try to submit a new request.',
  ),
  // Codes: Bulk
  syncInFuture: api(3208, 'CampaignServiceLastSyncTimeCannotBeInTheFuture', 'The last sync time cannot be later than now.'),
  // Codes has no word for 30 days; this is the nearest one
  syncTooOld: api(3209, 'CampaignServiceLastSyncTimeTooOld', 'The last sync time is too old.'),
  // Codes
  invalidRequestId: api(4201, 'BulkServiceInvalidRequestId', 'The specified RequestId is not valid.'),
  // Codes; services-protocol#throttling-bulk
  noMoreDownloads: api(
    4204,
    'BulkServiceNoMoreCallsPermittedForTheTimePeriod',
    'No more bulk upload or download calls will be permitted for this account for the current time period.',
  ),
  // Codes
  suffixCharacters: api(4626, 'CampaignServiceFinalUrlSuffixInvalidCharacters', 'Final Url Suffix contains invalid characters.'),
  // Codes
  suffixParameters: api(4627, 'CampaignServiceFinalUrlSuffixInvalidParameters', 'Final Url Suffix contains invalid parameters.'),
  // Codes
  suffixTooLong: api(4629, 'CampaignServiceFinalUrlSuffixTooLong', 'The Final Url Suffix is too long'),
} as const satisfies Record<string, AdsFault>

export type AdsFaultName = keyof typeof ADS_FAULTS

function fault(code: number, name: string, message: string): AdsFault {
  return { status: 400, type: 'AdApiFaultDetail', code, name, message }
}

function api(code: number, name: string, message: string): AdsFault {
  return { ...fault(code, name, message), type: 'ApiFaultDetail' }
}

export function faultBody(which: AdsFaultName, trackingId: string): object {
  const { type, code, name, message }: AdsFault = ADS_FAULTS[which]
  const error = { Code: code, ...(name !== '' && { ErrorCode: name }), Message: message }
  return type === 'AdApiFaultDetail'
    ? { TrackingId: trackingId, Type: type, Errors: [{ ...error, Detail: null }] }
    : { TrackingId: trackingId, Type: type, OperationErrors: [{ ...error, Details: null }], BatchErrors: [] }
}

export const UNAVAILABLE_HTML =
  "<html><head><title>Service Unavailable</title></head><body><h2>Our services aren't available right now</h2></body></html>\n"
