import type { SettingsProblem } from '../../domain/connections/change-settings.ts'
import type { ConnectionSettings } from '../../domain/connections/settings-store.ts'
import { FIELD } from '../../messages/form.ts'
import { fieldProblem } from '../../messages/name-problems.ts'
import { connectionGone, nothingToDo } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import {
  readCatchUp,
  readReminders,
  readSettingsFormValue,
  type SettingsField,
  type SettingsFormValue,
  settingsBlock,
  settingsForm,
  settingsSaved,
} from '../../messages/settings-form.ts'
import type { Inbound } from './inbound.ts'
import { type FormValues, readSubmission, type SubmitArgs } from './submission.ts'

/** The settings of a connection were saved. */
export function settingsSubmitted(inbound: Inbound) {
  return async (args: SubmitArgs): Promise<void> => {
    const sent = await readSubmission(inbound, args)
    if (!sent) return
    const value = readSettingsFormValue(sent.metadata)
    if (!value) return sent.update(saidInWindow(nothingToDo(inbound.look.command)))
    const { connectionId, shown, round } = value
    const wanted = readWanted(sent.values, value)
    const changed = await inbound.actions.changeSettings(sent.teamId, sent.asking.person, connectionId, shown, wanted)
    switch (changed.kind) {
      case 'done':
        return sent.update(settingsSaved(changed.form))
      case 'outdated':
        return sent.update(settingsForm(changed.form, round + 1, true))
      case 'refused':
        return sent.refuse(errorsOf(changed.problems, round))
      case 'not_allowed':
        return sent.update(saidInWindow(refused(changed.reason)))
      case 'gone':
        return sent.update(saidInWindow(connectionGone()))
      default:
        return changed satisfies never
    }
  }
}

function readWanted(values: FormValues, { shown, round }: SettingsFormValue): ConnectionSettings {
  const field = (id: SettingsField) => values[settingsBlock(id, round)]?.[FIELD]
  const catchUp = field('catchUp')
  return {
    name: (field('name')?.value ?? '').trim().toLowerCase(),
    channelId: field('channelId')?.selected_conversation ?? null,
    ownerId: field('ownerId')?.selected_user ?? null,
    deputyId: field('deputyId')?.selected_user ?? null,
    catchUp: catchUp === undefined ? shown.catchUp : readCatchUp(catchUp.selected_option?.value),
    reminders: readReminders(field('reminders')?.selected_option?.value),
  }
}

function errorsOf(problems: readonly SettingsProblem[], round: number): Record<string, string> {
  return Object.fromEntries(problems.map((problem) => [settingsBlock(problem.field, round), fieldProblem(problem)]))
}
