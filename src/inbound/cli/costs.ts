import { parseArgs } from 'node:util'
import type { DayState } from '../../domain/costs/cost-history.ts'
import { type CostReader, type CostReading, readCosts } from '../../domain/costs/read-costs.ts'
import type { Deps } from '../../domain/deps.ts'
import { decimalOf } from '../../domain/micros.ts'
import { costTable } from '../web/costs-file.ts'
import { textTable } from './text-table.ts'
import { sayWhich, workspacesToSearch } from './workspace-option.ts'

export const COSTS_USAGE =
  'npm run redkey -- costs <connection> [--from 2026-11-01] [--to 2026-11-24] [--csv] [--workspace <team id>]\n'

/** `sysexits.h` */
const EX_USAGE = 64

export interface CostsCommand {
  readonly name: string
  readonly from: string | null
  readonly to: string | null
  readonly isCsv: boolean
  /** Team id; null: the only one that has such a connection. */
  readonly workspace: string | null
}

/** Undefined when it can't be understood. */
export function readCostsCommand(args: readonly string[]): CostsCommand | undefined {
  try {
    const options = {
      from: { type: 'string' },
      to: { type: 'string' },
      csv: { type: 'boolean' },
      workspace: { type: 'string' },
    } as const
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [name] = positionals
    if (name === undefined || positionals.length > 1) return undefined
    return {
      name,
      from: values.from ?? null,
      to: values.to ?? null,
      isCsv: values.csv === true,
      workspace: values.workspace ?? null,
    }
  } catch {
    return undefined // an option that is not known
  }
}

export interface CostsPaper {
  readonly output: { write(text: string): unknown }
  readonly errors: { write(text: string): unknown }
}

/** Prints them, and answers the exit code. */
export async function tellCosts(
  deps: Pick<Deps, 'store' | 'clock'>,
  { name, from, to, isCsv, workspace }: CostsCommand,
  { output, errors }: CostsPaper,
): Promise<number> {
  let reading: CostReading = { kind: 'unknown', nearest: null }
  const found: string[] = []
  for (const { teamId } of workspacesToSearch(await deps.store.workspaces.all(), workspace)) {
    const one = await readCosts(deps, teamId, name, { from, to })
    if (found.length === 0) reading = one
    if (one.kind !== 'unknown') found.push(teamId)
  }
  if (found.length > 1) {
    errors.write(`${sayWhich(name, found)}\n`)
    return EX_USAGE
  }
  switch (reading.kind) {
    case 'found':
      for await (const text of isCsv ? printCostsCsv(reading) : printCosts(reading)) output.write(text)
      return 0
    case 'unknown':
      errors.write(`There is no connection ${name}.${reading.nearest === null ? '' : ` Did you mean ${reading.nearest}?`}\n`)
      return 1
    case 'no_costs':
      errors.write(`${name} is a CRM: only ad platforms have costs.\n`)
      return 1
    case 'refused':
      errors.write(`${reading.says}\n`)
      return EX_USAGE
    default:
      return reading satisfies never
  }
}

const STATES: Readonly<Record<DayState, string>> = {
  whole: '',
  open: 'so far',
  lost: 'LOST: further back than the provider tells',
  missing: 'not downloaded',
}
const CAMPAIGNS_SHOWN = 20

/** For a terminal: a line a day, then the campaigns that cost most. A piece of text at a time. */
async function* printCosts(reader: CostReader): AsyncGenerator<string> {
  const { connection, history } = reader
  if (history === null) {
    yield `No costs of ${connection.name} have been downloaded yet.\n`
    return
  }
  const { currency, timeZone, days, lastAt, trouble } = history
  const sum = days.reduce((total, { micros }) => total + micros, 0n)
  yield `${connection.accountName} (${connection.name}), ${currency}, days in ${timeZone}\n\n`
  const isKnown = (state: DayState) => state === 'whole' || state === 'open'
  const rows = days.map(({ day, state, micros }) => [day, isKnown(state) ? decimalOf(micros) : '-', STATES[state]])
  yield textTable([['DAY', 'AMOUNT', ''], ...rows, ['TOTAL', decimalOf(sum), '']], [1])
  const whole = days.filter(({ state }) => state === 'whole').length
  yield `\n${whole} of ${days.length} days are whole. Last download: ${lastAt?.toISOString() ?? 'none yet'}.\n`
  if (trouble !== null) yield `The last try failed: ${trouble}\n`
  yield await campaigns(reader)
}

async function campaigns(reader: CostReader): Promise<string> {
  const totals = new Map<string, { name: string; micros: bigint }>()
  for (let page = await reader.page(null); ; page = await reader.page(page.next)) {
    for (const { campaignId, campaignName, micros } of page.rows) {
      totals.set(campaignId, { name: campaignName, micros: (totals.get(campaignId)?.micros ?? 0n) + micros })
    }
    if (page.next === null) break
  }
  if (totals.size === 0) return ''
  const sorted = [...totals].sort(([, a], [, b]) => (a.micros < b.micros ? 1 : a.micros > b.micros ? -1 : 0))
  const rows = sorted.slice(0, CAMPAIGNS_SHOWN).map(([id, { name, micros }]) => [name || '-', id, decimalOf(micros)])
  const rest = sorted.slice(CAMPAIGNS_SHOWN)
  const others = rest.reduce((sum, [, { micros }]) => sum + micros, 0n)
  const more = rest.length === 0 ? [] : [[`${rest.length} others`, '', decimalOf(others)]]
  return `\n${textTable([['CAMPAIGN', 'ID', 'AMOUNT'], ...rows, ...more], [2])}`
}

async function* printCostsCsv(reader: CostReader): AsyncGenerator<string> {
  yield* costTable(reader, await reader.page(null))
}
