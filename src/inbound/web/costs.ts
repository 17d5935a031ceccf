import { Readable } from 'node:stream'
import { z } from 'zod'
import type { CampaignCost } from '../../domain/ads.ts'
import type { CostCursor, CostReader } from '../../domain/costs/read-costs.ts'
import { decimalOf } from '../../domain/micros.ts'
import { costsSchema, namedParams, problems, V1_PROBLEMS } from './api-schemas.ts'
import { sendUnknown } from './connections.ts'
import { COST_COLUMNS, costTable } from './costs-file.ts'
import { preferred } from './preferred.ts'
import type { SendProblem } from './problem.ts'
import { sendAll } from './send-all.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

const TYPES = ['application/json', 'text/csv'] as const

const day = z.string().max(10).optional()

/** What an ad platform's campaigns cost, by day. */
export function costRoutes(app: WebApp, { actions }: WebDeps, sendProblem: SendProblem): void {
  app.route({
    method: 'GET',
    url: '/v1/connections/:name/costs',
    config: { scope: 'costs:read' },
    schema: {
      operationId: 'listCosts',
      summary: 'What campaigns cost, by day',
      description:
        'Amounts are decimals in the currency of the account, days are days of its time zone. JSON in pages; with `Accept: text/csv` all of it, streamed. Campaigns that cost nothing on a day are left out. In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe.',
      tags: ['costs'],
      params: namedParams,
      querystring: z.object({
        from: day.describe('First day, `2026-11-01`; default: 30 days in all.'),
        to: day.describe('Last day; default: today.'),
        after: z.string().max(400).optional().describe('`next` of the page before.'),
      }),
      response: {
        200: {
          description: 'By day and campaign.',
          content: {
            'application/json': { schema: costsSchema },
            'text/csv': { schema: z.string().describe(`A header and one line each: ${COST_COLUMNS.join(', ')}.`) },
          },
        },
        ...problems(...V1_PROBLEMS, 'bad_request', 'unknown_connection', 'not_an_ad_platform'),
      },
    },
    handler: async (request, reply) => {
      const { from = null, to = null, after } = request.query
      const cursor = after === undefined ? null : readCursor(after)
      if (cursor === undefined)
        return sendProblem(reply, { code: 'bad_request', detail: '"after" is the "next" of the page before, as it came.' })
      const reader = await actions.readCosts(request.getDecorator<string>('teamId'), request.params.name, { from, to })
      if (reader.kind === 'unknown') return sendUnknown(reply, sendProblem, reader.nearest)
      if (reader.kind === 'refused') return sendProblem(reply, { code: 'bad_request', detail: reader.says })
      if (reader.kind === 'no_costs') {
        const detail = `${reader.connection.name} is a CRM: only ad platforms have costs.`
        return sendProblem(reply, { code: 'not_an_ad_platform', detail })
      }
      // Read before anything is sent, so that trouble with the database still is a problem document.
      const first = await reader.page(cursor)
      reply.header('vary', 'accept')
      if (preferred(request.headers.accept, TYPES) === 'text/csv') {
        const file = `${reader.connection.name}-costs-${reader.days.from}-${reader.days.to}.csv`
        reply.header('content-disposition', `attachment; filename="${file}"`)
        return sendAll(reply, 'text/csv; charset=utf-8', Readable.from(costTable(reader, first)))
      }
      return { ...costsJson(reader), costs: first.rows.map(rowJson), next: first.next && writeCursor(first.next) }
    },
  })
}

function costsJson({ connection, days, history }: CostReader) {
  const known = history?.days ?? []
  return {
    connection: connection.name,
    provider: connection.provider,
    account: { id: connection.accountId, name: connection.accountName },
    currency: history?.currency ?? null,
    timeZone: history?.timeZone ?? null,
    ...days,
    lastDownloadAt: history?.lastAt?.toISOString() ?? null,
    trouble: history?.trouble ?? null,
    complete: known.length > 0 && known.every(({ state }) => state === 'whole'),
    total: decimalOf(known.reduce((sum, { micros }) => sum + micros, 0n)),
    days: known.map(({ day, state, micros }) => ({
      day,
      state,
      amount: state === 'whole' || state === 'open' ? decimalOf(micros) : null,
    })),
  }
}

function rowJson({ micros, ...row }: CampaignCost) {
  return { ...row, amount: decimalOf(micros) }
}

function writeCursor({ day, campaignId }: CostCursor): string {
  return `${day}:${campaignId}`
}

function readCursor(text: string): CostCursor | undefined {
  const [, day, campaignId] = /^(\d{4}-\d{2}-\d{2}):(.+)$/s.exec(text) ?? []
  return day === undefined || campaignId === undefined ? undefined : { day, campaignId }
}
