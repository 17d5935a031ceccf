import type { SettingsProblem } from '../../domain/connections/change-settings.ts'
import { ADD_FIELDS, connectWindow, nameBlock, readAddFormValue } from '../../messages/add-form.ts'
import { addReply } from '../../messages/add-reply.ts'
import { FIELD } from '../../messages/form.ts'
import { fieldProblem } from '../../messages/name-problems.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import type { Inbound } from './inbound.ts'
import { readSubmission, type SubmitArgs } from './submission.ts'

/** The form of *Add* was sent: the window goes on to the login. */
export function addSubmitted(inbound: Inbound) {
  return async (args: SubmitArgs): Promise<void> => {
    const sent = await readSubmission(inbound, args)
    if (!sent) return
    const { round } = readAddFormValue(sent.metadata)
    const blocks = { ...ADD_FIELDS, name: nameBlock(round) }
    const field = (id: keyof typeof ADD_FIELDS) => sent.values[blocks[id]]?.[FIELD]
    const wanted = field('provider')?.selected_option?.value ?? ''
    const name = (field('name')?.value ?? '').trim().toLowerCase()
    const begun = await inbound.actions.beginAdding(sent.teamId, sent.asking.person, wanted, {
      name: name === '' ? null : name,
      channelId: field('channelId')?.selected_conversation ?? null,
      ownerId: field('ownerId')?.selected_user ?? null,
    })
    if (begun.kind === 'link') return sent.update(connectWindow(begun))
    if (begun.kind !== 'refused') return sent.update(saidInWindow(addReply(begun, wanted, inbound.look)))
    const blockOf = ({ field: id }: SettingsProblem) => (id === 'deputyId' ? blocks.ownerId : blocks[id])
    const errors = begun.problems.map((problem) => [blockOf(problem), fieldProblem(problem)])
    return sent.refuse(Object.fromEntries(errors))
  }
}
