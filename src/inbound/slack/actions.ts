import type { AddingBegun } from '../../domain/access/begin-adding.ts'
import type { Invited, Withdrawn } from '../../domain/access/invite.ts'
import type { ConnectLink, Offer, ReauthorizeLink, RejectsLink } from '../../domain/access/links.ts'
import type { Refusal } from '../../domain/access/rights.ts'
import type { Wishes } from '../../domain/access/secrets.ts'
import type { EscalationChanged, Press } from '../../domain/cards/change-escalation.ts'
import type { Renamed, SettingsChanged, SettingsRead } from '../../domain/connections/change-settings.ts'
import type { CheckNowAnswer } from '../../domain/connections/check.ts'
import type { Confirmation } from '../../domain/connections/confirm.ts'
import type { Named } from '../../domain/connections/connection-name.ts'
import type { ConnectionOverview } from '../../domain/connections/connection-store.ts'
import type { HistoryPage } from '../../domain/connections/history.ts'
import type { Description } from '../../domain/connections/list.ts'
import type { Paused } from '../../domain/connections/pause-connection.ts'
import type { RemovalRead, Removed } from '../../domain/connections/remove-connection.ts'
import type { ConnectionSettings } from '../../domain/connections/settings-store.ts'
import type { DigestChanged, DigestFormRead } from '../../domain/digest/change-digest.ts'
import type { DigestRead, ListedDigest } from '../../domain/digest/channel-digests.ts'
import type { PushingChange, PushingChanged } from '../../domain/outbox/change-pushing.ts'
import type { GroupRetry } from '../../domain/outbox/move-rejects.ts'
import type { PushOn } from '../../domain/outbox/push-on.ts'
import type { RejectsDescription } from '../../domain/outbox/read-rejects.ts'
import type { Person } from '../../domain/slack.ts'
import type { TaggingChanged, TaggingFormRead, TaggingWish } from '../../domain/tags/change-tagging.ts'
import type { Undoing } from '../../domain/tags/undo-tags.ts'
import type { ChannelChange } from '../../domain/workspaces/default-channel.ts'
import type { EndHeard } from '../../domain/workspaces/end-installation.ts'
import type { Chart } from '../../messages/charts/chart.ts'

/** What people in Slack can ask of the domain: its functions, bound to what they need. */
export interface SlackActions {
  /** Undefined when Slack can't tell. */
  person(teamId: string, userId: string): Promise<Person | undefined>
  listConnections(teamId: string): Promise<readonly ConnectionOverview[]>
  describeConnection(teamId: string, name: string): Promise<Description>
  describeConnectionById(connectionId: string): Promise<Description>
  findConnection(teamId: string, name: string): Promise<Named>
  /** Changes whenever something does that lists show, apart from numbers. */
  changeMark(teamId: string): Promise<string>
  pauseConnection(teamId: string, person: Person, connectionId: string): Promise<Paused>
  resumeConnection(teamId: string, person: Person, connectionId: string): Promise<Paused>
  renameConnection(teamId: string, person: Person, connectionId: string, name: string): Promise<Renamed>
  readRemoval(teamId: string, person: Person, connectionId: string): Promise<RemovalRead>
  removeConnection(teamId: string, person: Person, connectionId: string, agreed: boolean): Promise<Removed>
  readSettings(teamId: string, person: Person, connectionId: string): Promise<SettingsRead>
  changeSettings(
    teamId: string,
    person: Person,
    connectionId: string,
    shown: ConnectionSettings,
    wanted: ConnectionSettings,
  ): Promise<SettingsChanged>
  /** A free name for a new connection of what is typed behind `add`. */
  suggestName(teamId: string, wanted: string): Promise<string>
  beginAdding(teamId: string, person: Person, wanted: string, wishes: Wishes): Promise<AddingBegun>
  /** The id of a chart about a connection as a file in Slack; null: it can't be uploaded. Never rejects. */
  uploadChart(teamId: string, connectionId: string, chart: Chart): Promise<string | null>
  /** Slack would not show the chart that was uploaded last. */
  chartRefused(teamId: string, connectionId: string): void
  /** `null`: all of the workspace. */
  checkNow(teamId: string, name: string | null): Promise<CheckNowAnswer>
  whyNotAdd(teamId: string, person: Person): Refusal | null
  /** The providers that can be connected. */
  offers(): readonly Offer[]
  /** The same, with apps that were added just now. */
  learnOffers(): Promise<readonly Offer[]>
  connectLink(teamId: string, person: Person, provider: string, channelId: string | null): Promise<ConnectLink>
  /** `outageId`: of the card that was clicked. */
  reauthorizeLink(teamId: string, person: Person, name: string, outageId?: string | null): Promise<ReauthorizeLink>
  invite(teamId: string, person: Person, name: string): Promise<Invited>
  withdrawInvitations(teamId: string, person: Person, name: string): Promise<Withdrawn>
  readHistory(teamId: string, name: string): Promise<HistoryPage>
  readOlderHistory(teamId: string, connectionId: string, afterId: string | null): Promise<HistoryPage>
  confirmConnection(teamId: string, person: Person, connectionId: string): Promise<Confirmation>
  changePushing(teamId: string, person: Person, connectionId: string, what: PushingChange): Promise<PushingChanged>
  describeRejects(teamId: string, name: string): Promise<RejectsDescription>
  rejectsLink(teamId: string, person: Person, connectionId: string): Promise<RejectsLink>
  retryRejectGroup(teamId: string, person: Person, connectionId: string, groupId: string): Promise<GroupRetry>
  pushOn(teamId: string, person: Person, connectionId: string): Promise<PushOn>
  changeEscalation(teamId: string, person: Person, press: Press): Promise<EscalationChanged>
  readTagging(teamId: string, person: Person, connectionId: string): Promise<TaggingFormRead>
  changeTagging(teamId: string, person: Person, connectionId: string, wish: TaggingWish): Promise<TaggingChanged>
  undoTags(teamId: string, person: Person, changeId: string): Promise<Undoing>
  /** The weekly digest of a channel; `person` null when Slack can't tell who it is. */
  readDigest(teamId: string, person: Person | null, channelId: string | null): Promise<DigestRead>
  listDigests(teamId: string): Promise<readonly ListedDigest[]>
  readDigestForm(teamId: string, person: Person, channelId: string): Promise<DigestFormRead>
  changeDigest(
    teamId: string,
    person: Person,
    channelId: string,
    shownVersion: number,
    wanted: { readonly isOn: boolean; readonly timeZone: string },
  ): Promise<DigestChanged>
  loginBegun(teamId: string, outageId: string): Promise<void>
  hearEnd(heard: EndHeard): Promise<void>
  /** Whether the workspace installed the app by itself, so that its channel is its own choice. */
  hasOwnChannel(teamId: string): Promise<boolean>
  changeDefaultChannel(teamId: string, person: Person, channelId: string): Promise<ChannelChange>
  /** Somebody who may not use Redkey did something in a channel. */
  outsiderSeen(teamId: string, channelId: string): Promise<void>
}
