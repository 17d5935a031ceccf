import type { Account, AccountRef, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import type { Cm360Api } from './api.ts'

/**
 * Every profile of the person: `{"items":[{"profileId","accountId","accountName","subAccountId","subAccountName","userName"}]}`, not
 * paged (googleapis, dfareporting v5, userProfiles.list, read 2026-11-24). A profile of a subaccount sees a part of the account.
 */
export async function reachableAccounts(api: Cm360Api, tokens: Tokens): Promise<Asked<readonly Account[]>> {
  const asked = await api.read(tokens, 'userprofiles')
  if (asked.kind !== 'ok') return asked
  const byId = new Map<string, Account>()
  for (const account of asList(asked.value.items).flatMap((item) => accountOf(asRecord(item)))) {
    if (!byId.has(account.id)) byId.set(account.id, account)
  }
  return byId.size > 0 ? { kind: 'ok', value: [...byId.values()] } : noProfiles()
}

/** As whom an account is asked, as it stands in paths. */
export async function profileOf(api: Cm360Api, tokens: Tokens, { id, via }: AccountRef): Promise<Asked<string>> {
  if (via !== null) return { kind: 'ok', value: encodeURIComponent(via) }
  const reached = await reachableAccounts(api, tokens)
  if (reached.kind !== 'ok') return reached
  const profile = reached.value.find((account) => account.id === id)?.via
  return profile == null ? noProfiles() : { kind: 'ok', value: encodeURIComponent(profile) }
}

/** Of the whole account, also where only a subaccount of it is connected. */
export function wholeAccountId({ id }: AccountRef): string {
  return id.split('/', 1)[0] ?? id
}

function accountOf(profile: JsonRecord): Account[] {
  const [via, account, part] = [profile.profileId, profile.accountId, profile.subAccountId].map(idOf)
  if (via == null || account == null) return []
  const names = [profile.accountName, profile.subAccountName].map(asText).filter((name) => name !== null)
  const id = part == null ? account : `${account}/${part}`
  return [{ id, via, name: names.length === 0 ? id : names.join(' / '), environment: 'production' }]
}

/** int64: a text in JSON. `0` is no subaccount. */
export function idOf(value: unknown): string | null {
  const id = typeof value === 'number' ? String(value) : asText(value)
  return id === '0' ? null : id
}

function noProfiles(): Verdict {
  return {
    kind: 'permission',
    cause: 'access_lost',
    code: 'no_profiles',
    explanation:
      'The Google account that logged in has no user profile in Campaign Manager 360. An admin of the account there has to make one.',
  }
}
