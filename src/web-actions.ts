import type { Config } from './config/config.ts'
import { beginInvited, readInvitation } from './domain/access/begin-invited.ts'
import { beginConnect, beginReauthorize, readConnectLink } from './domain/access/begin-login.ts'
import { connectChosen, readChoice } from './domain/access/choose-accounts.ts'
import { completeLogin } from './domain/access/complete-login.ts'
import { completeSignIn } from './domain/access/identify.ts'
import { offerFurther } from './domain/access/offer-accounts.ts'
import { checkNow } from './domain/connections/check.ts'
import { nameNow } from './domain/connections/connection-name.ts'
import { hearEnded } from './domain/connections/hear-ended.ts'
import { describeConnection, listConnections } from './domain/connections/list.ts'
import { readCosts } from './domain/costs/read-costs.ts'
import type { Deps } from './domain/deps.ts'
import { currentFacts, slackReadiness, storeReadiness } from './domain/operations.ts'
import { acceptTouchpoints } from './domain/outbox/accept.ts'
import { changeMapping, readMapping } from './domain/outbox/change-mapping.ts'
import { openExportLink } from './domain/outbox/export-backlog.ts'
import { dismissRejects, retryRejects } from './domain/outbox/move-rejects.ts'
import { openRejectsLink, readRejects } from './domain/outbox/read-rejects.ts'
import { readApiToken } from './domain/workspaces/api-token.ts'
import type { WebActions } from './inbound/web/web-deps.ts'

interface Around {
  /** Pushes what waits, now and not on the next beat. */
  readonly drain: () => void
  readonly isLinked: () => boolean
  readonly firstTeam: () => string | undefined
}

/** What browsers and programs can do, bound to the domain. */
export function webActions(deps: Deps, config: Config, { drain, isLinked, firstTeam }: Around): WebActions {
  return {
    beginReauthorize: (visit) => beginReauthorize(deps, visit),
    readConnectLink: (visit) => readConnectLink(deps, visit),
    beginConnect: (visit) => beginConnect(deps, visit),
    readInvitation: (ticket) => readInvitation(deps, ticket),
    beginInvited: (ticket) => beginInvited(deps, ticket),
    completeSignIn: (answer) => completeSignIn(deps, answer),
    async completeLogin(callback) {
      const completion = await completeLogin(deps, callback)
      drain()
      return completion
    },
    offerFurther: (visit, grantId) => offerFurther(deps, visit, grantId),
    readChoice: (choiceId) => readChoice(deps, choiceId),
    connectChosen: (choiceId, accountIds) => connectChosen(deps, choiceId, accountIds),
    hearEnded: (listener, message) => hearEnded(deps, listener, message),
    providerLabel: (name) => deps.providers.get(name)?.label,
    acceptTouchpoints: (team, items, sending) => acceptTouchpoints(deps, team, items, sending),
    findTouchpoint: (team, id) => deps.store.outbox.find(team, id),
    listConnections: (team) => listConnections(deps, team),
    describeConnection: async (team, name) => describeConnection(deps, team, await nameNow(deps, team, name)),
    checkNow: async (team, name) => checkNow(deps, team, await nameNow(deps, team, name)),
    readMapping: async (team, name) => readMapping(deps, team, await nameNow(deps, team, name)),
    changeMapping: async (team, name, body) => changeMapping(deps, team, await nameNow(deps, team, name), body),
    readCosts: async (team, name, days) => readCosts(deps, team, await nameNow(deps, team, name), days),
    readRejects: async (team, name) => readRejects(deps, team, await nameNow(deps, team, name)),
    retryRejects: async (team, name, which) => retryRejects(deps, team, await nameNow(deps, team, name), which),
    dismissRejects: async (team, name, which) => dismissRejects(deps, team, await nameNow(deps, team, name), which),
    openRejectsLink: (ticket) => openRejectsLink(deps, ticket),
    openExportLink: (ticket) => openExportLink(deps, ticket),
    readiness: async () => [await storeReadiness(deps), slackReadiness(isLinked(), firstTeam(), config.slack.botToken !== null)],
    metrics: async (of) => ({
      ...(await currentFacts(deps, of, { firstTeam: firstTeam(), isSeveral: config.workspaces.length > 0 })),
      socketsConnected: isLinked() ? 1 : 0,
    }),
    readApiToken: (text) => readApiToken(deps, text),
    hasApiTokens: () => deps.store.apiTokens.isAny(),
  }
}
