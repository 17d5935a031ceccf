import { readFileSync } from 'node:fs'
import { zip } from './zip.ts'

/**
 * What Redkey makes in an org without the Marketo Measure package, in Salesforce's own form: `metadata/` can also be deployed as it is
 * (`sf project deploy start --metadata-dir`). The permission set has nothing but the two objects: lookups only take records that the
 * user may read anyway, and rights on leads and contacts would not go with every user licence.
 */
const FOLDER = new URL('metadata/', import.meta.url)

export const TOUCHPOINTS = 'Redkey_Touchpoint__c'
export const ATTRIBUTION = 'Redkey_Attribution_Touchpoint__c'
export const PERMISSION_SET = 'Redkey_Touchpoints'
/** The external id of both. */
export const KEY_FIELD = 'Touch_Key__c'

/** API names of the fields of an object of ours. */
export function fieldsOf(object: string): readonly string[] {
  return fieldBlocks(read(`objects/${object}.object`)).map(({ name }) => name)
}

/** `Redkey_Touchpoint__c.Medium__c`, all that the permission set grants. */
export function grantedFields(): readonly string[] {
  return [...read(`permissionsets/${PERMISSION_SET}.permissionset`).matchAll(/<field>(.+?)<\/field>/g)].map(
    ([, field = '']) => field,
  )
}

/** The package that makes an object. */
export function objectPackage(object: string): Buffer {
  const path = `objects/${object}.object`
  return packageOf('CustomObject', [object], { name: path, text: read(path) })
}

/** The package that adds some fields to an object that is there, and changes nothing else of it. */
export function fieldsPackage(object: string, names: readonly string[]): Buffer {
  const path = `objects/${object}.object`
  const blocks = fieldBlocks(read(path)).filter(({ name }) => names.includes(name))
  const text = `${HEAD}<CustomObject ${NAMESPACE}>\n${blocks.map(({ xml }) => `${xml}\n`).join('')}</CustomObject>\n`
  const members = names.map((name) => `${object}.${name}`)
  return packageOf('CustomField', members, { name: path, text })
}

export function permissionSetPackage(): Buffer {
  const path = `permissionsets/${PERMISSION_SET}.permissionset`
  return packageOf('PermissionSet', [PERMISSION_SET], { name: path, text: read(path) })
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
const NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'

function packageOf(type: string, members: readonly string[], file: { readonly name: string; readonly text: string }): Buffer {
  const version = /<version>(.+?)<\/version>/.exec(read('package.xml'))?.[1] ?? ''
  const named = members.map((member) => `<members>${member}</members>`).join('')
  const types = `<types>${named}<name>${type}</name></types>`
  const text = `${HEAD}<Package ${NAMESPACE}>${types}<version>${version}</version></Package>\n`
  return zip([{ name: 'package.xml', text }, file])
}

function fieldBlocks(xml: string): readonly { readonly name: string; readonly xml: string }[] {
  return [...xml.matchAll(/ *<fields>[\s\S]*?<fullName>(.+?)<\/fullName>[\s\S]*?<\/fields>/g)].map(([block, name = '']) => ({
    name,
    xml: block,
  }))
}

function read(path: string): string {
  return readFileSync(new URL(path, FOLDER), 'utf8')
}
