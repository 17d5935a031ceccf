import type { AccountRef, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asText } from '../json.ts'
import { lacks, passes, rejected, verdictOf } from '../meaning.ts'
import { copyOf, originOf } from './copy-creative.ts'
import type { Creative } from './creative.ts'
import { unreadable } from './graph.ts'
import type { AdsDeps } from './origins.ts'
import { pairsOf, without } from './parameters.ts'
import { readAd, showCreative } from './shown-ad.ts'
import { TAG_CHOICES } from './tag-choices.ts'
import { whyUntaggable } from './untaggable.ts'

export const CONSEQUENCE =
  'Meta lets nobody add URL parameters to an ad that exists: Redkey makes a copy of its creative with the parameters, and the ad shows the copy from then on. Meta reviews the ad again, may not show it until then, and may have to learn anew whom to show it to. Likes, comments and shares stay where the copy can use the same Facebook post; elsewhere, as on Instagram, they can be lost.'

interface TagRequest {
  readonly account: AccountRef
  readonly adId: string
  /** All that its clicks shall carry; what its address has already is not set again. */
  readonly parameters: string
}

type Shown = { readonly before: string; readonly after: string }

/**
 * Whoever comes second, another process or a try after a lost answer, finds the ad with these parameters and changes nothing. Between
 * looking and changing there are moments that Meta can't guard; then both have made the same copy, and the ad shows one. A copy that
 * no ad shows does nothing, and is not deleted, since Meta may have given the same one to somebody else.
 */
export async function tagAd(deps: AdsDeps, tokens: Tokens, request: TagRequest): Promise<Asked<Shown>> {
  const { account, adId, parameters } = request
  if (parameters.length > TAG_CHOICES.maxLength) return verdictOf(TOO_LONG, 'url_tags_too_long', null)
  const asked = await readAd(deps, tokens, account, adId)
  if (asked.kind !== 'ok') return asked
  const { row, creative } = asked.value
  const wanted = creative === null ? '' : wantedOf(creative, parameters)
  if (creative !== null && carries(creative, wanted)) return shownBy(creative)
  const untaggable = whyUntaggable(row, creative)
  if (untaggable !== null || creative === null) return verdictOf(untaggableAd(untaggable ?? ''), 'ad_untaggable', null)
  const made = await deps.graph.post(tokens, `/${encodeURIComponent(account.id)}/adcreatives`, copyOf(creative, wanted))
  if (made.kind !== 'ok') return ofChange(made)
  const copy = asText(made.value.id)
  if (copy === null) return unreadable()
  return pointAt(deps, tokens, { ...request, before: creative, copy, wanted })
}

/** Somebody else may have changed the ad while the copy was made: then theirs stays. */
async function pointAt(
  deps: AdsDeps,
  tokens: Tokens,
  {
    account,
    adId,
    before,
    copy,
    wanted,
  }: TagRequest & { readonly before: Creative; readonly copy: string; readonly wanted: string },
): Promise<Asked<Shown>> {
  const asked = await readAd(deps, tokens, account, adId)
  if (asked.kind !== 'ok') return asked
  const { creative } = asked.value
  if (creative?.id !== before.id) {
    const isTagged = creative !== null && carries(creative, wanted)
    return isTagged ? { kind: 'ok', value: { before: before.id, after: creative.id } } : verdictOf(CHANGED, 'ad_changed', null)
  }
  const pointed = await showCreative(deps, tokens, { account, adId, creativeId: copy })
  return pointed.kind === 'ok' ? { kind: 'ok', value: { before: before.id, after: copy } } : ofChange(pointed)
}

/**
 * A copy with other parameters counts as somebody's change; one that two processes made does not. Also while Meta reviews or refuses
 * the ad, which may be because of the copy.
 */
export async function untagAd(
  deps: AdsDeps,
  tokens: Tokens,
  { account, adId }: Omit<TagRequest, 'parameters'>,
  { before, after }: Shown,
): Promise<Asked<boolean>> {
  const asked = await readAd(deps, tokens, account, adId)
  if (asked.kind !== 'ok') return asked
  const { creative } = asked.value
  const isAfter = await isTheSame(deps, tokens, creative, { before, after })
  if (isAfter.kind !== 'ok') return isAfter
  if (!isAfter.value) return { kind: 'ok', value: false }
  if (before === after) return { kind: 'ok', value: true }
  const shown = await showCreative(deps, tokens, { account, adId, creativeId: before })
  return shown.kind === 'ok' ? { kind: 'ok', value: true } : ofChange(shown)
}

/** Another copy of the same creative with the same parameters counts as `after`. */
async function isTheSame(
  deps: AdsDeps,
  tokens: Tokens,
  creative: Creative | null,
  { before, after }: Shown,
): Promise<Asked<boolean>> {
  if (creative === null || creative.id === after) return { kind: 'ok', value: creative !== null }
  if (originOf(creative) !== before) return { kind: 'ok', value: false }
  const asked = await deps.graph.get(tokens, `/${encodeURIComponent(after)}`, { fields: 'id,url_tags' })
  if (asked.kind !== 'ok') return asked
  return { kind: 'ok', value: carries(creative, pairsOf(asText(asked.value.url_tags) ?? '').join('&')) }
}

function wantedOf({ ofLinks, ofAssets }: Creative, parameters: string): string {
  return without(pairsOf(parameters), [...(ofLinks ?? []), ...ofAssets]).join('&')
}

function carries({ urlTags }: Creative, wanted: string): boolean {
  return urlTags.join('&') === wanted
}

/** Of a copy that was made before, what it is a copy of; whoever set the same by hand has nothing to go back to. */
function shownBy(creative: Creative): Asked<Shown> {
  return { kind: 'ok', value: { before: originOf(creative) ?? creative.id, after: creative.id } }
}

/** The ad could just be read, so what is refused now is the change. */
function ofChange(refusal: Verdict): Verdict {
  return refusal.kind === 'permission' && refusal.cause !== 'admin_blocked' ? verdictOf(LOOKS_ONLY, refusal.code, null) : refusal
}

const LOOKS_ONLY = lacks(
  'role_missing',
  'The user who logged in at Meta may look at the ad account, but not change its ads. In Meta Business settings an admin has to give the user the right to manage campaigns of the ad account, and to create ads for its Facebook page.',
)
const TOO_LONG = rejected(`Meta takes no more than ${TAG_CHOICES.maxLength} characters of URL parameters.`)
const CHANGED = passes('Somebody changed the ad in the same moment.')

function untaggableAd(why: string) {
  return rejected(`The ad can't be given URL parameters. ${why}`)
}
