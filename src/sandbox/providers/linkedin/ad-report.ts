import type { Reply } from '../http-server.ts'
import { API_ERRORS, refusal } from './answers.ts'
import { datesIn, listIn, projected, type RestQuery } from './restli-query.ts'
import type { Caller, World } from './world.ts'

/** …/integrations/ads-reporting/ads-reporting, restrictions (2026-11): what is more is left out without a word. */
const MOST_ELEMENTS = 15_000
const MOST_FIELDS = 20
const FIELDS = ['dateRange', 'pivotValues', 'costInLocalCurrency', 'costInUsd', 'impressions', 'clicks', 'landingPageClicks']
const KNOWN = ['q', 'pivot', 'timeGranularity', 'dateRange', 'accounts', 'fields']

/** `/rest/adAnalytics`. Who may not read an account gets no refusal but no rows. */
export function adReport(world: World, { person, scopes }: Caller, query: RestQuery): Reply {
  if (!scopes.includes('r_ads_reporting')) return refusal(API_ERRORS.noReporting)
  const days = datesIn(query.get('dateRange'))
  const accounts = listIn(query.get('accounts'))
  const fields = query.get('fields')
  const wrong =
    [...query.keys()].find((name) => !KNOWN.includes(name)) ??
    (query.get('q') !== 'analytics' ? 'q' : undefined) ??
    (query.get('pivot') !== 'CAMPAIGN' ? 'pivot' : undefined) ??
    (query.get('timeGranularity') !== 'DAILY' ? 'timeGranularity' : undefined) ??
    fields?.split(',').find((name) => !FIELDS.includes(name))
  if (wrong !== undefined) return refusal({ ...API_ERRORS.wrongParameter, message: `Invalid query parameter ${wrong}` })
  if (days === null || accounts === null) return refusal(API_ERRORS.wrongParameter)
  if ((fields?.split(',').length ?? 0) > MOST_FIELDS) return refusal(API_ERRORS.tooManyFields)
  const elements = world.accounts
    .filter(({ id, roles }) => accounts.includes(`urn:li:sponsoredAccount:${id}`) && roles.has(person.id))
    .flatMap(({ library }) => [...library.costs(days.from, days.to)])
    .slice(0, MOST_ELEMENTS)
    .map(({ day, campaign, cents, clicks, impressions }) => {
      const [year, month, date] = day.split('-').map(Number)
      const told = { year, month, day: date }
      const cost = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
      const pivotValues = [`urn:li:sponsoredCampaign:${campaign.id}`]
      const row = { dateRange: { start: told, end: told }, pivotValues, costInLocalCurrency: cost, impressions, clicks }
      return projected(row, fields ?? 'impressions,clicks')
    })
  return { status: 200, json: { elements, paging: { count: 10, start: 0, links: [] } } }
}
