import { recordId } from './ids.ts'
import { readObjectXml, readPackageXml, readPermissionSetXml } from './metadata-xml.ts'
import { type Table, table } from './table.ts'
import { unzip } from './unzip.ts'

/** What an admin set up in an org by metadata. */
export interface FakeSetup {
  /** Deployments, the newest last. */
  readonly deployments: readonly Deployment[]
  readonly permissionSets: readonly PermissionSet[]
  /** Whether the user may deploy and assign. `look`: only see the setup. */
  rights: 'all' | 'look' | 'none'
  /** How often a deployment is still under way when somebody asks. Default 1. */
  pendingFor: number
  /** The next deployment fails with this. */
  failNext: string | null
}

export interface Deployment {
  readonly id: string
  /** `CustomObject:Redkey_Touchpoint__c`, in order. */
  readonly members: readonly string[]
  readonly problem: string | null
  looks: number
}

export interface PermissionSet {
  readonly id: string
  readonly name: string
  fields: readonly string[]
  objects: readonly string[]
  readonly assignees: string[]
}

export interface Setup extends FakeSetup {
  readonly permissionSets: PermissionSet[]
  /** Takes a zip, all of it or nothing. */
  deploy(zip: Buffer): Deployment
  deployment(id: string): Deployment | null
  assign(permissionSetId: string, userId: string): string | null
  /** Made by hand, with every right on it for everybody. */
  install(object: string, xml: string): void
  /** A field that is gone is in no permission set. */
  forget(field: string): void
  /** Ids of custom objects in the setup, which are not those of the data. */
  objectId(name: string): string
}

/**
 * The Metadata API's state of one org. What is made has no field-level security until a permission set that grants it is assigned; here
 * assigned to anybody, since the fake's rights are those of the whole org.
 */
export function setupState(tables: Map<string, Table>): Setup {
  const deployments: Deployment[] = []
  const permissionSets: PermissionSet[] = []

  const self: Setup = {
    deployments,
    permissionSets,
    rights: 'all',
    pendingFor: 1,
    failNext: null,
    deploy(zip) {
      const files = unzip(zip)
      const members = [...readPackageXml(files?.get('package.xml') ?? '')].flatMap(([type, names]) =>
        names.map((name) => `${type}:${name}`),
      )
      const problem = self.failNext ?? (files ? whyNot(files, members) : 'The zip file is not readable.')
      self.failNext = null
      if (files && problem === null) for (const member of members) make(files, member)
      const deployment = { id: recordId('0Af', deployments.length + 1), members, problem, looks: 0 }
      deployments.push(deployment)
      return deployment
    },
    deployment: (id) => deployments.find((one) => one.id === id) ?? null,
    assign(permissionSetId, userId) {
      const set = permissionSets.find(({ id }) => id === permissionSetId)
      if (!set || set.assignees.includes(userId)) return null
      set.assignees.push(userId)
      grant(set)
      return recordId('0Pa', permissionSets.indexOf(set) * 100 + set.assignees.length)
    },
    install(object, xml) {
      makeObject(object, xml)
      const made = tables.get(object)
      if (!made) return
      made.access = 'full'
      for (const { name } of made.seed.fields) made.show(name)
    },
    forget(field) {
      for (const set of permissionSets) set.fields = set.fields.filter((one) => one !== field)
    },
    objectId: (name) => recordId('01I', [...tables.keys()].indexOf(name) + 1),
  }
  return self

  function whyNot(files: ReadonlyMap<string, string>, members: readonly string[]): string | null {
    if (members.length === 0) return 'No package.xml found'
    for (const member of members) {
      const [type, name = ''] = member.split(':')
      if (!files.has(pathOf(type ?? '', name))) return `${name}: named in package.xml, but was not found in zipped directory`
      const missing = type === 'PermissionSet' ? firstUnknown(files.get(pathOf(type, name)) ?? '') : null
      if (missing) return `In field: field - no CustomField named ${missing} found`
    }
    return null
  }

  function firstUnknown(xml: string): string | undefined {
    return readPermissionSetXml(xml).fields.find((field) => {
      const [object = '', name = ''] = field.split('.')
      return !tables.get(object)?.seed.fields.some((one) => one.name === name)
    })
  }

  function make(files: ReadonlyMap<string, string>, member: string): void {
    const [type = '', name = ''] = member.split(':')
    const xml = files.get(pathOf(type, name)) ?? ''
    if (type === 'PermissionSet') makePermissionSet(name, xml)
    if (type === 'CustomObject') makeObject(name, xml)
    if (type === 'CustomField') {
      const [object = '', field = ''] = name.split('.')
      const made = readObjectXml(xml).fields.find((one) => one.name === field)
      if (made) addField(tables.get(object), made)
    }
  }

  function makeObject(name: string, xml: string): void {
    const { label, pluralLabel, fields } = readObjectXml(xml)
    const known = tables.get(name)
    if (known) {
      for (const field of fields) addField(known, field)
      return
    }
    const keyPrefix = `a${(tables.size + 10).toString(36).toUpperCase().padStart(2, '0')}`
    const made = table({ name, label: label ?? name, labelPlural: pluralLabel ?? name, keyPrefix, fields: [] })
    made.addSystemFields()
    for (const field of fields) addField(made, field)
    made.access = 'hidden'
    tables.set(name, made)
  }

  function addField(to: Table | undefined, field: Parameters<Table['add']>[0]): void {
    if (!to || to.seed.fields.some(({ name }) => name === field.name)) return
    to.add(field)
    to.hide(field.name)
  }

  function makePermissionSet(name: string, xml: string): void {
    const read = readPermissionSetXml(xml)
    const known = permissionSets.find((one) => one.name === name)
    const set = known ?? { id: recordId('0PS', permissionSets.length + 1), name, ...read, assignees: [] }
    set.fields = read.fields
    set.objects = read.objects
    if (!known) permissionSets.push(set)
    if (set.assignees.length > 0) grant(set)
  }

  function grant({ fields, objects }: PermissionSet): void {
    for (const object of objects) {
      const found = tables.get(object)
      if (found?.access === 'hidden') found.access = 'full'
    }
    for (const field of fields) {
      const [object = '', name = ''] = field.split('.')
      tables.get(object)?.show(name)
    }
  }
}

function pathOf(type: string, name: string): string {
  if (type === 'PermissionSet') return `permissionsets/${name}.permissionset`
  return `objects/${name.split('.')[0]}.object`
}
