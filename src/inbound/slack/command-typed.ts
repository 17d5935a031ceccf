import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt'
import { typedOffer } from '../../domain/access/links.ts'
import { nearestName } from '../../domain/nearest.ts'
import type { Person } from '../../domain/slack.ts'
import { addReply, type ConnectChoice, connectChoices } from '../../messages/add-reply.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { channelNotNamed, channelReply } from '../../messages/channel-replies.ts'
import { checkReply } from '../../messages/check-reply.ts'
import { connectionsList } from '../../messages/connections-list.ts'
import { help } from '../../messages/help.ts'
import { historyReply } from '../../messages/history-reply.ts'
import { inviteReply, withdrawnReply } from '../../messages/invite-reply.ts'
import { reauthorizeReply } from '../../messages/reauthorize-reply.ts'
import { refused } from '../../messages/refused.ts'
import { rejectsReply } from '../../messages/rejects-reply.ts'
import { unknownCommand, unknownConnection } from '../../messages/unknown-command.ts'
import { answer } from './answer.ts'
import { type Asker, identify } from './asker.ts'
import { details } from './details.ts'
import type { Illustrated } from './illustrated.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'
import { openTagging, type Window } from './open-tagging.ts'
import { COMMAND_WORDS, parseCommand, type TypedCommand } from './parse-command.ts'

/** The slash command. It is called as it was typed in Slack, which may be another name than the configured one. */
export function commandTyped(inbound: Inbound) {
  return async ({ command, client, respond }: SlackCommandMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const asker = { userId: command.user_id, userTeamId: null, teamId: command.team_id, channelId: command.channel_id }
    const here = { ...inbound, look: { ...inbound.look, command: command.command } }
    const window = { client, triggerId: command.trigger_id }
    const message = await reply(here, asker, window, parseCommand(command.text ?? '')) // Slack may leave an empty text out
    if (message) await answer({ client, respond, userId: asker.userId, channelId: asker.channelId }, message, inbound.log)
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
      const overviews = await actions.listConnections(asker.teamId)
      return connectionsList(await listedFor(actions, asker.teamId, person, overviews), 0, look, clock.now())
    }
    case 'name':
      return described(inbound, asker, person, typed.name)
    case 'check':
      return checkReply(await actions.checkNow(asker.teamId, typed.name), typed.name ?? '', look)
    case 'add':
      return person === null ? refused('unknown_person') : add(inbound, asker, person, typed.provider)
    case 'reauthorize':
      return person === null ? refused('unknown_person') : reauthorize(inbound, asker, person, typed.name)
    case 'rejects':
      return rejects(inbound, asker, person, typed.name)
    case 'history':
      return history(inbound, asker, typed.name)
    case 'invite':
      return person === null ? refused('unknown_person') : invite(inbound, asker, person, typed)
    case 'settings':
      return person === null ? refused('unknown_person') : settings(inbound, asker, window, person, typed.name)
    case 'channel':
      return person === null ? refused('unknown_person') : channel(inbound, asker, person, typed.channelId)
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

/** `add` alone offers a button for each provider. */
async function add({ actions, look }: Inbound, asker: Asker, person: Person, provider: string | null): Promise<Rendered> {
  if (provider !== null)
    return addReply(await actions.connectLink(asker.teamId, person, provider, asker.channelId), provider, look)
  const choices: ConnectChoice[] = []
  for (const offer of actions.offers()) {
    const link = await actions.connectLink(asker.teamId, person, typedOffer(offer), asker.channelId)
    if (link.kind === 'not_allowed') return refused(link.reason)
    if (link.kind === 'link') choices.push(link)
  }
  return connectChoices(choices)
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

async function settings(
  { actions, look }: Inbound,
  asker: Asker,
  window: Window,
  person: Person,
  name: string | null,
): Promise<Rendered | null> {
  const found = name === null ? { kind: 'unknown' as const, nearest: null } : await actions.describeConnection(asker.teamId, name)
  if (found.kind === 'unknown') return unknownConnection(name ?? '', found.nearest, 'settings', look)
  return openTagging(window, actions, asker.teamId, person, found.overview.connection.id)
}

async function channel({ actions, look }: Inbound, asker: Asker, person: Person, channelId: string | null): Promise<Rendered> {
  if (channelId === null) return channelNotNamed(look.command)
  return channelReply(await actions.changeDefaultChannel(asker.teamId, person, channelId), look.command)
}
