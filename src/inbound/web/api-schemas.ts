import { z } from 'zod'
import { STATUSES } from '../../domain/connections/connection.ts'
import { DAY_STATES } from '../../domain/costs/cost-history.ts'
import { mappingSchema } from '../../domain/outbox/change-mapping.ts'
import { HOLD_REASONS } from '../../domain/outbox/hold.ts'
import { touchpointSchema } from '../../domain/outbox/touchpoint-schema.ts'
import { PROBLEMS, type ProblemCode, problemSchema } from './problem.ts'

const instant = z.iso.datetime()
const count = z.int().nonnegative()

export const namedParams = z.object({ name: z.string().min(1).max(100) })
export const touchpointParams = z.object({ id: z.string().min(1).max(255) })

export const touchpointsBody = z
  .union([z.array(touchpointSchema), z.strictObject({ touchpoints: z.array(touchpointSchema) })])
  .describe('At most 10,000 records and 10 MB, gzip allowed. Each record is judged on its own.')

export const intakeSchema = z.object({
  accepted: count.describe('New and changed; durable.'),
  duplicates: count.describe('Exactly as they were sent before.'),
  rejected: z.array(z.object({ index: count, id: z.string().nullable(), code: z.string(), message: z.string() })),
})

const backlogSchema = z.object({ waiting: count, pushed: count, superseded: count, rejected: count })

export const connectionSchema = z.object({
  name: z.string(),
  provider: z.string(),
  kind: z.enum(['crm', 'ads']),
  account: z.object({ id: z.string(), name: z.string(), environment: z.enum(['production', 'sandbox']) }),
  status: z.enum(STATUSES),
  statusText: z.string().describe('The status as people read it: "Authorization Required".'),
  cause: z.string().nullable().describe('Why the status is not `connected`.'),
  lastProofAt: instant.describe('The last check or real call that succeeded.'),
  unreachableSince: instant.nullable(),
  backlog: backlogSchema.describe('The outbox of a CRM: what waits, and what became of the rest so far.'),
  outage: z
    .object({
      id: z.string(),
      kind: z.enum(['authorization', 'permission', 'misconfigured']),
      since: instant,
      lastProofAt: instant,
      cause: z.string(),
    })
    .nullable(),
  catchUp: z
    .object({
      id: z.string(),
      expected: count,
      pushed: count,
      superseded: count,
      rejected: count,
      startedAt: instant,
      finishedAt: instant.nullable(),
    })
    .nullable()
    .describe('Pushing what the last outage held back.'),
  holds: z
    .array(
      z.object({
        reason: z
          .enum(HOLD_REASONS)
          .describe(
            '`paused`: by a person. `ask`: until *Push now*. `budget`: of API calls. `rejects`: nearly everything is refused.',
          ),
        since: instant,
        until: instant.nullable().describe('Null: until a person acts.'),
      }),
    )
    .describe('Why nothing is pushed although it could be; everything goes on being accepted.'),
  expiresAt: instant.nullable().describe('When the login ends by itself, where the provider says so.'),
  confirmed: z.boolean().describe('A CRM that is not confirmed yet pushes nothing.'),
})

export const connectionsSchema = z.object({ connections: z.array(connectionSchema) })

export const checkSchema = z.object({
  name: z.string(),
  verdict: z.enum([
    'works',
    'paused',
    'authorization_required',
    'refresh',
    'permission',
    'misconfigured',
    'rate_limited',
    'transient',
    'rejected',
  ]),
  code: z.string().nullable().describe("The provider's own code."),
  explanation: z.string().nullable(),
  status: z.enum(STATUSES).describe('After the check; an ambiguous refusal needs a second one before it goes red.'),
  statusText: z.string(),
  lastProofAt: instant,
})

export const mappingAnswer = z.object({ mapping: mappingSchema, isDefault: z.boolean() })

export const touchpointAnswer = z.object({
  id: z.string(),
  records: z.array(
    z.object({
      connection: z.string().nullable().describe('Null when the connection was removed meanwhile.'),
      state: z.enum(['waiting', 'pushed', 'rejected', 'dismissed']),
      acceptedAt: instant,
      settledAt: instant.nullable(),
      superseded: count.describe('Versions that a later one replaced before they were pushed.'),
      attempts: count,
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
})

const reason = z.string().max(10_000).optional()

export const rejectFilterSchema = z.strictObject({
  code: reason.describe("The CRM's own code."),
  message: reason,
  field: z.string().max(1000).nullish().describe('Null: the CRM named no field. Left out: any.'),
})

export const rejectsSchema = z.object({
  rejects: z.array(
    z.object({
      id: z.string(),
      code: z.string(),
      message: z.string(),
      field: z.string().nullable(),
      acceptedAt: instant,
      settledAt: instant.describe('When the CRM refused it.'),
      attempts: count.describe('Tries that the CRM put off before it refused.'),
      payload: z.record(z.string(), z.unknown()).describe('The touchpoint as it was sent.'),
    }),
  ),
  next: z.string().nullable().describe('`?after=` of the next page; null on the last.'),
})

const amount = z.string().describe('A decimal: "1234.56".')

export const costsSchema = z.object({
  connection: z.string(),
  provider: z.string(),
  account: z.object({ id: z.string(), name: z.string() }),
  currency: z.string().nullable().describe('ISO 4217; null until the first download.'),
  timeZone: z.string().nullable().describe('IANA name; days are days there.'),
  from: z.iso.date(),
  to: z.iso.date(),
  lastDownloadAt: instant.nullable(),
  trouble: z.string().nullable().describe('Why the last download failed.'),
  complete: z.boolean().describe('Every one of these days is `whole`.'),
  total: amount,
  days: z.array(
    z.object({
      day: z.iso.date(),
      state: z
        .enum(DAY_STATES)
        .describe(
          '`whole`: downloaded after the day had ended. `open`: it goes on. `lost`: missed, and too long ago for the provider. `missing`: not downloaded.',
        ),
      amount: amount.nullable().describe('Null: nothing is known, which is not zero.'),
    }),
  ),
  costs: z.array(
    z.object({
      day: z.iso.date(),
      campaignId: z.string(),
      campaignName: z.string(),
      amount,
      clicks: count,
      impressions: count,
    }),
  ),
  next: z.string().nullable().describe('`?after=` of the next page; null on the last.'),
})

export const readySchema = z.object({ status: z.literal('ready') })
export const healthSchema = z.object({ status: z.literal('up') })

/** The answer of a route when all is well, for its description. */
export function answer<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } }
}

/** The problem answers of a route, by status, for its description. */
export function problems(...codes: readonly ProblemCode[]) {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of [...codes, 'internal_error' as const]) {
    const [status] = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, those]) => [
      status,
      {
        description: those.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}.`).join(' '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  )
}

/** What every route under `/v1` may answer. */
export const V1_PROBLEMS = ['unauthorized', 'insufficient_scope', 'api_disabled', 'not_ready', 'storage_unavailable'] as const
