import { type Logger, LogLevel, WebClient } from '@slack/web-api'

/** Longer than Slack's own slow answers, far shorter than a lease. */
const TIMEOUT_MS = 10_000

/**
 * A client that does exactly one request per call: whoever calls decides what a refusal means. It never gets `headers`, which the
 * client would write a token into and share (@slack/web-api 8.2.0).
 */
export function slackWebClient(token: string | null, apiUrl: string, timeoutMs: number = TIMEOUT_MS): WebClient {
  return new WebClient(token ?? undefined, {
    slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: quietLogger,
  })
}

/** The client's own lines are prose and may quote bodies; what matters comes back as a value and is logged by whoever catches it. */
const quietLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}
