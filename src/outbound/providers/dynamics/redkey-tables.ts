/** Made where no solution of others has tables for touchpoints. */
export const TOUCHPOINTS = 'redkey_touchpoint'
export const ATTRIBUTION = 'redkey_attributiontouchpoint'
export const KEY_COLUMN = 'redkey_touchkey'

/**
 * Whose what is made is, and what removes it as a whole. Names begin with the prefix of the publisher.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/web-api-metadata-operations-sample, section 0 (2026-11)
 */
export const PUBLISHER = {
  uniquename: 'redkey',
  friendlyname: 'Redkey',
  customizationprefix: 'redkey',
  customizationoptionvalueprefix: 84170,
}
export const SOLUTION = { uniquename: 'Redkey', friendlyname: 'Redkey', version: '1.0.0.0' }
export const IN_SOLUTION = { 'MSCRM.SolutionUniqueName': SOLUTION.uniquename }

interface Column {
  /** Without the prefix; in lower case it is the logical name's end. */
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'long_text' | 'time'
}

/** Records of other tables are told by their ids, as text: an environment without Dynamics 365 Sales has no leads and opportunities. */
const COLUMNS: readonly Column[] = [
  text('TouchKey', 'Touch Key'),
  { name: 'OccurredAt', label: 'Occurred At', type: 'time' },
  text('Type', 'Type'),
  text('Email', 'Email'),
  text('LeadId', 'Lead Id'),
  text('ContactId', 'Contact Id'),
  text('AccountId', 'Account Id'),
  text('Channel', 'Channel'),
  text('ChannelPath', 'Channel Path'),
  text('Source', 'Source'),
  text('Medium', 'Medium'),
  text('Position', 'Position'),
  text('CampaignId', 'Campaign Id'),
  text('CampaignName', 'Campaign Name'),
  text('AdGroupId', 'Ad Group Id'),
  text('AdGroupName', 'Ad Group Name'),
  text('AdId', 'Ad Id'),
  text('AdContent', 'Ad Content'),
  text('Keyword', 'Keyword'),
  text('KeywordMatchType', 'Keyword Match Type'),
  { name: 'LandingPage', label: 'Landing Page', type: 'long_text' },
  { name: 'FormUrl', label: 'Form URL', type: 'long_text' },
  { name: 'ReferrerPage', label: 'Referrer Page', type: 'long_text' },
]

interface OwnTable {
  readonly schemaName: string
  readonly label: string
  readonly columns: readonly Column[]
}

const OWN: Readonly<Record<string, OwnTable>> = {
  [TOUCHPOINTS]: { schemaName: 'redkey_Touchpoint', label: 'Redkey Touchpoint', columns: COLUMNS },
  [ATTRIBUTION]: {
    schemaName: 'redkey_AttributionTouchpoint',
    label: 'Redkey Attribution Touchpoint',
    columns: [...COLUMNS, text('OpportunityId', 'Opportunity Id')],
  },
}

function text(name: string, label: string): Column {
  return { name, label, type: 'text' }
}

/** Logical names; none of a table that is not Redkey's. */
export function columnsOf(table: string): readonly string[] {
  return (OWN[table]?.columns ?? []).map(logicalName)
}

function logicalName({ name }: Column): string {
  return `${PUBLISHER.customizationprefix}_${name.toLowerCase()}`
}

/**
 * The body of a POST to `EntityDefinitions`, with all columns; the key column is the primary name, which each table must have.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/create-update-entity-definitions-using-web-api (2026-11)
 * `language`: of the environment, in which labels must be.
 */
export function tableBody(table: string, language: number): object {
  const { schemaName, label, columns } = own(table)
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
    SchemaName: schemaName,
    DisplayName: labelled(label, language),
    DisplayCollectionName: labelled(`${label}s`, language),
    Description: labelled('Marketing touchpoints that Redkey has pushed.', language),
    OwnershipType: 'UserOwned',
    IsActivity: false,
    HasActivities: false,
    HasNotes: false,
    PrimaryNameAttribute: KEY_COLUMN,
    Attributes: columns.map((column) => attribute(column, language)),
  }
}

/** Bodies of POSTs to a table's `Attributes`. */
export function columnBodies(table: string, names: readonly string[], language: number): readonly object[] {
  return own(table)
    .columns.filter((column) => names.includes(logicalName(column)))
    .map((column) => attribute(column, language))
}

/** The body of a POST to a table's `Keys`: https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/entitykeymetadata (2026-11) */
export function keyBody(column: string, language: number): object {
  const schemaName = `${PUBLISHER.customizationprefix}_${column.replace(/^[^_]*_/, '')}_key`
  return { SchemaName: schemaName, DisplayName: labelled('Redkey touchpoint id', language), KeyAttributes: [column] }
}

function own(table: string): OwnTable {
  const found = OWN[table]
  if (!found) throw new Error(`${table} is no table of Redkey`)
  return found
}

/** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/create-update-column-definitions-using-web-api (2026-11) */
const TYPES = {
  text: { kind: 'String', more: { MaxLength: 255, FormatName: { Value: 'Text' } } },
  long_text: { kind: 'Memo', more: { MaxLength: 32_000, Format: 'TextArea' } },
  time: { kind: 'DateTime', more: { Format: 'DateAndTime' } },
} as const

function attribute(column: Column, language: number): object {
  const { kind, more } = TYPES[column.type]
  return {
    '@odata.type': `Microsoft.Dynamics.CRM.${kind}AttributeMetadata`,
    AttributeType: kind,
    AttributeTypeName: { Value: `${kind}Type` },
    SchemaName: `${PUBLISHER.customizationprefix}_${column.name}`,
    DisplayName: labelled(column.label, language),
    RequiredLevel: { Value: 'None', CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' },
    ...more,
    ...(logicalName(column) === KEY_COLUMN && { IsPrimaryName: true }),
  }
}

function labelled(label: string, language: number): object {
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.Label',
    LocalizedLabels: [{ '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: label, LanguageCode: language }],
  }
}
