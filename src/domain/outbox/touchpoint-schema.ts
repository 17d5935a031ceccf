import { z } from 'zod'

const text = z.string().max(32_000).nullish()
const recordId = z.string().min(1).max(255).nullish()
const scalar = z.union([z.string().max(32_000), z.number(), z.boolean(), z.null()])

/** Databases and CRMs keep neither control characters nor half of a surrogate pair: such an id would not come back as it was sent. */
const UNKEEPABLE = /[\p{Cc}\p{Cs}]/u

/** A touchpoint as callers send it. Unknown keys are refused by name. */
export const touchpointSchema = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(255)
    .refine((id) => !UNKEEPABLE.test(id), 'has a control character or a broken one')
    .describe('Yours, and the external id in the CRM: the same id again updates the same record.'),
  connection: z.string().min(1).optional().describe('Name of the CRM connection; may be left out when there is exactly one.'),
  occurredAt: z.iso.datetime({ offset: true }).describe('When it happened, ISO 8601 with a time zone.'),
  type: text,
  person: z.strictObject({ email: text, leadId: recordId, contactId: recordId }).partial().nullish(),
  accountId: recordId,
  opportunityId: recordId,
  channel: text,
  channelPath: text,
  source: text,
  medium: text,
  position: text,
  campaignId: text,
  campaignName: text,
  adGroupId: text,
  adGroupName: text,
  adId: text,
  adContent: text,
  keyword: text,
  keywordMatchType: text,
  landingPage: text,
  formUrl: text,
  referrerPage: text,
  custom: z
    .record(z.string().min(1).max(255), scalar)
    .optional()
    .describe('Fields of the CRM by their API name; each must be in the mapping.'),
})

export type Touchpoint = z.infer<typeof touchpointSchema>

/** The paths that a mapping may name: every field that holds a value, `person.` before the person's. */
export const TOUCHPOINT_PATHS: readonly string[] = Object.keys(touchpointSchema.shape)
  .filter((key) => !['id', 'connection', 'person', 'custom'].includes(key))
  .concat('person.email', 'person.leadId', 'person.contactId')
