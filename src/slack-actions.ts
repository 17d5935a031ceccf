import { beginAdding, suggestName } from './domain/access/begin-adding.ts'
import { learnClients } from './domain/access/clients.ts'
import { invite, withdrawInvitations } from './domain/access/invite.ts'
import { connectLink, offers, reauthorizeLink, rejectsLink } from './domain/access/links.ts'
import { noteLoginBegun } from './domain/access/login-begun.ts'
import { noteOutsider } from './domain/access/outsiders.ts'
import { whyNotAdd } from './domain/access/rights.ts'
import { changeEscalation } from './domain/cards/change-escalation.ts'
import { changeSettings, readSettings, renameConnection } from './domain/connections/change-settings.ts'
import { checkNow } from './domain/connections/check.ts'
import { confirmConnection } from './domain/connections/confirm.ts'
import { findNamed } from './domain/connections/connection-name.ts'
import { readHistory, readOlderHistory } from './domain/connections/history.ts'
import { describeConnection, describeConnectionById, listConnections } from './domain/connections/list.ts'
import { pauseConnection, resumeConnection } from './domain/connections/pause-connection.ts'
import { readRemoval, removeConnection } from './domain/connections/remove-connection.ts'
import type { Deps } from './domain/deps.ts'
import { changeDigest, readDigestForm } from './domain/digest/change-digest.ts'
import { listDigests, readDigest } from './domain/digest/channel-digests.ts'
import { changePushing } from './domain/outbox/change-pushing.ts'
import { retryRejectGroup } from './domain/outbox/move-rejects.ts'
import { pushOn } from './domain/outbox/push-on.ts'
import { describeRejects } from './domain/outbox/read-rejects.ts'
import { changeTagging, readTagging } from './domain/tags/change-tagging.ts'
import { undoTags } from './domain/tags/undo-tags.ts'
import { changeDefaultChannel } from './domain/workspaces/default-channel.ts'
import { hearEnd } from './domain/workspaces/end-installation.ts'
import type { SlackActions } from './inbound/slack/actions.ts'
import type { WiredSlack } from './wire-slack.ts'

/** What people in Slack can do, bound to the domain. */
export function slackActions(deps: Deps, charts: WiredSlack['charts']): SlackActions {
  return {
    person: (team, userId) => deps.slack.person(team, userId),
    listConnections: (team) => listConnections(deps, team),
    describeConnection: (team, name) => describeConnection(deps, team, name),
    describeConnectionById: (id) => describeConnectionById(deps, id),
    findConnection: (team, name) => findNamed(deps, team, name),
    changeMark: (team) => deps.store.connections.changeMark(team),
    pauseConnection: (team, person, id) => pauseConnection(deps, team, person, id),
    resumeConnection: (team, person, id) => resumeConnection(deps, team, person, id),
    renameConnection: (team, person, id, name) => renameConnection(deps, team, person, id, name),
    readRemoval: (team, person, id) => readRemoval(deps, team, person, id),
    removeConnection: (team, person, id, agreed) => removeConnection(deps, team, person, id, agreed),
    readSettings: (team, person, id) => readSettings(deps, team, person, id),
    changeSettings: (team, person, id, shown, wanted) => changeSettings(deps, team, person, id, shown, wanted),
    suggestName: (team, wanted) => suggestName(deps, team, wanted),
    beginAdding: (team, person, wanted, wishes) => beginAdding(deps, team, person, wanted, wishes),
    uploadChart: (team, connectionId, chart) => charts.upload(team, connectionId, chart),
    chartRefused: (team, connectionId) => charts.refused(team, connectionId),
    checkNow: (team, name) => checkNow(deps, team, name),
    whyNotAdd: (team, person) => whyNotAdd(person, team, deps.settings),
    offers: () => offers(deps),
    async learnOffers() {
      await learnClients(deps)
      return offers(deps)
    },
    connectLink: (team, person, provider, channelId) => connectLink(deps, team, person, provider, channelId),
    reauthorizeLink: (team, person, name, outageId) => reauthorizeLink(deps, team, person, name, outageId),
    invite: (team, person, name) => invite(deps, team, person, name),
    withdrawInvitations: (team, person, name) => withdrawInvitations(deps, team, person, name),
    readHistory: (team, name) => readHistory(deps, team, name),
    readOlderHistory: (team, id, afterId) => readOlderHistory(deps, team, id, afterId),
    confirmConnection: (team, person, id) => confirmConnection(deps, team, person, id),
    changePushing: (team, person, id, what) => changePushing(deps, team, person, id, what),
    describeRejects: (team, name) => describeRejects(deps, team, name),
    rejectsLink: (team, person, connectionId) => rejectsLink(deps, team, person, connectionId),
    retryRejectGroup: (team, person, connectionId, groupId) => retryRejectGroup(deps, team, person, connectionId, groupId),
    pushOn: (team, person, connectionId) => pushOn(deps, team, person, connectionId),
    changeEscalation: (team, person, press) => changeEscalation(deps, team, person, press),
    readTagging: (team, person, connectionId) => readTagging(deps, team, person, connectionId),
    changeTagging: (team, person, connectionId, wish) => changeTagging(deps, team, person, connectionId, wish),
    undoTags: (team, person, changeId) => undoTags(deps, team, person, changeId),
    readDigest: (team, person, channelId) => readDigest(deps, team, person, channelId),
    listDigests: (team) => listDigests(deps, team),
    readDigestForm: (team, person, channelId) => readDigestForm(deps, team, person, channelId),
    changeDigest: (team, person, id, version, wanted) => changeDigest(deps, team, person, id, version, wanted),
    loginBegun: (team, outageId) => noteLoginBegun(deps, team, outageId),
    hearEnd: (heard) => hearEnd(deps, heard),
    hasOwnChannel: async (team) => (await deps.store.installations.find(team)) !== undefined,
    changeDefaultChannel: (team, person, channelId) => changeDefaultChannel(deps, team, person, channelId),
    outsiderSeen: (team, channelId) => noteOutsider(deps, team, channelId),
  }
}
