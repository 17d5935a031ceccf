import type { CrmSetup, PushTarget, SetupProgress, SetupStep } from '../../../domain/crm.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText } from '../json.ts'
import { MEASURE_PRESET, REDKEY_PRESET } from './default-mapping.ts'
import { describe, isOnly } from './describe.ts'
import { columnBodies, columnsOf, IN_SOLUTION, keyBody, PUBLISHER, SOLUTION, tableBody } from './redkey-tables.ts'
import type { Table, Tables } from './table.ts'
import { quoted, type WebApi } from './web-api.ts'

interface SetupDeps {
  readonly api: WebApi
  readonly tables: Tables
}

const SOLUTION_STEP = 'solution'
const KEY_STEP = 'key '
const WAIT: Asked<SetupProgress> = { kind: 'ok', value: { kind: 'working', ticket: 'look' } }
const DONE: Asked<SetupProgress> = { kind: 'ok', value: { kind: 'done' } }

/**
 * Two tables with their columns and an alternate key for each; of Marketo Measure's tables, where they are, only the keys. Each thing
 * is looked for before it is made, so that whatever was cut off goes on.
 */
export function setup(deps: SetupDeps): CrmSetup {
  return {
    preset: REDKEY_PRESET.name,
    completes: [MEASURE_PRESET.name],
    describe: (tokens) => describeSetup(deps, tokens),
    async apply(tokens, step) {
      const made = await applyStep(deps, tokens, step)
      // Somebody else is customizing, or it takes longer than a connection lives: whether it was made is seen later.
      return made.kind === 'transient' || made.kind === 'rate_limited' ? WAIT : explained(made)
    },
  }
}

async function describeSetup(deps: SetupDeps, tokens: Tokens): Promise<Asked<readonly SetupStep[]>> {
  const targets = await findTargets(deps, tokens)
  if (targets.kind !== 'ok') return targets
  const steps = targets.value.flatMap(({ target, table }) => [...tableStep(target, table), keyStep(target, table)])
  if (steps.some(({ state }) => state === 'missing')) {
    const found = await find(deps.api, tokens, 'solutions', SOLUTION.uniquename)
    return found.kind === 'ok' ? { kind: 'ok', value: [solutionStep(found.value !== null), ...steps] } : found
  }
  const rights: SetupStep[] = []
  for (const { target } of targets.value) {
    const seen = await describe(deps, tokens, target.object)
    if (seen.kind !== 'ok') return seen
    rights.push(rightsStep(target.object, seen.value.writable))
  }
  return { kind: 'ok', value: [...steps, ...rights] }
}

/**
 * "System customizer: has full permission to customize the environment":
 * https://learn.microsoft.com/en-us/power-platform/admin/database-security (2026-11)
 */
function explained(made: Asked<SetupProgress>): Asked<SetupProgress> {
  if (made.kind !== 'permission' || made.cause !== 'role_missing') return made
  const explanation = `${made.explanation} The role System Customizer has all that setup needs, and is needed only while it runs.`
  return { ...made, explanation }
}

interface Target {
  readonly target: PushTarget
  readonly table: Table | null
}

/** Marketo Measure's tables where it is installed, and otherwise Redkey's. */
async function findTargets(deps: SetupDeps, tokens: Tokens): Promise<Asked<readonly Target[]>> {
  for (const { name, mapping } of [MEASURE_PRESET, REDKEY_PRESET]) {
    const found: Target[] = []
    for (const target of [mapping.touchpoints, mapping.attribution].filter((one) => one !== null)) {
      const table = await look(deps, tokens, target.object)
      if (table.kind !== 'ok') return table
      found.push({ target, table: table.value })
    }
    if (name === REDKEY_PRESET.name) return { kind: 'ok', value: found }
    if (found[0]?.table) return { kind: 'ok', value: found.filter(({ table }) => table !== null) }
  }
  return { kind: 'ok', value: [] }
}

async function look({ tables }: SetupDeps, tokens: Tokens, name: string): Promise<Asked<Table | null>> {
  const asked = await tables.read(tokens, name)
  return asked.kind === 'rejected' ? { kind: 'ok', value: null } : asked
}

function solutionStep(isThere: boolean): SetupStep {
  const says = `Solution ${SOLUTION.friendlyname}, which holds what is made`
  return { id: SOLUTION_STEP, says, state: isThere ? 'there' : 'missing', missing: [], differs: null }
}

/** None for a table of others. */
function tableStep({ object, externalIdField }: PushTarget, table: Table | null): readonly SetupStep[] {
  const all = columnsOf(object)
  if (all.length === 0) return []
  const missing = missingColumns(object, table)
  const says =
    table === null || missing.length === 0
      ? `Table ${object} with ${all.length} columns`
      : `${missing.length} more columns of ${object}: ${missing.join(', ')}`
  const isLost = table !== null && missing.includes(externalIdField)
  const differs = isLost ? `The table ${object} is there without its column ${externalIdField}, so it is not Redkey's.` : null
  return [{ id: object, says, state: stateOf(missing.length > 0, differs), missing, differs }]
}

function missingColumns(object: string, table: Table | null): readonly string[] {
  const there = new Set(table?.columns.map(({ name }) => name))
  return columnsOf(object).filter((name) => !there.has(name))
}

function stateOf(isMissing: boolean, differs: string | null): SetupStep['state'] {
  return differs === null ? (isMissing ? 'missing' : 'there') : 'different'
}

function keyStep(target: PushTarget, table: Table | null): SetupStep {
  const { object, externalIdField } = target
  const differs = table && whatDiffers(target, table)
  return {
    id: `${KEY_STEP}${object}`,
    says: `Alternate key of ${object} on ${externalIdField}`,
    state: stateOf(keyOf(target, table)?.status !== 'Active', differs),
    missing: [],
    differs,
  }
}

function keyOf({ externalIdField }: PushTarget, table: Table | null) {
  return table?.keys.find(({ columns }) => isOnly(columns, externalIdField))
}

/** "Attributes must not have field-level security applied": define-alternate-keys-entity, "Valid columns" (2026-11). */
function whatDiffers(target: PushTarget, table: Table): string | null {
  const { object, externalIdField } = target
  const column = table.columns.find(({ name }) => name === externalIdField)
  if (keyOf(target, table)?.status === 'Failed')
    return `Dynamics 365 could not make this key, most often because two records have the same value. A Dynamics 365 admin clears that and activates the key again in Power Apps, under Keys of ${object}.`
  if (column === undefined && columnsOf(object).length === 0) return `The table ${object} has no column ${externalIdField}.`
  if (column !== undefined && column.type !== 'String')
    return `The column ${externalIdField} of ${object} is no single line of text.`
  if (column?.secured)
    return `The column ${externalIdField} of ${object} is secured, so it can't be in a key. A Dynamics 365 admin ends column security for it.`
  return null
}

function rightsStep(object: string, isHeld: boolean): SetupStep {
  const differs = isHeld
    ? null
    : `A Dynamics 365 admin gives the user who logged in a security role that may create, read and write ${object}.`
  return { id: `rights ${object}`, says: `Right to write ${object}`, state: stateOf(false, differs), missing: [], differs }
}

async function applyStep(deps: SetupDeps, tokens: Tokens, { id }: SetupStep): Promise<Asked<SetupProgress>> {
  if (id === SOLUTION_STEP) return makeSolution(deps.api, tokens)
  const object = id.replace(KEY_STEP, '')
  const found = await look(deps, tokens, object)
  if (found.kind !== 'ok') return found
  return id === object ? makeTable(deps, tokens, object, found.value) : makeKey(deps, tokens, object, found.value)
}

async function makeSolution(api: WebApi, tokens: Tokens): Promise<Asked<SetupProgress>> {
  const solution = await find(api, tokens, 'solutions', SOLUTION.uniquename)
  if (solution.kind !== 'ok') return solution
  if (solution.value !== null) return DONE
  const known = await find(api, tokens, 'publishers', PUBLISHER.uniquename)
  if (known.kind !== 'ok') return known
  if (known.value === null) {
    const made = await api.create(tokens, 'publishers', PUBLISHER)
    if (made.kind !== 'ok') return made
  }
  const publisher = await find(api, tokens, 'publishers', PUBLISHER.uniquename)
  if (publisher.kind !== 'ok') return publisher
  const body = { ...SOLUTION, 'publisherid@odata.bind': `publishers(${publisher.value})` }
  const made = await api.create(tokens, 'solutions', body)
  return made.kind === 'ok' ? DONE : made
}

async function makeTable({ api }: SetupDeps, tokens: Tokens, object: string, table: Table | null): Promise<Asked<SetupProgress>> {
  const missing = missingColumns(object, table)
  if (missing.length === 0) return DONE
  const language = await baseLanguage(api, tokens)
  const [path, bodies] =
    table === null
      ? ['EntityDefinitions', [tableBody(object, language)]]
      : [`EntityDefinitions(LogicalName=${quoted(object)})/Attributes`, columnBodies(object, missing, language)]
  for (const body of bodies) {
    const made = await api.create(tokens, path, body, IN_SOLUTION)
    if (made.kind !== 'ok') return made
  }
  return DONE
}

/**
 * Its index is made in the background, which takes long where there are many records.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/define-alternate-keys-entity, "Monitor index creation" (2026-11)
 */
async function makeKey({ api }: SetupDeps, tokens: Tokens, object: string, table: Table | null): Promise<Asked<SetupProgress>> {
  const target = [MEASURE_PRESET, REDKEY_PRESET]
    .flatMap(({ mapping }) => [mapping.touchpoints, mapping.attribution])
    .find((one) => one?.object === object)
  if (!target) throw new Error(`no preset has ${object}`)
  const status = keyOf(target, table)?.status
  if (status === 'Active') return DONE
  const differs = table && whatDiffers(target, table)
  if (differs !== null) return { kind: 'rejected', code: 'alternate_key_failed', explanation: differs }
  if (status !== undefined) return WAIT
  const path = `EntityDefinitions(LogicalName=${quoted(object)})/Keys`
  const made = await api.create(tokens, path, keyBody(target.externalIdField, await baseLanguage(api, tokens)), IN_SOLUTION)
  return made.kind === 'ok' ? WAIT : made
}

/** The id of the publisher or solution with this name. */
async function find(api: WebApi, tokens: Tokens, set: 'publishers' | 'solutions', name: string): Promise<Asked<string | null>> {
  const id = set === 'publishers' ? 'publisherid' : 'solutionid'
  const asked = await api.get(tokens, `${set}?$select=${id}&$filter=uniquename%20eq%20${quoted(name)}`)
  if (asked.kind !== 'ok') return asked
  return { kind: 'ok', value: asText(asRecord(asList(asRecord(asked.value.json).value)[0])[id]) }
}

const ENGLISH = 1033

/** "Base language" of https://learn.microsoft.com/en-us/power-apps/developer/data-platform/reference/entities/organization (2026-11) */
async function baseLanguage(api: WebApi, tokens: Tokens): Promise<number> {
  const asked = await api.get(tokens, 'organizations?$select=languagecode')
  const code = asked.kind === 'ok' ? asRecord(asList(asRecord(asked.value.json).value)[0]).languagecode : null
  return typeof code === 'number' ? code : ENGLISH
}
