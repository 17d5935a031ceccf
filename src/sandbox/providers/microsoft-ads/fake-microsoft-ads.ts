import { adControls } from '../ads/ad-controls.ts'
import type { AdLibrary } from '../ads/ad-library.ts'
import { type CallLog, callLog } from '../call-log.ts'
import { appControls, loginControls } from '../entra/controls.ts'
import { type FakeEntra, startFakeEntra } from '../entra/fake-entra.ts'
import type { FakeProvider, FakeProviderOptions } from '../fake-provider.ts'
import { listen } from '../http-server.ts'
import { type LiveControl, panelControl, toggle } from '../panel.ts'
import { type AdsAccount, type AdsUser, seededBook } from './accounts.ts'
import { type AdGroup, adsContents, clickUrl } from './ad-libraries.ts'
import type { AdsFaultName } from './answers.ts'
import { ADS_SCOPE, type AdsSwitches, apiServer } from './api-server.ts'

interface FakeMicrosoftAdsOptions extends FakeProviderOptions {
  /** The login host, where Dynamics 365 has started one already; it is not closed with this fake. Default: one of its own. */
  readonly entra?: FakeEntra
}

export interface FakeMicrosoftAds extends FakeProvider {
  readonly entra: FakeEntra
  /** Base of all services. */
  readonly apiUrl: string
  readonly accounts: readonly AdsAccount[]
  readonly switches: AdsSwitches
  /** Calls of the services. */
  readonly calls: CallLog
  developerToken: string
  account(name: string): AdsAccount
  /** What an account advertises, by its name or id. */
  library(account: string): AdLibrary
  /** The one ad group of a campaign. */
  adGroup(account: string, campaignId: string): AdGroup
  /** Where a click on an ad leads now. */
  clickUrl(account: string, adId: string): string
  user(username: string): AdsUser
  /** Ends logins to this app; the next login works. Default: those of everybody. */
  endLogins: FakeEntra['endLogins']
  expireAccessTokens: FakeEntra['expireAccessTokens']
  changeClientSecret(secret: string): void
}

const DEVELOPER_TOKEN = 'SANDBOX0DEVTOKEN'

export async function startFakeMicrosoftAds(options: FakeMicrosoftAdsOptions): Promise<FakeMicrosoftAds> {
  const { host = '127.0.0.1', clientId, clientSecret, redirectUris, appName, now = () => new Date() } = options
  const entra = options.entra ?? (await startFakeEntra({ host, port: 0, now, ...(appName && { appName }) }))
  const scopes = { [ADS_SCOPE]: 'Manage your Microsoft Advertising accounts' }
  const app = entra.register({ clientId, clientSecret, redirectUris, scopes })
  const book = seededBook()
  const contents = adsContents(book.accounts, now)
  const switches: AdsSwitches = {
    down: false,
    refusesWith: null,
    faultsWith200: false,
    refusesPath: new Map(),
    reportTakesMs: 5_000,
    bulkTakesMs: 0,
    filesFail: false,
    bulkNeedsFull: false,
    cutFilesAfter: null,
    filesAt: null,
  }
  const calls = callLog()
  const token = { value: DEVELOPER_TOKEN }
  const listener = await listen(
    host,
    options.port,
    apiServer({ entra, book, contents, switches, calls, now, developerToken: () => token.value }),
  )

  function user(username: string): AdsUser {
    const found = book.users.find((one) => one.username === username)
    if (!found) throw new Error(`The fake Microsoft Advertising has no user ${username}`)
    return found
  }

  function contentOf(account: string) {
    const found = book.accounts.find(({ id, name }) => id === account || name === account)
    const content = found && contents.get(found.id)
    if (!content) throw new Error(`The fake Microsoft Advertising has no account ${account}`)
    return content
  }

  const groups = [
    ...book.users.slice(0, 2).map((one) => ({
      title: `${entra.person(one.username).displayName}: login`,
      note: 'Ends or blocks it at Microsoft.',
      controls: loginControls(entra, app, one.username),
    })),
    ...book.accounts.slice(0, 2).map(({ id, name }) => ({
      title: `${name}: ads and costs`,
      note: 'What people do there while Redkey watches.',
      controls: adControls(contentOf(id).library, name, id),
    })),
    ...book.users.slice(0, 2).map((one) => ({
      title: `${entra.person(one.username).displayName}: access`,
      note: 'What Microsoft Advertising lets this person do.',
      controls: userControls(one, entra.person(one.username).displayName),
    })),
    {
      title: 'Accounts and service',
      note: 'These hit whoever works with them.',
      controls: [...book.accounts.slice(0, 2).map(accountControl), ...serviceControls(switches, token)],
    },
    {
      title: 'The Redkey app',
      note: 'These hit every login at once.',
      controls: appControls(entra, app),
    },
  ].map((group) => ({ ...group, controls: group.controls.map((control) => ({ ...control, id: `msads-${control.id}` })) }))

  return {
    name: 'microsoft-ads',
    label: 'Microsoft Advertising',
    env: {
      MICROSOFT_ADS_CLIENT_ID: clientId,
      MICROSOFT_ADS_CLIENT_SECRET: clientSecret,
      MICROSOFT_ADS_DEVELOPER_TOKEN: DEVELOPER_TOKEN,
      MICROSOFT_ADS_API_URL: listener.origin,
      MICROSOFT_LOGIN_URL: entra.loginUrl,
    },
    entra,
    apiUrl: listener.origin,
    accounts: book.accounts,
    switches,
    calls,
    get developerToken() {
      return token.value
    },
    set developerToken(value) {
      token.value = value
    },
    account(name) {
      const found = book.accounts.find((one) => one.name === name)
      if (!found) throw new Error(`The fake Microsoft Advertising has no account ${name}`)
      return found
    },
    library: (account) => contentOf(account).library,
    adGroup(account, campaignId) {
      const { library, adGroup } = contentOf(account)
      const campaign = library.campaigns.find(({ id }) => id === campaignId)
      if (!campaign) throw new Error(`The fake Microsoft Advertising has no campaign ${campaignId}`)
      return adGroup(campaign)
    },
    clickUrl: (account, adId) => clickUrl(contentOf(account), adId),
    user,
    endLogins: (because, of) => entra.endLogins(because, { ...of, clientId }),
    expireAccessTokens: (of) => entra.expireAccessTokens({ ...of, clientId }),
    changeClientSecret(secret) {
      app.clientSecret = secret
    },
    panelGroups: () => groups.map(({ title, note, controls }) => ({ title, note, controls: controls.map(panelControl) })),
    async run(controlId) {
      const control = groups.flatMap(({ controls }) => controls).find(({ id }) => id === controlId)
      if (!control) throw new Error(`The fake Microsoft Advertising has no control ${controlId}`)
      return control.run()
    },
    async close() {
      await listener.close()
      if (!options.entra) await entra.close()
    },
  }
}

function userControls(user: AdsUser, name: string): readonly LiveControl[] {
  const whole = [...user.access]
  const refuse = (id: string, label: string, by: AdsFaultName, told: string) =>
    toggle(
      `${user.username}-${id}`,
      label,
      'danger',
      () => user.refusedWith === by,
      () => {
        user.refusedWith = user.refusedWith === by ? null : by
        return user.refusedWith === by ? told : `Microsoft Advertising has nothing against ${name} any more.`
      },
    )
  return [
    toggle(
      `${user.username}-access`,
      `Take all accounts away from ${name}`,
      'danger',
      () => user.access.size === 0,
      () => {
        const isTaken = user.access.size > 0
        for (const id of whole) isTaken ? user.access.delete(id) : user.access.add(id)
        return isTaken ? `${name} has no access to any account.` : `${name} has the access back.`
      },
    ),
    toggle(
      `${user.username}-viewer`,
      `Let ${name} only look at accounts`,
      'danger',
      () => user.role === 'viewer',
      () => {
        user.role = user.role === 'viewer' ? 'superAdmin' : 'viewer'
        return user.role === 'viewer' ? `${name} is a Viewer now.` : `${name} is a Super Admin again.`
      },
    ),
    refuse(
      'compromised',
      `Suspicious activity of ${name}`,
      'compromised',
      `Microsoft Advertising wants a new password of ${name}.`,
    ),
    refuse('merged', `Merge the login of ${name} into another`, 'mergedLogin', `${name} must use another login from now on.`),
    refuse('work', `Ask ${name} for a work account`, 'workAccount', `${name} must log in with a work account.`),
    refuse('personal', `Ask ${name} for a personal account`, 'personalAccount', `${name} must log in with a personal account.`),
    refuse('unknown', `Forget ${name}`, 'userNotFound', `Microsoft Advertising does not know ${name} any more.`),
  ]
}

function accountControl(account: AdsAccount): LiveControl {
  return toggle(
    `${account.id}-deleted`,
    `Delete the account ${account.name}`,
    'danger',
    () => account.isDeleted,
    () => {
      account.isDeleted = !account.isDeleted
      return account.isDeleted ? `The account ${account.name} is gone.` : `The account ${account.name} is back.`
    },
  )
}

function serviceControls(switches: AdsSwitches, token: { value: string }): readonly LiveControl[] {
  const refuse = (id: string, label: string, by: AdsFaultName, told: string) =>
    toggle(
      id,
      label,
      'normal',
      () => switches.refusesWith === by,
      () => {
        switches.refusesWith = switches.refusesWith === by ? null : by
        return switches.refusesWith === by ? told : 'Microsoft Advertising answers as usual again.'
      },
    )
  return [
    toggle(
      'developer-token',
      'Replace the developer token',
      'danger',
      () => token.value !== DEVELOPER_TOKEN,
      () => {
        token.value = token.value === DEVELOPER_TOKEN ? 'ANOTHER0DEVTOKEN' : DEVELOPER_TOKEN
        return token.value === DEVELOPER_TOKEN
          ? 'The old developer token works again.'
          : 'The developer token of Redkey works no more.'
      },
    ),
    toggle(
      'down',
      'Take Microsoft Advertising down',
      'normal',
      () => switches.down,
      () => {
        switches.down = !switches.down
        return `Microsoft Advertising is ${switches.down ? 'down' : 'up again'}.`
      },
    ),
    toggle(
      'files-fail',
      'Make no reports and lists of ads',
      'normal',
      () => switches.filesFail,
      () => {
        switches.filesFail = !switches.filesFail
        return switches.filesFail ? 'Reports and lists of ads can’t be made.' : 'Reports and lists of ads are made again.'
      },
    ),
    refuse('call-rate', 'Too many calls', 'callRate', 'Microsoft Advertising asks to slow down.'),
    refuse('internal', 'Internal errors', 'internalError', 'Microsoft Advertising answers with internal errors.'),
    refuse(
      'version',
      'Retire the API version',
      'oldVersion',
      'Microsoft Advertising does not offer this version of its API any more.',
    ),
  ]
}
