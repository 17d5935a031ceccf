import type { TagTemplate } from '../ads.ts'
import type { AdScan, SeenTemplate, TagChange } from './ad-scan.ts'
import { addMissing, isSame, missingKeys, type Parameters } from './parameters.ts'

export type TemplateDecision =
  /** `trouble`: why it stays without what is missing; null: nothing is. `isChosen`: somebody here wants it so. */
  | ({ readonly kind: 'leave' } & Pick<SeenTemplate, 'missing' | 'trouble' | 'isChosen'>)
  /** The answer to this change was lost, and it is there. */
  | { readonly kind: 'note_made'; readonly change: TagChange }
  /** `again`: the change that was begun before, and is not there. */
  | { readonly kind: 'set'; readonly all: Parameters; readonly added: Parameters; readonly again: TagChange | null }

interface Rules {
  readonly maxLength: number
  /** As people write the provider. */
  readonly label: string
}

/**
 * What a template needs. It is set once after each time that the settings are saved: what somebody takes away after that, here or at
 * the provider, stays away, so that two never fight over it. `changes`: of this template, the newest first.
 */
export function decideTemplate(
  { parameters }: Pick<TagTemplate, 'parameters'>,
  { parameters: wanted, settingsAt }: Pick<AdScan, 'parameters' | 'settingsAt'>,
  changes: readonly TagChange[],
  { maxLength, label }: Rules,
): TemplateDecision {
  const missing = missingKeys(parameters, wanted)
  const unsure = changes.find(({ madeAt, undoneAt }) => madeAt === null && undoneAt === null)
  if (unsure && isSame(unsure.after, parameters)) return { kind: 'note_made', change: unsure }
  if (missing.length === 0) return { kind: 'leave', missing, trouble: null, isChosen: false }
  const isLater = (time: Date | null) => time !== null && (settingsAt === null || time >= settingsAt)
  const last = changes.find(({ at, undoneAt }) => isLater(at) || isLater(undoneAt))
  if (last?.undoneAt) return leave(missing, 'Somebody took them back here.', true)
  if (last?.madeAt) return leave(missing, `Somebody has changed it in ${label} since.`, false)
  const { all, added } = addMissing(parameters, wanted)
  if (all.length > maxLength)
    return {
      kind: 'leave',
      missing,
      trouble: `With them its parameters would be ${all.length} characters long: ${label} takes ${maxLength} at most.`,
      isChosen: false,
    }
  return { kind: 'set', all, added, again: unsure ?? null }
}

function leave(missing: readonly string[], why: string, isChosen: boolean): TemplateDecision {
  return { kind: 'leave', missing, trouble: `${why} Save the settings again to set them again.`, isChosen }
}
