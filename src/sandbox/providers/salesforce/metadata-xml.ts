import { type Field, field } from './objects.ts'

/** Metadata of an object or of some of its fields, as far as the fake keeps it. */
export interface ObjectXml {
  readonly label: string | null
  readonly pluralLabel: string | null
  readonly fields: readonly Field[]
}

/** Types of the Metadata API and those that a describe says. developer.salesforce.com api_meta meta_field_types.htm */
const TYPES: Readonly<Record<string, Field['type']>> = {
  Text: 'string',
  LongTextArea: 'textarea',
  Url: 'url',
  Email: 'email',
  DateTime: 'datetime',
  Number: 'double',
  Checkbox: 'boolean',
  Lookup: 'reference',
}

export function readObjectXml(xml: string): ObjectXml {
  const outside = xml.replace(/<(fields|nameField)>[\s\S]*?<\/\1>/g, '')
  const fields = [...xml.matchAll(/<fields>([\s\S]*?)<\/fields>/g)].map(([, block = '']) => readField(block))
  return { label: value(outside, 'label'), pluralLabel: value(outside, 'pluralLabel'), fields }
}

function readField(xml: string): Field {
  const type = TYPES[value(xml, 'type') ?? ''] ?? 'string'
  const referenceTo = value(xml, 'referenceTo')
  return field(value(xml, 'fullName') ?? '', {
    label: value(xml, 'label') ?? '',
    type,
    length: type === 'reference' ? 18 : Number(value(xml, 'length') ?? (type === 'email' ? 80 : 0)),
    externalId: value(xml, 'externalId') === 'true',
    unique: value(xml, 'unique') === 'true',
    caseSensitive: value(xml, 'caseSensitive') === 'true',
    referenceTo: referenceTo === null ? [] : [referenceTo],
  })
}

/** `Redkey_Touchpoint__c.Medium__c` and `Redkey_Touchpoint__c` that a permission set lets write. */
export function readPermissionSetXml(xml: string): { readonly fields: readonly string[]; readonly objects: readonly string[] } {
  const blocks = (tag: string) =>
    [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, block = '']) => block)
  const named = (found: readonly string[], tag: string) => found.map((block) => value(block, tag) ?? '')
  return {
    fields: named(
      blocks('fieldPermissions').filter((block) => value(block, 'editable') === 'true'),
      'field',
    ),
    objects: named(
      blocks('objectPermissions').filter((block) => value(block, 'allowCreate') === 'true'),
      'object',
    ),
  }
}

/** Member names of a package.xml by type. */
export function readPackageXml(xml: string): ReadonlyMap<string, readonly string[]> {
  const types = [...xml.matchAll(/<types>([\s\S]*?)<\/types>/g)].map(([, block = '']) => block)
  return new Map(
    types.map((block) => [
      value(block, 'name') ?? '',
      [...block.matchAll(/<members>(.*?)<\/members>/g)].map(([, member = '']) => member),
    ]),
  )
}

function value(xml: string, tag: string): string | null {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? null
}
