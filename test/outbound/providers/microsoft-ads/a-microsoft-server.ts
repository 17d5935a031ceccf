import type { ServerResponse } from 'node:http'
import { strToU8, zipSync } from 'fflate'
import { onTestFinished } from 'vitest'
import type { AdPlatform } from '../../../../src/domain/ads.ts'
import type { AccountRef, Tokens } from '../../../../src/domain/provider.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { MICROSOFT_ADS_SCOPES, microsoftAds } from '../../../../src/outbound/providers/microsoft-ads/microsoft-ads.ts'
import { type AServer, aClock, answerJson, aServer, type SeenRequest, type TurnedClock } from '../a-server.ts'

export type Answer = (request: SeenRequest, response: ServerResponse) => void

interface MicrosoftServer extends AServer {
  readonly ads: AdPlatform
  readonly tokens: Tokens
  readonly account: AccountRef
  readonly clock: TurnedClock
}

/** The adapter against a server that answers by path; `FILE` is where reports and bulk files lie. */
export async function aMicrosoftServer(answers: Readonly<Record<string, Answer>>): Promise<MicrosoftServer> {
  const origin = { value: '' }
  const all: Readonly<Record<string, Answer>> = {
    '/CustomerManagement/v13/Account/Query': json({ Account: { Id: '18', Name: 'Acme', CurrencyCode: 'EUR', TimeZone: null } }),
    '/Reporting/v13/GenerateReport/Submit': json({ ReportRequestId: '300' }),
    '/Reporting/v13/GenerateReport/Poll': (_request, response) =>
      answerJson(response, 200, { ReportRequestStatus: { Status: 'Success', ReportDownloadUrl: `${origin.value}${FILE}` } }),
    '/Bulk/v13/Campaigns/DownloadByAccountIds': json({ DownloadRequestId: '704' }),
    '/Bulk/v13/BulkDownloadStatus/Query': (_request, response) =>
      answerJson(response, 200, { Errors: [], RequestStatus: 'Completed', ResultFileUrl: `${origin.value}${FILE}` }),
    '/CampaignManagement/v13/AccountProperties/Query': json({
      AccountProperties: [{ Name: 'FinalUrlSuffix', Value: null }],
      PartialErrors: [],
    }),
    '/CampaignManagement/v13/Campaigns/QueryByAccountId': json({
      Campaigns: [{ Id: 390, Name: 'Brand', FinalUrlSuffix: null }],
    }),
    '/CampaignManagement/v13/AdGroups/QueryByIds': json({
      AdGroups: [{ Id: 12, Name: 'All', FinalUrlSuffix: '' }],
      PartialErrors: [],
    }),
    ...answers,
  }
  const server = await aServer((request, response) => {
    const answer = all[request.url]
    if (answer) return answer(request, response)
    response.writeHead(404).end()
  })
  origin.value = server.origin
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 2000 })
  onTestFinished(() => http.close())
  const config = {
    clientId: 'client',
    clientSecret: 'secret',
    loginUrl: server.origin,
    developerToken: 'dev',
    apiUrl: server.origin,
  }
  return {
    ...server,
    ads: microsoftAds(config, { http, clock, wait: async (ms) => clock.turn(ms) }),
    tokens: {
      accessToken: 'EwB.access',
      refreshToken: 'M.C1.refresh',
      apiOrigin: server.origin,
      identityUrl: null,
      scopes: [MICROSOFT_ADS_SCOPES[0]],
      accessExpiresAt: new Date(clock.now().getTime() + 30 * 60_000),
      refreshExpiresAt: null,
    },
    account: { id: '18', via: '25' },
    clock,
  }
}

export const FILE = '/storage/file.zip'

export function json(body: unknown, status = 200): Answer {
  return (_request, response) => answerJson(response, status, body)
}

export function zipped(csv: string): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/zip' }).end(zipSync({ 'file.csv': strToU8(csv) }))
  }
}
