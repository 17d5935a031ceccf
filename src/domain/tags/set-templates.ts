import { DAY_MS, later } from '../../clock.ts'
import type { Tagging, TagTemplate } from '../ads.ts'
import { adPlatform, askAds } from '../ask-ads.ts'
import { accountOf, type Connection } from '../connections/connection.ts'
import type { AccountRef, Asked, Tokens } from '../provider.ts'
import type { AdScan, SeenOverride, SeenTemplate } from './ad-scan.ts'
import { decideTemplate } from './decide-template.ts'
import { missingKeys } from './parameters.ts'
import { auditOf, makeChange, type ScanDeps } from './tag-change.ts'

type Inherited = Extract<Tagging, { readonly kind: 'inherited' }>

/** Overrides of one account that are kept: many are one person's habit, and the first show it. */
const MOST_OVERRIDES = 50

export interface Templates {
  readonly templates: readonly SeenTemplate[]
  readonly overrides: readonly SeenOverride[]
  readonly overridesAt: Date | null
  /** When one was last set in this scan; null: none was. */
  readonly setAt: Date | null
}

/**
 * Sets what templates lack, then looks for what lies below them and sets parameters of its own, so that theirs count for nothing
 * there. One template that can't be set does not hold up the others.
 */
export async function setTemplates(deps: ScanDeps, connection: Connection, scan: AdScan): Promise<Asked<Templates>> {
  const listed = await listTemplates(deps, connection)
  if (listed.kind !== 'ok') return listed
  const templates: SeenTemplate[] = []
  let setAt: Date | null = null
  for (const template of listed.value) {
    const asked = await setTemplate(deps, connection, scan, template)
    if (asked.kind !== 'ok') return asked
    templates.push(asked.value.seen)
    setAt = asked.value.setAt ?? setAt
  }
  const below = await overridesNow(deps, connection, scan)
  return below.kind === 'ok' ? { kind: 'ok', value: { templates, ...below.value, setAt } } : below
}

/** Some providers are asked campaign by campaign, so it is done once a day, and when the settings were saved. */
async function overridesNow(
  deps: ScanDeps,
  connection: Connection,
  { overrides, overridesAt, settingsAt, parameters }: AdScan,
): Promise<Asked<Pick<Templates, 'overrides' | 'overridesAt'>>> {
  const now = deps.clock.now()
  const isFresh = overridesAt !== null && (settingsAt === null || overridesAt >= settingsAt)
  if (isFresh && later(overridesAt, DAY_MS) > now) return { kind: 'ok', value: { overrides, overridesAt } }
  const asked = await askInherited(deps, connection, (tagging, tokens, account) =>
    tagging.overrides(tokens, account, MOST_OVERRIDES),
  )
  if (asked.kind !== 'ok') return asked
  const lacking = asked.value
    .map((override) => ({ ...override, missing: missingKeys(override.parameters, parameters) }))
    .filter(({ missing }) => missing.length > 0)
  return { kind: 'ok', value: { overrides: lacking, overridesAt: now } }
}

interface Outcome {
  readonly seen: SeenTemplate
  readonly setAt: Date | null
}

async function setTemplate(deps: ScanDeps, connection: Connection, scan: AdScan, template: TagTemplate): Promise<Asked<Outcome>> {
  const { store, clock, providers } = deps
  const platform = adPlatform(providers.get(connection.provider))
  const rules = { maxLength: platform?.tagging.maxLength ?? 0, label: platform?.label ?? connection.provider }
  const changes = await store.adScans.changesOf(connection.id, template.id)
  const decision = decideTemplate(template, scan, changes, rules)
  switch (decision.kind) {
    case 'leave': {
      const { kind, ...left } = decision
      return { kind: 'ok', value: { seen: { ...template, ...left }, setAt: null } }
    }
    case 'note_made': {
      const { change } = decision
      await store.adScans.made({ ...change, madeAt: clock.now() }, auditOf(deps, connection, change, 'tags_set', null))
      const missing = missingKeys(template.parameters, scan.parameters)
      return { kind: 'ok', value: { seen: { ...template, missing, trouble: null, isChosen: false }, setAt: change.at } }
    }
    case 'set': {
      const now = await listTemplates(deps, connection)
      if (now.kind !== 'ok') return now
      const fresh = now.value.find(({ id }) => id === template.id)
      // Setting writes over all that is there: what somebody did since the first look must not be lost.
      if (fresh && fresh.parameters !== template.parameters) return setTemplate(deps, connection, scan, fresh)
      const { all, added, again } = decision
      const target = { target: 'template', targetId: template.id, targetName: template.name } as const
      const intended = { ...target, before: template.parameters, after: all, added }
      const asked = await makeChange(deps, connection, scan, intended, again, () =>
        askInherited(deps, connection, async (tagging, tokens, account) => {
          const set = await tagging.setTemplate(tokens, account, template.id, all)
          return set.kind === 'ok' ? { kind: 'ok', value: { before: template.parameters, after: all } } : set
        }),
      )
      if (asked.kind === 'ok') {
        return {
          kind: 'ok',
          value: { seen: { ...template, parameters: all, missing: [], trouble: null, isChosen: false }, setAt: asked.value },
        }
      }
      if (asked.kind !== 'rejected' && asked.kind !== 'permission') return asked
      const missing = missingKeys(template.parameters, scan.parameters)
      return { kind: 'ok', value: { seen: { ...template, missing, trouble: asked.explanation, isChosen: false }, setAt: null } }
    }
    default:
      return decision satisfies never
  }
}

function listTemplates(deps: ScanDeps, connection: Connection): Promise<Asked<readonly TagTemplate[]>> {
  return askInherited(deps, connection, (tagging, tokens, account) => tagging.templates(tokens, account))
}

function askInherited<T>(
  deps: Pick<ScanDeps, 'grants'>,
  connection: Connection,
  question: (tagging: Inherited, tokens: Tokens, account: AccountRef) => Promise<Asked<T>>,
): Promise<Asked<T>> {
  return askAds(deps, connection, ({ name, tagging }, tokens) => {
    if (tagging.kind !== 'inherited') throw new Error(`${name} has no templates`)
    return question(tagging, tokens, accountOf(connection))
  })
}
