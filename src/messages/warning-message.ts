import type { CardFacts, LooseFacts } from '../domain/cards/card.ts'
import type { Warning } from '../domain/warnings/warning.ts'
import { appTroubleCard } from './app-trouble-card.ts'
import type { Rendered } from './blocks.ts'
import { lateAdsNote } from './late-ads-note.ts'
import { leaverCard } from './leaver-card.ts'
import { loginEndsCard } from './login-ends-card.ts'
import type { Look } from './look.ts'
import { secretEndsCard } from './secret-ends-card.ts'
import { silenceNote } from './silence-note.ts'

/** A warning about connections, in their channel. */
export function connectionWarning(facts: CardFacts, { detail, closedAt }: Warning, look: Look): Rendered {
  switch (detail.kind) {
    case 'silence':
      return silenceNote(detail, facts.providerLabel)
    case 'login_ends':
      return loginEndsCard(facts, detail, closedAt)
    case 'costs_late':
    case 'tags_late':
      return lateAdsNote(facts, detail)
    case 'leaver':
      return leaverCard(detail, look)
    case 'app_trouble':
    case 'secret_ends':
      throw new Error(`A warning of ${detail.kind} is about no connection (message ${facts.message.id})`)
    default:
      return detail satisfies never
  }
}

/** A warning for whoever runs Redkey. */
export function looseWarning({ message, providerLabel }: LooseFacts, { detail, since, closedAt }: Warning): Rendered {
  switch (detail.kind) {
    case 'app_trouble':
      return appTroubleCard(detail, providerLabel, since, closedAt)
    case 'secret_ends':
      return secretEndsCard(detail, providerLabel)
    case 'silence':
    case 'login_ends':
    case 'costs_late':
    case 'tags_late':
    case 'leaver':
      throw new Error(`A warning of ${detail.kind} lacks its connection (message ${message.id})`)
    default:
      return detail satisfies never
  }
}
