import type { Account, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import type { AdsApi } from './api.ts'

/**
 * An account itself (level 0) and, below a manager account, all it manages at any depth
 * (developers.google.com/google-ads/api/docs/account-management/get-account-hierarchy, read 2026-11-24).
 */
const HIERARCHY =
  'SELECT customer_client.id, customer_client.descriptive_name, customer_client.manager, customer_client.test_account, ' +
  "customer_client.level FROM customer_client WHERE customer_client.status IN ('ENABLED', 'SUSPENDED')"

const AT_ONCE = 6

/**
 * The accounts with ads that a login reaches: those given to it directly, then those below the manager accounts given to it. Manager
 * accounts have no cost of their own and are left out, and so are cancelled and closed ones. An account that is refused (cancelled,
 * say) does not hide the others.
 */
export async function reachableAccounts(api: AdsApi, tokens: Tokens): Promise<Asked<readonly Account[]>> {
  const direct = await api.directCustomers(tokens)
  if (direct.kind !== 'ok') return direct
  const accounts: Account[] = []
  let refusal: Verdict | null = null
  for (let start = 0; start < direct.value.length; start += AT_ONCE) {
    const roots = direct.value.slice(start, start + AT_ONCE)
    const asked = await Promise.all(roots.map((root) => api.search(tokens, { id: root, via: root }, HIERARCHY)))
    for (const [place, answer] of asked.entries()) {
      if (answer.kind === 'ok') accounts.push(...answer.value.flatMap((row) => accountOf(roots[place] ?? '', row)))
      else if (answer.kind === 'permission' || answer.kind === 'rejected') refusal ??= answer
      else return answer
    }
  }
  const distinct = nearestOf(accounts)
  return distinct.length > 0 ? { kind: 'ok', value: distinct } : (refusal ?? nothingReached())
}

function accountOf(root: string, row: JsonRecord): Account[] {
  const client = asRecord(row.customerClient)
  const id = asText(client.id) ?? (typeof client.id === 'number' ? String(client.id) : null)
  if (id === null || client.manager === true) return []
  const name = asText(client.descriptiveName) ?? dashed(id)
  return [{ id, via: id === root ? null : root, name, environment: client.testAccount === true ? 'sandbox' : 'production' }]
}

/** One entry for each account; access of one's own is better than access through a manager, who may be unlinked. */
function nearestOf(accounts: readonly Account[]): readonly Account[] {
  const byId = new Map<string, Account>()
  for (const account of [...accounts.filter(({ via }) => via === null), ...accounts]) {
    if (!byId.has(account.id)) byId.set(account.id, account)
  }
  return [...byId.values()]
}

/** `1234567890` as Google Ads shows it to people: `123-456-7890`. */
export function dashed(id: string): string {
  return id.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3')
}

function nothingReached(): Verdict {
  return {
    kind: 'permission',
    cause: 'access_lost',
    code: 'no_accounts',
    explanation:
      'The Google account that logged in reaches no active Google Ads account. An admin of the ads account has to add it under Admin, Access and security.',
  }
}
