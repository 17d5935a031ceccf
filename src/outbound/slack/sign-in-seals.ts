import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import type { SignInSeals } from '../../domain/access/sign-in.ts'
import { sealedTexts } from '../tickets.ts'

const flowSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  teamId: z.string(),
  path: z.enum(['connect', 'reauthorize']),
  ticket: z.string(),
  expiresAt: z.iso.datetime().transform((text) => new Date(text)),
})

const identitySchema = z.object({ teamId: z.string(), userId: z.string() })

/** Each with a key of its own: an identification under way is never taken for one that is done. */
export function signInSeals(keys: readonly Uint8Array[], clock: Clock): SignInSeals {
  const flows = sealedTexts(keys, clock, 'sign-in')
  const identities = sealedTexts(keys, clock, 'identity')
  return {
    sealFlow: (flow) => flows.seal(JSON.stringify(flow), flow.expiresAt),
    openFlow: async (sealed) => parsed(await flows.open(sealed), flowSchema),
    seal: ({ teamId, userId }, expiresAt) => identities.seal(JSON.stringify({ teamId, userId }), expiresAt),
    open: async (sealed) => parsed(await identities.open(sealed), identitySchema),
  }
}

function parsed<T>(text: string | undefined, schema: z.ZodType<T>): T | undefined {
  return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data
}
