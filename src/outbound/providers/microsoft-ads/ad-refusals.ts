import { passes, rejected } from '../meaning.ts'
import { type ApiRefusal, CODES } from './api-refusal.ts'

/** Of reports, bulk files and URL parameters. */
export const AD_REFUSALS: readonly ApiRefusal[] = [
  {
    names: ['InvalidReportId', 'ReportNotFound', 'InvalidDownloadRequestId', 'InvalidRequestId'],
    numbers: [2100, 2101, 3205, 4201],
    means: passes('Microsoft Advertising does not have the file any more, so another one is asked for.'),
    source: `${CODES}; submitgeneratereport and getbulkdownloadstatus: kept for a day, and for two`,
  },
  {
    names: ['InvalidCustomDateRangeEnd', 'InvalidFutureStartDate'],
    numbers: [2010, 2041],
    means: passes('Microsoft Advertising says that the last of these days has not begun there yet.'),
    source: `${CODES}; reporttime: "cannot be later than today's date", which a clock that is ahead asks for`,
  },
  {
    names: ['FinalUrlSuffixTooLong'],
    numbers: [4629],
    means: rejected('Microsoft Advertising says that the URL parameters are too long.'),
    source: CODES,
  },
  {
    names: ['FinalUrlSuffixInvalidCharacters', 'FinalUrlSuffixInvalidParameters'],
    numbers: [4626, 4627],
    means: rejected(
      'Microsoft Advertising does not accept these URL parameters: they may not begin with ?, & or #, nor contain {lpurl} or {ignore}.',
    ),
    source: `${CODES}; url-tracking-upgraded-urls#finalurlsuffixvalidation`,
  },
  {
    names: ['AccountTooBigToDownload', 'CampaignsTooBigToDownload'],
    numbers: [3207],
    means: rejected('The account has more than four million keywords: Microsoft Advertising does not list its ads.'),
    source: `${CODES}; downloadcampaignsbyaccountids`,
  },
]
