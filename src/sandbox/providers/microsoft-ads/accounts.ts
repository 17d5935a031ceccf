import type { AdsFaultName } from './answers.ts'

export interface AdsAccount {
  readonly id: string
  readonly number: string
  readonly name: string
  /** The customer that owns it. */
  readonly customerId: string
  /** ISO 4217. */
  readonly currency: string
  /** As Microsoft Advertising calls it, and its IANA name. */
  readonly timeZone: { readonly name: string; readonly iana: string }
  status: 'Active' | 'Suspended' | 'Inactive'
  isDeleted: boolean
}

export interface AdsUser {
  readonly id: string
  readonly username: string
  /** Ids of accounts. */
  readonly access: Set<string>
  /** Viewers read everything and write nothing. */
  role: 'superAdmin' | 'viewer'
  /** What Microsoft Advertising has against this user; every call is refused with it. */
  refusedWith: AdsFaultName | null
}

export interface AdsBook {
  readonly accounts: readonly AdsAccount[]
  readonly users: readonly AdsUser[]
}

/** Two companies and an agency: Ana reaches both accounts of Acme, Tom one, the agency those of its clients. */
export function seededBook(): AdsBook {
  const accounts = [
    account('180000001', 'F118ACM1', 'Acme Search EU', '250000001'),
    { ...account('180000002', 'F118ACM2', 'Acme Search US', '250000001'), currency: 'USD', timeZone: NEW_YORK },
    ...['Lumen Bikes', 'Harbor Coffee', 'Tidewater Sports', 'Nordlicht Reisen', 'Papier & Feder', 'Oak & Iron'].map(
      (name, place) => account(`18000010${place}`, `F118NW0${place}`, name, `26000000${place}`),
    ),
  ]
  const [eu, us, ...clients] = accounts.map(({ id }) => id)
  return {
    accounts,
    users: [
      user('42000001', 'ana@acme.example', [eu, us]),
      user('42000002', 'tom@acme.example', [eu]),
      user('42000003', 'mia@northwind.example', clients),
    ],
  }
}

const BERLIN = { name: 'AmsterdamBerlinBernRomeStockholmVienna', iana: 'Europe/Berlin' }
const NEW_YORK = { name: 'EasternTimeUSCanada', iana: 'America/New_York' }

function account(id: string, number: string, name: string, customerId: string): AdsAccount {
  return { id, number, name, customerId, currency: 'EUR', timeZone: BERLIN, status: 'Active', isDeleted: false }
}

function user(id: string, username: string, access: readonly (string | undefined)[]): AdsUser {
  return { id, username, access: new Set(access.filter((one) => one !== undefined)), role: 'superAdmin', refusedWith: null }
}

/** AdvertiserAccount: learn.microsoft.com/advertising/customer-management-service/searchaccounts, REST (2026-08). Longs are text. */
export function accountJson({ id, number, name, customerId, currency, timeZone, status }: AdsAccount): object {
  return {
    AccountFinancialStatus: 'ClearFinancialStatus',
    AccountLifeCycleStatus: status,
    AccountMode: 'Expert',
    AutoTagType: 'Inactive',
    BillToCustomerId: customerId,
    CurrencyCode: currency,
    ForwardCompatibilityMap: null,
    Id: id,
    Language: 'English',
    LinkedAgencies: [],
    Name: name,
    Number: number,
    ParentCustomerId: customerId,
    PauseReason: null,
    TimeZone: timeZone.name,
  }
}

/** GetUserResponse: learn.microsoft.com/advertising/customer-management-service/getuser, REST (2026-08). Role 41 is Super Admin, 100 Viewer. */
export function userJson({ id, username, access, role }: AdsUser, customerId: string): object {
  return {
    User: { ContactInfo: { Email: username }, CustomerId: customerId, Id: id, UserLifeCycleStatus: 'Active', UserName: username },
    CustomerRoles: [
      {
        AccountIds: [...access],
        CustomerId: customerId,
        CustomerLinkPermission: null,
        LinkedAccountIds: [],
        RoleId: role === 'viewer' ? 100 : 41,
      },
    ],
  }
}
