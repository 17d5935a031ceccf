import { askAds } from '../ask-ads.ts'
import { accountOf, type Connection } from '../connections/connection.ts'
import type { Asked, Verdict } from '../provider.ts'
import type { AdScan, SeenAd } from './ad-scan.ts'
import { leftAlone } from './decide-template.ts'
import { addMissing } from './parameters.ts'
import { CLAIM_LOST, makeChange, type ScanDeps } from './tag-change.ts'

/** Scans that fail one after the other before trouble that should pass is taken for that of single ads. */
const PATIENCE = 5

/**
 * Tags ads one by one, where nothing is inherited. One that is refused does not hold up the others; what makes all wait, as a limit of
 * calls does, ends it, and the next scan goes on with the rest.
 */
export async function tagNewAds(
  deps: ScanDeps,
  connection: Connection,
  scan: AdScan,
  untagged: readonly SeenAd[],
): Promise<Asked<null>> {
  for (const ad of untagged) {
    deps.stopping.throwIfAborted()
    const asked = await tagAd(deps, connection, scan, ad)
    if (asked.kind !== 'ok' && !isOfThisAd(asked, scan)) return asked
    const now = asked.kind === 'ok' ? { ...ad, ...asked.value, trouble: null } : { ...ad, trouble: asked.explanation }
    await deps.store.adScans.keep(scan, deps.holder, [now])
  }
  return { kind: 'ok', value: null }
}

function isOfThisAd({ kind, code }: Verdict, { failures }: AdScan): boolean {
  if (kind === 'transient') return failures >= PATIENCE && code !== CLAIM_LOST
  return kind === 'rejected' || kind === 'permission'
}

async function tagAd(
  deps: ScanDeps,
  connection: Connection,
  scan: AdScan,
  { id, name, parameters, coveredAt }: SeenAd,
): Promise<Asked<Pick<SeenAd, 'parameters' | 'setBy' | 'coveredAt'>>> {
  const { all, added } = addMissing(parameters, scan.parameters)
  const changes = await deps.store.adScans.changesOf(connection.id, id)
  const label = deps.providers.get(connection.provider)?.label ?? connection.provider
  const left = leftAlone(changes, scan.settingsAt, label)
  if (left) return { kind: 'rejected', code: 'left_alone', explanation: left.trouble }
  const again = changes.find(({ madeAt, undoneAt }) => madeAt === null && undoneAt === null) ?? null
  // One whose answer was lost may show all of it already: then the try again only learns what became of it.
  const intended = { target: 'ad', targetId: id, targetName: name || id, before: '', after: '' } as const
  const change = { ...intended, added: added === '' && again ? again.added : added }
  const asked = await makeChange(deps, connection, scan, change, again, () =>
    askAds(deps, connection, async ({ name: platform, tagging }, tokens) => {
      if (tagging.kind !== 'each_ad') throw new Error(`${platform} tags no single ads`)
      return tagging.tagAd(tokens, accountOf(connection), id, all)
    }),
  )
  return asked.kind === 'ok'
    ? { kind: 'ok', value: { parameters: all, setBy: 'ad', coveredAt: coveredAt ?? asked.value } }
    : asked
}
