import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt'
import { SECOND_MS } from '../../clock.ts'
import { nearestName } from '../../domain/nearest.ts'
import type { Person } from '../../domain/slack.ts'
import { addReply } from '../../messages/add-reply.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { channelNotNamed, channelReply } from '../../messages/channel-replies.ts'
import { checkReply } from '../../messages/check-reply.ts'
import { connectionsList } from '../../messages/connections-list.ts'
import { digestReply } from '../../messages/digest/digest-reply.ts'
import { help } from '../../messages/help.ts'
import { historyReply } from '../../messages/history-reply.ts'
import { inviteReply, withdrawnReply } from '../../messages/invite-reply.ts'
import { pageOf } from '../../messages/page.ts'
import { pickSettings } from '../../messages/pick-settings.ts'
import { oneMoment } from '../../messages/problem.ts'
import { reauthorizeReply } from '../../messages/reauthorize-reply.ts'
import { refused } from '../../messages/refused.ts'
import { rejectsReply } from '../../messages/rejects-reply.ts'
import { unknownCommand, unknownConnection } from '../../messages/unknown-command.ts'
import { answer } from './answer.ts'
import { type Asker, identify } from './asker.ts'
import { within } from './bounded.ts'
import { changeTyped } from './change-typed.ts'
import { details } from './details.ts'
import type { Illustrated } from './illustrated.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'
import type { Window } from './open-view.ts'
import { COMMAND_WORDS, parseCommand, type TypedCommand } from './parse-command.ts'
import { openAdding } from './settings-clicked.ts'

/** After this it is said that the answer follows: nobody should wait for three seconds without a word. */
const SAID_AFTER_MS = 2 * SECOND_MS

/** The slash command. It is called as it was typed in Slack, which may be another name than the configured one. */
export function commandTyped(inbound: Inbound) {
  return async ({ command, client, respond }: SlackCommandMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const asker = { userId: command.user_id, userTeamId: null, teamId: command.team_id, channelId: command.channel_id }
    const here = { ...inbound, look: { ...inbound.look, command: command.command } }
    const window = { client, triggerId: command.trigger_id, isInModal: false }
    const means = { client, respond, userId: asker.userId, channelId: asker.channelId }
    const work = reply(here, asker, window, parseCommand(command.text ?? '')) // Slack may leave an empty text out
    if ((await within(work, SAID_AFTER_MS)) === 'late') await answer(means, oneMoment(), inbound.log)
    const message = await work
    if (message) await answer(means, message, inbound.log)
  }
}

/** Null: a window was opened instead. */
async function reply(inbound: Inbound, asker: Asker, window: Window, typed: TypedCommand): Promise<Illustrated | null> {
  const asking = await identify(inbound.actions, asker)
  if (asking.kind === 'refused') return refused(asking.reason)
  const person = asking.kind === 'member' ? asking.person : null
  const { actions, look, clock } = inbound
  switch (typed.kind) {
    case 'list': {
      const page = pageOf(await actions.listConnections(asker.teamId), 0, clock.now())
      return connectionsList(page, await listedFor(actions, asker.teamId, person, page.rows), look, clock.now())
    }
    case 'name':
      return described(inbound, asker, person, typed.name)
    case 'check':
      return checkReply(await actions.checkNow(asker.teamId, typed.name), typed.name ?? '', look)
    case 'add':
      return person === null ? refused('unknown_person') : add(inbound, asker, window, person, typed.provider)
    case 'reauthorize':
      return person === null ? refused('unknown_person') : reauthorize(inbound, asker, person, typed.name)
    case 'rejects':
      return rejects(inbound, asker, person, typed.name)
    case 'history':
      return history(inbound, asker, typed.name)
    case 'invite':
      return person === null ? refused('unknown_person') : invite(inbound, asker, person, typed)
    case 'settings':
      if (typed.name === null) return pickSettings(await actions.listConnections(asker.teamId), look)
      return person === null ? refused('unknown_person') : changeTyped(inbound, asker, window, person, typed)
    case 'pause':
    case 'resume':
    case 'rename':
    case 'remove':
      return person === null ? refused('unknown_person') : changeTyped(inbound, asker, window, person, typed)
    case 'channel':
      return person === null ? refused('unknown_person') : channel(inbound, asker, person, typed.channelId)
    case 'digest':
      return digestReply(await actions.readDigest(asker.teamId, person, asker.channelId), look)
    case 'help':
      return help(look, inbound.installUrl !== null && (await actions.hasOwnChannel(asker.teamId)))
    case 'unknown':
      return unknownCommand(typed.typed, typed.nearest, look)
    default:
      return typed satisfies never
  }
}

async function described(inbound: Inbound, asker: Asker, person: Person | null, name: string): Promise<Illustrated> {
  const found = await inbound.actions.describeConnection(asker.teamId, name)
  if (found.kind === 'found') return details(inbound, asker.teamId, person, found)
  return unknownCommand(name, nearestName(name, COMMAND_WORDS) ?? found.nearest, inbound.look)
}

/** `add` alone opens the form. */
async function add(
  inbound: Inbound,
  asker: Asker,
  window: Window,
  person: Person,
  provider: string | null,
): Promise<Rendered | null> {
  const { actions, look } = inbound
  if (provider === null) return openAdding(inbound, window, asker.teamId, person)
  return addReply(await actions.connectLink(asker.teamId, person, provider, asker.channelId), provider, look)
}

async function reauthorize({ actions, look }: Inbound, asker: Asker, person: Person, name: string | null): Promise<Rendered> {
  if (name === null) return unknownConnection('', null, 'reauthorize', look)
  return reauthorizeReply(await actions.reauthorizeLink(asker.teamId, person, name), name, look)
}

async function rejects({ actions, look }: Inbound, asker: Asker, person: Person | null, name: string | null): Promise<Rendered> {
  if (name === null) return unknownConnection('', null, 'rejects', look)
  const found = await actions.describeRejects(asker.teamId, name)
  const hasFile = found.kind === 'found' && found.groups.length > 0 && person !== null
  const link = hasFile ? await actions.rejectsLink(asker.teamId, person, found.connection.id) : null
  return rejectsReply(found, name, link, look)
}

async function history({ actions, look }: Inbound, asker: Asker, name: string | null): Promise<Rendered> {
  if (name === null) return unknownConnection('', null, 'history', look)
  return historyReply(await actions.readHistory(asker.teamId, name), name, look)
}

async function invite(
  { actions, look }: Inbound,
  { teamId }: Asker,
  person: Person,
  { name, isOff }: Extract<TypedCommand, { kind: 'invite' }>,
): Promise<Rendered> {
  if (name === null) return unknownConnection('', null, 'invite', look)
  if (isOff) return withdrawnReply(await actions.withdrawInvitations(teamId, person, name), name, look)
  return inviteReply(await actions.invite(teamId, person, name), name, look)
}

async function channel({ actions, look }: Inbound, asker: Asker, person: Person, channelId: string | null): Promise<Rendered> {
  if (channelId === null) return channelNotNamed(look.command)
  return channelReply(await actions.changeDefaultChannel(asker.teamId, person, channelId), look.command)
}
