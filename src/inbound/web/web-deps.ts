import type { RequestListener } from 'node:http'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Clock } from '../../clock.ts'
import type { BeginInvited, InvitationPage } from '../../domain/access/begin-invited.ts'
import type { BeginConnect, BeginReauthorize, ConnectPage } from '../../domain/access/begin-login.ts'
import type { ChoiceRead, Chosen } from '../../domain/access/choose-accounts.ts'
import type { Callback } from '../../domain/access/complete-login.ts'
import type { Completion } from '../../domain/access/completion.ts'
import type { Departure } from '../../domain/access/departure.ts'
import type { Identification, SignInAnswer, Visit } from '../../domain/access/identify.ts'
import type { Further } from '../../domain/access/offer-accounts.ts'
import type { CheckNowAnswer } from '../../domain/connections/check.ts'
import type { ConnectionOverview } from '../../domain/connections/connection-store.ts'
import type { HearAnswer } from '../../domain/connections/hear-ended.ts'
import type { Description } from '../../domain/connections/list.ts'
import type { CostReading } from '../../domain/costs/read-costs.ts'
import type { Facts, Readiness } from '../../domain/operations.ts'
import type { Intake } from '../../domain/outbox/accept.ts'
import type { MappingChange, MappingRead } from '../../domain/outbox/change-mapping.ts'
import type { LinkedBacklog } from '../../domain/outbox/export-backlog.ts'
import type { RejectsMove } from '../../domain/outbox/move-rejects.ts'
import type { Sending } from '../../domain/outbox/note-refusals.ts'
import type { LinkedRejects, RejectsReading } from '../../domain/outbox/read-rejects.ts'
import type { RejectFilter } from '../../domain/outbox/reject.ts'
import type { TouchpointRecord } from '../../domain/outbox/touchpoint.ts'
import type { ProviderMessage } from '../../domain/provider.ts'
import type { ApiToken } from '../../domain/workspaces/api-token.ts'
import type { InstallCallback, Installed } from '../../domain/workspaces/install-app.ts'
import type { Log } from '../../log.ts'

/** What the web asks of the domain; `app.ts` binds the functions to their dependencies. */
export interface WebActions {
  beginReauthorize(visit: Visit): Promise<BeginReauthorize>
  readConnectLink(visit: Visit): Promise<ConnectPage>
  beginConnect(visit: Visit): Promise<BeginConnect>
  readInvitation(ticket: string): Promise<InvitationPage>
  beginInvited(ticket: string): Promise<BeginInvited>
  completeSignIn(answer: SignInAnswer): Promise<Identification>
  completeLogin(callback: Callback): Promise<Completion>
  offerFurther(visit: Visit, grantId: string): Promise<Further>
  readChoice(choiceId: string): Promise<ChoiceRead | { readonly kind: 'choice_gone' }>
  connectChosen(choiceId: string, accountIds: readonly string[]): Promise<Chosen>
  hearEnded(listener: string, message: ProviderMessage): Promise<HearAnswer>
  /** As people write it: "Salesforce". Undefined for a name that is no provider. */
  providerLabel(name: string): string | undefined
  acceptTouchpoints(teamId: string, items: readonly unknown[], sending: Sending): Promise<Intake>
  findTouchpoint(teamId: string, id: string): Promise<readonly TouchpointRecord[]>
  listConnections(teamId: string): Promise<readonly ConnectionOverview[]>
  describeConnection(teamId: string, name: string): Promise<Description>
  checkNow(teamId: string, name: string): Promise<CheckNowAnswer>
  readMapping(teamId: string, name: string): Promise<MappingRead>
  changeMapping(teamId: string, name: string, body: unknown): Promise<MappingChange>
  readCosts(
    teamId: string,
    name: string,
    days: { readonly from: string | null; readonly to: string | null },
  ): Promise<CostReading>
  readRejects(teamId: string, name: string): Promise<RejectsReading>
  retryRejects(teamId: string, name: string, which: RejectFilter): Promise<RejectsMove>
  dismissRejects(teamId: string, name: string, which: RejectFilter): Promise<RejectsMove>
  openRejectsLink(ticket: string): Promise<LinkedRejects>
  openExportLink(ticket: string): Promise<LinkedBacklog>
  /** Everything that must hold before this process takes work. May throw: then it isn't ready either. */
  readiness(): Promise<readonly Readiness[]>
  /** Of one workspace, or of all that are served. */
  metrics(of: { readonly teamId: string | undefined } | 'all'): Promise<MetricsFacts>
  /** Undefined: it is none that was made for a workspace. */
  readApiToken(text: string): Promise<ApiToken | undefined>
  hasApiTokens(): Promise<boolean>
}

/** How workspaces install the app by themselves. */
export interface Installs {
  begin(): Promise<Departure>
  complete(callback: InstallCallback): Promise<Installed>
}

export interface MetricsFacts extends Facts {
  readonly socketsConnected: number
}

export interface WebConfig {
  /** What browsers reach, without a slash at the end. */
  readonly url: string
  /** Bearer tokens of `/v1` for the workspace of the settings. */
  readonly apiTokens: readonly string[]
  /** True: one proxy stands in front; or the addresses of several. False: forwarded headers don't count. */
  readonly trustProxy: boolean | string
  /** The Slack command with its slash, for pages that name it; `/connections` when left out. */
  readonly command?: string
  /** Of an unpacked body of `POST /v1/touchpoints`; 10 MB when left out. */
  readonly bodyLimitBytes?: number
  /** Requests a minute from one address to one public page; 60 when left out. */
  readonly publicPerMinute?: number
  /** For a request to arrive in full; a minute when left out. */
  readonly requestTimeoutMs?: number
}

/** Short texts that only we can read and write. */
export interface ResultSeal {
  seal(text: string, expiresAt: Date): Promise<string>
  /** Undefined when it is not ours or has expired. */
  open(sealed: string): Promise<string | undefined>
}

export interface WebDeps {
  readonly actions: WebActions
  readonly config: WebConfig
  readonly clock: Clock
  readonly log: Log
  readonly newId: () => string
  /** The workspace of the bot token; undefined until Slack has told. */
  readonly teamId: () => string | undefined
  readonly results: ResultSeal
  /** Null: only the workspace of the settings is served. */
  readonly installs: Installs | null
  /** Bolt's, in HTTP mode; null in Socket Mode. */
  readonly slackListener: RequestListener | null
}

export type WebApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>
