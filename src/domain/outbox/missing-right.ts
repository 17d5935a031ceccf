import type { Connection } from '../connections/connection.ts'
import type { Crm, ObjectMapping } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { Asked, Tokens } from '../provider.ts'
import { checkObject } from './change-mapping.ts'
import { choosePreset, nothingToPushTo } from './choose-preset.ts'
import { recordMaker } from './mapping.ts'
import { rememberChoice } from './setup-crm.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

/** Of the oldest that wait so many are looked at. */
const LOOK_AT = 200

/**
 * Whether the login may write what waits, by the CRM's own description. A push that was refused for a missing right is not
 * disproved by a check that reads something else, and only the fields that waiting touchpoints have count.
 */
export async function missingRight(
  deps: Pick<Deps, 'store' | 'clock' | 'newId'>,
  connection: Connection,
  tokens: Tokens,
  crm: Crm,
): Promise<Asked<null>> {
  const { store, clock } = deps
  const known = await store.connections.mapping(connection.id)
  const choice = known === undefined ? await choosePreset(crm, tokens) : null
  if (choice?.kind === 'nothing') return nothingToPushTo(crm, connection.name)
  if (choice?.kind === 'chosen') await rememberChoice(deps, connection, choice.mapping)
  const mapping = known ?? (choice?.kind === 'chosen' ? choice.mapping : crm.defaultMapping)
  const rows = await store.outbox.waiting(connection.id, 0, clock.now(), LOOK_AT)
  const toRecord = recordMaker(mapping)
  const mapped = rows.map(({ payload }) => toRecord(JSON.parse(payload) as Touchpoint))
  for (const target of new Set(mapped.map((one) => one.target))) {
    const used = new Set(mapped.filter((one) => one.target === target).flatMap(({ record }) => Object.keys(record)))
    const described = await crm.describe(tokens, target.object)
    if (described.kind === 'rejected') return lacks(`${target.object} is not in the CRM, or the login can't see it.`)
    if (described.kind !== 'ok') return described
    const [problem] = checkObject('touchpoints', onlyFields(target, used), described.value)
    if (problem) return lacks(problem.message)
  }
  return { kind: 'ok', value: null }
}

function onlyFields(target: ObjectMapping, used: ReadonlySet<string>): ObjectMapping {
  const fields = Object.fromEntries(Object.entries(target.fields).filter(([, field]) => used.has(field)))
  return { ...target, fields, custom: target.custom.filter((field) => used.has(field)) }
}

function lacks(explanation: string): Asked<never> {
  return { kind: 'permission', cause: 'role_missing', code: 'mapping_not_writable', explanation }
}
