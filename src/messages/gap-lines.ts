import type { GapAd, GapCosts, GapTags } from '../domain/gaps/gap.ts'
import { microsOf } from '../domain/micros.ts'
import { dayWords, spanWords } from './days.ts'
import { difference, money } from './money.ts'
import { date, escapeMrkdwn, link } from './mrkdwn.ts'
import { count, list, plural } from './words.ts'

const RESTATED_SHOWN = 5
const ADS_SHOWN = 12

/** What became of the costs: days filled, days changed, days lost. */
export function costLines(costs: GapCosts, label: string): string[] {
  const { currency, backfilled, restated, lost } = costs
  return [
    backfilled.length === 0
      ? 'No day was missed.'
      : `*${plural(backfilled.length, 'day')} backfilled*: ${money(costs.amount, currency)} in ${plural(costs.campaigns, 'campaign')} (${spanWords(backfilled.map(({ day }) => day))}).`,
    ...restatedLines(restated, currency, label),
    lost.length === 0
      ? ''
      : `:warning: *${plural(lost.length, 'day')} lost*: ${spanWords(lost)}. That is further back than ${label} tells.`,
  ].filter((line) => line !== '')
}

function restatedLines(restated: GapCosts['restated'], currency: string, label: string): string[] {
  if (restated.length === 0) return []
  const shown = restated.slice(-RESTATED_SHOWN)
  const more = restated.length - shown.length
  const sum = restated.reduce((total, { before, after }) => total + changed(before, after), 0n)
  return [
    `*${plural(restated.length, 'earlier day')} restated* by ${label}: ${difference(sum, currency)} altogether.`,
    ...shown.map(
      ({ day, before, after }) =>
        `• ${dayWords(day)}: ${money(before, currency)} → ${money(after, currency)} (${difference(changed(before, after), currency)})`,
    ),
    ...(more === 0 ? [] : [`• and ${count(more)} before those`]),
  ]
}

function changed(before: string, after: string): bigint {
  return (microsOf(after) ?? 0n) - (microsOf(before) ?? 0n)
}

/** What became of the ads that were created meanwhile. It never claims that tags could be repaired. */
export function tagLines(tags: GapTags): string[] {
  switch (tags.kind) {
    case 'off':
      return []
    case 'unknown':
      return [`:warning: Which ads were created meanwhile is not known: ${escapeMrkdwn(tags.why, 300)}`]
    case 'on':
      return adLines(tags)
    default:
      return tags satisfies never
  }
}

function adLines({ covered, late, never, ads, touchpoints }: Extract<GapTags, { kind: 'on' }>): string[] {
  const total = covered + late + never
  if (total === 0) return ['No ad was created meanwhile.']
  const parts = [
    ...(covered === 0 ? [] : [`${count(covered)} had their UTM parameters from the start`]),
    ...(late === 0 ? [] : [`${count(late)} tagged late`]),
    ...(never === 0 ? [] : [`${count(never)} never tagged`]),
  ]
  const shown = ads.slice(0, ADS_SHOWN)
  return [
    `*${plural(total, 'ad')} created meanwhile*: ${list(parts)}.`,
    ...shown.map(adLine),
    ...(total > shown.length ? [`• and ${count(total - shown.length)} more`] : []),
    ...beyondRepair(late + never, touchpoints),
  ]
}

function adLine({ name, url, campaignName, createdAt, fate, taggedAt, setBy, why }: GapAd): string {
  const where = campaignName === '' ? '' : ` in ${escapeMrkdwn(campaignName)}`
  return `• ${link(url, name || 'Ad without a name')}${where}, created ${date(new Date(createdAt))}: ${fateWords(fate, taggedAt, setBy, why)}`
}

function fateWords(fate: GapAd['fate'], taggedAt: string | null, setBy: GapAd['setBy'], why: string | null): string {
  switch (fate) {
    case 'covered':
      return `covered by ${setBy === null || setBy === 'ad' ? 'its own parameters' : `the ${setBy.replace('_', ' ')}'s template`}`
    case 'late':
      return `tagged late${taggedAt === null ? '' : `, ${date(new Date(taggedAt))}`}`
    case 'never':
      return `*never tagged*${why === null ? '' : `: ${escapeMrkdwn(why, 200)}`}`
    default:
      return fate satisfies never
  }
}

function beyondRepair(untagged: number, touchpoints: number): string[] {
  if (untagged === 0) return []
  const how = touchpoints === 1 ? 'it' : 'these'
  return [
    touchpoints === 0
      ? 'No touchpoint has come from an untagged ad so far. UTM parameters are never added afterwards: whoever clicks before an ad is tagged stays without.'
      : `*${plural(touchpoints, 'touchpoint')} came from ads while they were untagged.* UTM parameters are never retroactive: ${how} can't be repaired.`,
  ]
}
