import type { Crm, Mapping, MappingPreset } from '../crm.ts'
import type { Asked, Tokens, Verdict } from '../provider.ts'

export type Choice =
  | { readonly kind: 'chosen'; readonly mapping: Mapping }
  /** The objects of no preset are in the CRM, or the login sees none of them. */
  | { readonly kind: 'nothing' }
  /** The CRM could not be asked, or has no presets. */
  | { readonly kind: 'unknown' }

/**
 * Where touchpoints go, by what is there: the first preset whose object the CRM describes. Its object for attribution counts only
 * where it is there as well.
 */
export async function choosePreset(crm: Crm, tokens: Tokens): Promise<Choice> {
  const presets = crm.presets ?? []
  for (const preset of presets) {
    const isThere = await isObjectThere(crm, tokens, preset.mapping.touchpoints.object)
    if (isThere === null) return { kind: 'unknown' }
    if (isThere) return withAttribution(crm, tokens, preset)
  }
  return { kind: presets.length === 0 ? 'unknown' : 'nothing' }
}

async function withAttribution(crm: Crm, tokens: Tokens, { name, mapping }: MappingPreset): Promise<Choice> {
  const { touchpoints, attribution } = mapping
  const isThere = attribution === null ? false : await isObjectThere(crm, tokens, attribution.object)
  if (isThere === null) return { kind: 'unknown' }
  return { kind: 'chosen', mapping: { touchpoints, attribution: isThere ? attribution : null, preset: name } }
}

/** A right that is missing on an object says that it is there. Null: not known. */
async function isObjectThere(crm: Crm, tokens: Tokens, object: string): Promise<boolean | null> {
  const described: Asked<unknown> = await crm.describe(tokens, object)
  if (described.kind === 'ok' || described.kind === 'permission') return true
  return described.kind === 'rejected' ? false : null
}

/** What is told of a CRM in which nothing was found: it names the command that makes it. */
export function nothingToPushTo({ label, presets = [], setup }: Crm, connectionName: string): Verdict {
  const whose = presets.map((preset) => preset.label).join(' nor of ')
  const way = setup
    ? `Whoever runs Redkey makes them with: npm run redkey -- crm setup ${connectionName}. Or an admin installs them, or lets this user see them.`
    : 'An admin installs them, or lets this user see them.'
  const explanation = `This ${label} account has no touchpoint objects of ${whose} that the user can see. ${way}`
  return { kind: 'permission', cause: 'role_missing', code: 'no_touchpoint_object', explanation }
}
