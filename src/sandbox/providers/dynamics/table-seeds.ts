/** A column as the fake keeps it; `metadata.ts` fills in what a real answer says beside it. */
export interface Column {
  readonly name: string
  readonly schemaName: string
  readonly label: string
  readonly type: 'String' | 'Memo' | 'DateTime' | 'Integer' | 'Uniqueidentifier' | 'Owner' | 'State' | 'Lookup'
  readonly maxLength: number
  /** Lookups only. */
  readonly target: string | null
  readonly writable: boolean
}

export interface TableSeed {
  readonly name: string
  readonly schemaName: string
  readonly label: string
  readonly entitySet: string
  readonly custom: boolean
  readonly columns: readonly Column[]
  /** Columns of its alternate keys, one in each. */
  readonly keys: readonly string[]
}

/** Of https://experienceleague.adobe.com/en/docs/marketo-measure/using/marketo-measure-and-dynamics/marketo-measure-dynamics-schema (2026-11). */
const MEASURE_TEXTS = [
  'Ad_Campaign_Id',
  'Ad_Campaign_Name',
  'Ad_Content',
  'Ad_Group_Id',
  'Ad_Group_Name',
  'Ad_Id',
  'Browser',
  'Geo_City',
  'Geo_Country',
  'Geo_Region',
  'Keyword_Id',
  'Keyword_MatchType',
  'Keyword_Text',
  'Marketing_Channel',
  'Marketing_Channel_Path',
  'Medium',
  'Name',
  'Placement_Id',
  'Placement_Name',
  'Platform',
  'Search_Phrase',
  'Segment',
  'Site_Id',
  'Site_Name',
  'Touchpoint_Position',
  'Touchpoint_Source',
  'Touchpoint_Type',
]
const MEASURE_URLS = [
  'Ad_Destination_URL',
  'Form_URL',
  'Form_URL_Raw',
  'Landing_Page',
  'Landing_Page_Raw',
  'Referrer_Page',
  'Referrer_Page_Raw',
]
const MEASURE_COUNTS = ['Count_First_Touch', 'Count_U_Shaped']

/** Lengths and types are the usual ones of such columns (a guess: the schema's documentation has names only). */
export function seedTables(): readonly TableSeed[] {
  return [
    measure('Bizible_Touchpoint', 'Buyer Touchpoint', [
      ['ContactId', 'contact'],
      ['LeadId', 'lead'],
      ['Account', 'account'],
      ['CampaignId', 'campaign'],
    ]),
    measure('Bizible_Attribution_Touchpoint', 'Buyer Attribution Touchpoint', [
      ['ContactId', 'contact'],
      ['AccountId', 'account'],
      ['CampaignId', 'campaign'],
      ['OpportunityId', 'opportunity'],
    ]),
    standard('contact', 'Contact', 'contacts', ['fullname', 'emailaddress1']),
    standard('lead', 'Lead', 'leads', ['fullname', 'emailaddress1']),
    standard('account', 'Account', 'accounts', ['name']),
    standard('opportunity', 'Opportunity', 'opportunities', ['name']),
    standard('campaign', 'Campaign', 'campaigns', ['name']),
  ]
}

function measure(name: string, label: string, lookups: readonly (readonly [string, string])[]): TableSeed {
  const schemaName = `bizible2_${name}`
  return {
    name: schemaName.toLowerCase(),
    schemaName,
    label,
    entitySet: `${schemaName.toLowerCase()}s`,
    custom: true,
    columns: [
      ...systemColumns(schemaName.toLowerCase()),
      column('bizible2_UniqueId', { maxLength: 255 }),
      column('bizible2_Touchpoint_Date', { type: 'DateTime' }),
      ...MEASURE_TEXTS.map((text) => column(`bizible2_${text}`)),
      ...MEASURE_URLS.map((url) => column(`bizible2_${url}`, { type: 'Memo', maxLength: 2000 })),
      ...MEASURE_COUNTS.map((count) => column(`bizible2_${count}`, { type: 'Integer' })),
      ...lookups.map(([lookup, target]) => column(`bizible2_${lookup}`, { type: 'Lookup', target })),
    ],
    keys: ['bizible2_uniqueid'],
  }
}

function standard(name: string, label: string, entitySet: string, texts: readonly string[]): TableSeed {
  const columns = [...systemColumns(name), ...texts.map((text) => column(text))]
  return { name, schemaName: label, label, entitySet, custom: false, columns, keys: [] }
}

function systemColumns(table: string): Column[] {
  return [
    column(`${table}id`, { type: 'Uniqueidentifier', writable: true }),
    column('ownerid', { type: 'Owner', writable: true }),
    column('statecode', { type: 'State', writable: true }),
    column('createdon', { type: 'DateTime', writable: false }),
    column('modifiedon', { type: 'DateTime', writable: false }),
  ]
}

function column(schemaName: string, with_: Partial<Column> = {}): Column {
  const name = schemaName.toLowerCase()
  const label = schemaName.replace(/^bizible2_/, '').replaceAll('_', ' ')
  return { name, schemaName, label, type: 'String', maxLength: 255, target: null, writable: true, ...with_ }
}
