import type { TagTemplate } from '../ads.ts'
import type { AdScan, SeenTemplate, TagChange } from './ad-scan.ts'
import { addMissing, holds, missingKeys, type Parameters } from './parameters.ts'

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
  if (unsure && holds(parameters, unsure.added)) return { kind: 'note_made', change: unsure }
  if (missing.length === 0) return { kind: 'leave', missing, trouble: null, isChosen: false }
  const left = leftAlone(changes, settingsAt, label)
  if (left) return { kind: 'leave', missing, ...left }
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

/** What was set since the settings were saved, and is not there any more: why it is not set again. Null: nothing was. */
export function leftAlone(
  changes: readonly TagChange[],
  settingsAt: Date | null,
  label: string,
): { readonly trouble: string; readonly isChosen: boolean } | null {
  const isLater = (time: Date | null) => time !== null && (settingsAt === null || time >= settingsAt)
  const last = changes.find(({ at, undoneAt }) => isLater(at) || isLater(undoneAt))
  const again = 'Save the settings again to set them again.'
  if (last?.undoneAt) return { trouble: `Somebody took them back here. ${again}`, isChosen: true }
  return last?.madeAt ? { trouble: `Somebody has changed it in ${label} since. ${again}`, isChosen: false } : null
}
