import type { ProviderName, Verdict } from '../../domain/provider.ts'
import { cm360Reader } from './cm360/verdicts.ts'
import * as dynamics from './dynamics/verdicts.ts'
import { readEntraRefusal } from './entra/verdicts.ts'
import { readTokenRefusal as readGoogleRefusal } from './google/verdicts.ts'
import { adsReader } from './google-ads/ads-reader.ts'
import type { HttpAnswer } from './http.ts'
import * as hubspot from './hubspot/verdicts.ts'
import * as linkedin from './linkedin/verdicts.ts'
import * as meta from './meta/verdicts.ts'
import * as microsoftAds from './microsoft-ads/verdicts.ts'
import * as salesforce from './salesforce/verdicts.ts'

/** What an answer of a provider means, by its own tables. */
interface AnswerReaders {
  /** Of an answer at the exchange of a code or at a refresh, without a token in it. What both stages say is read as at a refresh. */
  readonly token: (answer: HttpAnswer, now: Date) => Verdict
  /** `null`: nothing is refused. */
  readonly api: (answer: HttpAnswer, now: Date) => Verdict | null
}

const ANSWER_READERS: Record<ProviderName, AnswerReaders> = {
  salesforce: { token: (answer) => salesforce.readTokenRefusal('refresh', answer), api: salesforce.readApiAnswer },
  dynamics: { token: readEntraRefusal, api: dynamics.readApiAnswer },
  hubspot: { token: (answer) => hubspot.readTokenRefusal('refresh', answer), api: hubspot.readApiAnswer },
  'google-ads': { token: (answer) => readGoogleRefusal('refresh', answer), api: adsReader.readAnswer },
  cm360: { token: (answer) => readGoogleRefusal('refresh', answer), api: cm360Reader.readAnswer },
  'microsoft-ads': { token: readEntraRefusal, api: microsoftAds.readApiAnswer },
  meta: { token: meta.readRefusal, api: meta.readAnswer },
  linkedin: { token: (answer, now) => linkedin.readTokenRefusal('refresh', answer, now), api: linkedin.readApiAnswer },
}

export function readersOf(provider: string): AnswerReaders | undefined {
  return Object.hasOwn(ANSWER_READERS, provider) ? ANSWER_READERS[provider as ProviderName] : undefined
}
