import type { ListedDigest } from '../domain/digest/channel-digests.ts'
import { ADD_ACTION, HOME_FILTER_ACTION } from './action-ids.ts'
import { actions, type Block, button, divider, header, option, type RenderedHome, section, select } from './blocks.ts'
import { homeRow, type ListedConnection } from './connection-rows.ts'
import { footer } from './connections-list.ts'
import { digestRows } from './digest/digest-reply.ts'
import type { Look } from './look.ts'
import type { Counts, Filter, Page } from './page.ts'
import { count, plural } from './words.ts'

const FILTER_LABELS: Readonly<Record<Filter, string>> = {
  all: 'All connections',
  attention: 'Needs somebody',
  crm: 'CRMs',
  ads: 'Ad platforms',
}

/** The Home tab: how everything is in one look, and what can be done about it. `listed` are the rows of the page. */
export function homeView(
  page: Page,
  listed: readonly ListedConnection[],
  look: Look,
  now: Date,
  digests: readonly ListedDigest[] = [],
): RenderedHome {
  const { counts } = page
  const add = button('Add connection', ADD_ACTION, counts.total === 0 ? { style: 'primary' } : {})
  if (counts.total === 0) {
    const first = 'Nothing is connected yet. Connect a CRM or an ad platform, and Redkey looks after its login from then on.'
    return { type: 'home', blocks: [header('Connections'), section(first), actions(add)] }
  }
  return {
    type: 'home',
    blocks: [
      header(headline(counts)),
      section(overview(counts, look)),
      actions(add, filterSelect(page.filter)),
      divider(),
      ...(listed.length === 0 ? [section('There is none of these.')] : rows(listed, look, now)),
      ...digestRows(digests, look),
      ...footer(page, look),
    ],
  }
}

function headline({ red, attention, silent, paused, expiring }: Counts): string {
  if (red > 0) return `${plural(red, 'connection')} ${red === 1 ? 'needs' : 'need'} authorization`
  if (attention > 0) return `${plural(attention, 'connection')} ${attention === 1 ? 'needs' : 'need'} somebody`
  return silent + paused + expiring > 0 ? 'Nothing is broken' : 'All is well'
}

/** The numbers that are not 0, the urgent ones first. */
function overview(counts: Counts, look: Look): string {
  const parts: (readonly [number, string, string])[] = [
    [counts.red, look.redKey, 'need authorization'],
    [counts.attention, ':warning:', 'need somebody'],
    [counts.silent, ':large_yellow_circle:', 'without an answer'],
    [counts.expiring, ':hourglass:', 'expire soon'],
    [counts.catchingUp, ':arrows_counterclockwise:', 'catching up'],
    [counts.paused, ':double_vertical_bar:', 'paused'],
    [counts.fine, ':white_check_mark:', 'fine'],
  ]
  return parts
    .filter(([n]) => n > 0)
    .map(([n, icon, words]) => `${icon} *${count(n)}* ${n === 1 ? words.replace(/^(need|expire)\b/, '$1s') : words}`)
    .join('     ')
}

function filterSelect(filter: Filter) {
  const options = Object.entries(FILTER_LABELS).map(([value, label]) => option(label, value))
  return select('Show', HOME_FILTER_ACTION, options, filter)
}

function rows(listed: readonly ListedConnection[], look: Look, now: Date): Block[] {
  return listed.flatMap((row) => [...homeRow(row, look, now), divider()])
}
