import { digestBlock, digestForm, digestSaved, readDigestFormValue, unknownTimeZone } from '../../messages/digest/digest-form.ts'
import { FIELD } from '../../messages/form.ts'
import { nothingToDo } from '../../messages/problem.ts'
import { refused } from '../../messages/refused.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import type { Inbound } from './inbound.ts'
import type { OpenHomes } from './open-homes.ts'
import { readSubmission, type SubmitArgs } from './submission.ts'

/** When a channel gets its digest was saved. */
export function digestSubmitted(inbound: Inbound, homes: OpenHomes) {
  return async (args: SubmitArgs): Promise<void> => {
    const sent = await readSubmission(inbound, args)
    if (!sent) return
    const value = readDigestFormValue(sent.metadata)
    if (!value) return sent.update(saidInWindow(nothingToDo(inbound.look.command)))
    const { channelId, version } = value
    const zoneBlock = digestBlock('timeZone', version)
    const wanted = {
      isOn: sent.values[digestBlock('isOn', version)]?.[FIELD]?.selected_option?.value === 'on',
      timeZone: sent.values[zoneBlock]?.[FIELD]?.value ?? '',
    }
    const changed = await inbound.actions.changeDigest(sent.teamId, sent.asking.person, channelId, version, wanted)
    switch (changed.kind) {
      case 'done':
        await sent.update(digestSaved(changed.form))
        return homes.refreshOwn(sent.teamId, sent.asking.person.id)
      case 'unknown':
        return sent.refuse({ [zoneBlock]: unknownTimeZone(changed.nearest) })
      case 'outdated':
        return sent.update(digestForm(changed.form, true))
      case 'not_allowed':
        return sent.update(saidInWindow(refused(changed.reason)))
      default:
        return changed satisfies never
    }
  }
}
