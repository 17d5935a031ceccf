import { ANSWERS } from './answers.ts'
import { guidOf } from './metadata.ts'
import type { RecordCall, RecordReply } from './operations.ts'
import type { Table } from './rows.ts'
import type { Column } from './table-seeds.ts'

const DONE = { status: 204, body: '' } as const

/**
 * Publishers, solutions, tables, columns and alternate keys: what customizers make. `null`: it is about records.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/web-api-metadata-operations-sample (2026-11)
 */
export function customizingCall(call: RecordCall): RecordReply | null {
  const { environment, request, user } = call
  const [path = '', query = ''] = request.url.replace(/^\/api\/data\/v9\.\d\//, '').split('?', 2)
  if (request.method === 'GET') return read(call, path, new URLSearchParams(query))
  const writes = WRITES.find(({ pattern }) => pattern.test(path))
  if (request.method !== 'POST' || !writes) return null
  if (!environment.switches.customizers) return ANSWERS.noPrivilege(writes.privilege, 'customizations', user.id)
  if (environment.switches.busyCustomizations > 0) {
    environment.switches.busyCustomizations -= 1
    return ANSWERS.customizing
  }
  const body = JSON.parse(request.body) as Body
  const solution = request.headers['mscrm.solutionuniquename']
  if (solution !== undefined && !environment.customizations.solutions.has(solution)) return ANSWERS.noRecord('solution', solution)
  return writes.write(call, body, writes.pattern.exec(path)?.[1] ?? '')
}

function read({ environment }: RecordCall, path: string, query: URLSearchParams): RecordReply | null {
  const { publishers, solutions } = environment.customizations
  const name = /^uniquename eq '(\w+)'$/.exec(query.get('$filter') ?? '')?.[1] ?? ''
  const list = (value: readonly object[]) => ({ status: 200, body: { value } }) as const
  const publisher = publishers.get(name)
  const solution = solutions.get(name)
  if (path === 'publishers') return list(publisher ? [{ publisherid: publisher.id }] : [])
  if (path === 'solutions') return list(solution ? [{ solutionid: solution }] : [])
  return path === 'organizations' ? list([{ organizationid: environment.id, languagecode: 1031 }]) : null
}

interface Body {
  readonly uniquename?: string
  readonly customizationprefix?: string
  readonly 'publisherid@odata.bind'?: string
  readonly SchemaName?: string
  readonly DisplayName?: Label
  readonly Attributes?: readonly Attribute[]
  readonly KeyAttributes?: readonly string[]
}

interface Label {
  readonly LocalizedLabels: readonly { readonly Label: string; readonly LanguageCode: number }[]
}

interface Attribute {
  readonly SchemaName: string
  readonly AttributeType: Column['type']
  readonly IsPrimaryName?: boolean
  readonly MaxLength?: number
  readonly DisplayName?: Label
}

interface Write {
  readonly pattern: RegExp
  readonly privilege: string
  /** `name`: of the table, where the path has one. */
  write(call: RecordCall, body: Body, name: string): RecordReply
}

const TABLE = String.raw`EntityDefinitions\(LogicalName=(?:'|%27)(\w+)(?:'|%27)\)`
const WRITES: readonly Write[] = [
  { pattern: /^publishers$/, privilege: 'prvCreatePublisher', write: makePublisher },
  { pattern: /^solutions$/, privilege: 'prvCreateSolution', write: makeSolution },
  { pattern: /^EntityDefinitions$/, privilege: 'prvCreateEntity', write: makeTable },
  { pattern: new RegExp(`^${TABLE}/Attributes$`), privilege: 'prvCreateAttribute', write: makeColumn },
  { pattern: new RegExp(`^${TABLE}/Keys$`), privilege: 'prvCreateEntity', write: makeKey },
]

function makePublisher({ environment: { customizations } }: RecordCall, body: Body): RecordReply {
  const { uniquename: name = '', customizationprefix: prefix = '' } = body
  if (customizations.publishers.has(name)) return ANSWERS.alreadyThere(name)
  if (!/^[a-z][a-z0-9]{1,7}$/i.test(prefix)) return ANSWERS.badPayload('publisher', 'The customization prefix is invalid.')
  customizations.publishers.set(name, { id: guidOf(`publisher ${name}`), prefix })
  customizations.made.push(`publisher ${name}`)
  return DONE
}

function makeSolution({ environment: { customizations } }: RecordCall, body: Body): RecordReply {
  const { uniquename: name = '', 'publisherid@odata.bind': bind = '' } = body
  if (customizations.solutions.has(name)) return ANSWERS.alreadyThere(name)
  const isKnown = [...customizations.publishers.values()].some(({ id }) => bind === `publishers(${id})`)
  if (!isKnown) return ANSWERS.noRecord('publisher', bind)
  customizations.solutions.set(name, guidOf(`solution ${name}`))
  customizations.made.push(`solution ${name}`)
  return DONE
}

function makeTable({ environment, now }: RecordCall, body: Body): RecordReply {
  const { SchemaName: schemaName = '', Attributes: attributes = [] } = body
  const name = schemaName.toLowerCase()
  const wrong = whatIsWrong(
    environment.customizations,
    [schemaName, ...attributes.map((one) => one.SchemaName)],
    body.DisplayName,
  )
  if (wrong !== null) return ANSWERS.badPayload(name, wrong)
  if (environment.table(name)) return ANSWERS.alreadyThere(name)
  if (attributes.filter((one) => one.IsPrimaryName && one.AttributeType === 'String').length !== 1)
    return ANSWERS.badPayload(name, 'The table has no primary name.')
  const id: Column = { ...columnOf({ SchemaName: `${name}id`, AttributeType: 'Uniqueidentifier' }) }
  environment.addTable({
    name,
    schemaName,
    label: labelOf(body.DisplayName) ?? name,
    entitySet: `${name}s`,
    custom: true,
    columns: [id, ...attributes.map(columnOf)],
    keys: [],
  })
  environment.customizations.tableMade(name, now)
  environment.customizations.made.push(`table ${name}`)
  return DONE
}

function makeColumn({ environment, request }: RecordCall, _: Body, name: string): RecordReply {
  const attribute = JSON.parse(request.body) as Attribute
  const table = environment.table(name)
  const wrong = whatIsWrong(environment.customizations, [attribute.SchemaName], attribute.DisplayName)
  const column = columnOf(attribute)
  if (table === null) return ANSWERS.noTable(name)
  if (wrong !== null) return ANSWERS.badPayload(name, wrong)
  if (table.column(column.name)) return ANSWERS.alreadyThere(column.name)
  if (!table.missing.delete(column.name)) table.addColumn(column)
  environment.customizations.made.push(`column ${name}.${column.name}`)
  return DONE
}

function makeKey({ environment }: RecordCall, body: Body, name: string): RecordReply {
  const { SchemaName: schemaName = '', KeyAttributes: [column = '', ...more] = [] } = body
  const table = environment.table(name)
  const wrong = whatIsWrong(environment.customizations, [schemaName], body.DisplayName) ?? whatIsWrongInKey(table, column)
  if (table === null) return ANSWERS.noTable(name)
  if (wrong !== null || more.length > 0) return ANSWERS.badPayload(name, wrong ?? 'The fake has keys of one column.')
  if (table.keys.has(column)) return ANSWERS.alreadyThere(schemaName)
  environment.customizations.beginIndex(table, column)
  environment.customizations.made.push(`key ${name}.${column}`)
  return DONE
}

/** "900 bytes per key", and a text takes two for a character: define-alternate-keys-entity (2026-11). */
function whatIsWrongInKey(table: Table | null, column: string): string | null {
  const found = table?.column(column)
  if (!found || !['String', 'Integer', 'DateTime', 'Lookup'].includes(found.type))
    return `The column ${column} can't be in a key.`
  if (found.maxLength > 450) return `The key on ${column} is longer than 900 bytes.`
  return table?.secured.has(column) ? `The column ${column} is secured.` : null
}

/** Names begin with a publisher's prefix, and labels are in the base language. */
function whatIsWrong(
  { publishers }: RecordCall['environment']['customizations'],
  names: readonly string[],
  label: Label | undefined,
): string | null {
  const prefixes = [...publishers.values()].map(({ prefix }) => `${prefix}_`)
  const bad = names.find((name) => !prefixes.some((prefix) => name.startsWith(prefix)))
  if (bad !== undefined) return `The schema name '${bad}' does not start with a valid customization prefix.`
  return label?.LocalizedLabels.some(({ LanguageCode }) => LanguageCode === 1031)
    ? null
    : 'A label in the base language is missing.'
}

function columnOf({ SchemaName: schemaName, AttributeType: type, MaxLength, DisplayName }: Attribute): Column {
  const name = schemaName.toLowerCase()
  const maxLength = MaxLength ?? 100
  return { name, schemaName, label: labelOf(DisplayName) ?? name, type, maxLength, target: null, writable: true }
}

function labelOf(label: Label | undefined): string | undefined {
  return label?.LocalizedLabels[0]?.Label
}
