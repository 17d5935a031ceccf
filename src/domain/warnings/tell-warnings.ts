import type { Deps } from '../deps.ts'
import { followTroubles } from './follow-troubles.ts'
import { tellEndings } from './tell-endings.ts'
import { tellLateAds } from './tell-late-ads.ts'
import { tellSecrets } from './tell-secrets.ts'
import { tellSilence } from './tell-silence.ts'

/** Everything that is told before, or beside, an outage. What is told stands in the store, so any process may do it. */
export async function tellWarnings(deps: Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>): Promise<void> {
  await followTroubles(deps)
  await tellSilence(deps)
  await tellEndings(deps)
  await tellSecrets(deps)
  await tellLateAds(deps)
}
