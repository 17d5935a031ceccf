import type { DigestRead } from '../../src/domain/digest/channel-digests.ts'
import type { Gap } from '../../src/domain/gaps/gap.ts'
import { drawPage, type Page } from '../../src/inbound/web/layout.ts'
import { outcomePage } from '../../src/inbound/web/outcome-texts.ts'
import { alreadyAuthorizedPage, connectAskPage, homePage, noLoginPage } from '../../src/inbound/web/page-texts.ts'
import { connectOpenedWindow } from '../../src/messages/add-form.ts'
import { connectOpened } from '../../src/messages/add-reply.ts'
import type { Rendered, RenderedHome } from '../../src/messages/blocks.ts'
import { connectionDetails } from '../../src/messages/connection-details.ts'
import { digestForm } from '../../src/messages/digest/digest-form.ts'
import { digestReply } from '../../src/messages/digest/digest-reply.ts'
import type { RenderedForm } from '../../src/messages/form.ts'
import { help } from '../../src/messages/help.ts'
import { homeView } from '../../src/messages/home-view.ts'
import { pageOf } from '../../src/messages/page.ts'
import { removeForm } from '../../src/messages/remove-form.ts'
import { renderCard } from '../../src/messages/render-card.ts'
import { settingsForm } from '../../src/messages/settings-form.ts'
import { taggingForm } from '../../src/messages/tagging-form.ts'
import {
  aCard,
  aCatchUp,
  aConnection,
  adFacts,
  aFinishedCatchUp,
  aGroup,
  aListed,
  aLooseCard,
  aMember,
  aMessage,
  anOutage,
  aReauthorizedOutage,
  aRedListed,
  at,
  known,
  LOOK,
} from '../messages/a-card.ts'
import { ACME, aDigest, aWeek, UNTIL } from '../messages/a-digest.ts'
import { anAdScan, aTagChange } from '../support/tag-builders.ts'

/** What people see of Redkey, from fixtures: each as it is shown in Slack or in a browser. */
export type Exhibit =
  | { readonly kind: 'message'; readonly name: string; readonly shown: Rendered }
  | { readonly kind: 'form'; readonly name: string; readonly shown: RenderedForm }
  | { readonly kind: 'home'; readonly name: string; readonly shown: RenderedHome }
  | { readonly kind: 'page'; readonly name: string; readonly html: string }

const ADS = aConnection({ provider: 'google-ads', kind: 'ads', name: 'google-ads', accountName: 'Acme EU' })
const RED_ADS = {
  ...ADS,
  health: { ...ADS.health, status: 'authorization_required' as const, since: at('09:12'), cause: 'revoked' },
}
const WORDS = { command: '/connections', provider: 'Salesforce' }

const GAP: Gap = {
  outageId: 'out_1',
  connectionId: 'con_1',
  since: at('07:00'),
  until: at('12:12'),
  costs: {
    currency: 'EUR',
    backfilled: ['2026-11-20', '2026-11-21', '2026-11-22'].map((day) => ({ day, amount: '812.40', campaigns: 4 })),
    campaigns: 4,
    amount: '2437.20',
    restated: [
      { day: '2026-11-18', before: '805.10', after: '791.85' },
      { day: '2026-11-19', before: '640.00', after: '638.20' },
    ],
    lost: [],
  },
  tags: {
    kind: 'on',
    covered: 1,
    late: 1,
    never: 1,
    touchpoints: 37,
    ads: [
      anAd('Spring sale B', 'never', 'Its campaign sets URL parameters of its own, without utm_medium, utm_campaign.'),
      anAd('Webinar, image 2', 'late', null),
      anAd('Brand, text C', 'covered', null),
    ],
  },
  finishedAt: at('12:13'),
}

function anAd(name: string, fate: 'covered' | 'late' | 'never', why: string | null) {
  return {
    id: name,
    name,
    campaignName: 'Always on',
    url: 'https://ads.google.com/aw/ads',
    createdAt: at('08:00').toISOString(),
    fate,
    taggedAt: fate === 'late' ? at('12:12').toISOString() : null,
    setBy: fate === 'never' ? ('campaign' as const) : ('account' as const),
    why,
  }
}

const adCard = (over: Parameters<typeof aCard>[0]) => aCard({ connection: ADS, providerLabel: 'Google Ads', ...over })

const CARDS: Readonly<Record<string, Parameters<typeof renderCard>[0]>> = {
  'red, a CRM': aCard(),
  'red, an ad platform with auto-tagging': adCard({
    connection: RED_ADS,
    outage: anOutage({ explanation: 'Google says that the access was taken back.' }),
    ads: adFacts({ costsAt: at('06:00'), tagging: 'inherited' }),
  }),
  'red, several': aCard({ group: aGroup([aMember(0), aMember(1), aMember(2)]) }),
  'done, several': aCard({
    outage: aReauthorizedOutage(),
    group: aGroup(
      [0, 1].map((n) => aMember(n, { connection: aConnection({ name: `crm-${n}` }), outage: aReauthorizedOutage() })),
    ),
  }),
  'permission missing': aCard({ outage: anOutage({ kind: 'permission', cause: 'role_missing' }) }),
  'set-up problem': aCard({ outage: anOutage({ kind: 'misconfigured', cause: 'invalid_client' }) }),
  'authorized again, catching up': aCard({ connection: aConnection(), outage: aReauthorizedOutage(), catchUp: aCatchUp() }),
  'done, a CRM': aCard({ connection: aConnection(), outage: aReauthorizedOutage(), catchUp: aFinishedCatchUp() }),
  'done, an ad platform': adCard({ outage: aReauthorizedOutage(), ads: adFacts({ gap: GAP }) }),
  withdrawn: aCard({ connection: aConnection(), outage: anOutage({ closedAt: at('09:40'), closedHow: 'withdrawn' }) }),
  'report of a catch-up': aCard({
    message: aMessage({ kind: 'report' }),
    connection: aConnection(),
    outage: aReauthorizedOutage(),
    catchUp: aFinishedCatchUp(),
    rejects: [{ code: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', field: 'Name', count: 3 }],
  }),
  'gap report of an ad platform': adCard({
    message: aMessage({ kind: 'gap' }),
    outage: aReauthorizedOutage(),
    ads: adFacts({ gap: GAP }),
  }),
  'weekly digest': aLooseCard({
    message: aMessage({ kind: 'digest', connectionId: null, outageId: null }),
    digest: aWeek(),
    now: UNTIL,
  }),
  'weekly digest, calm': aLooseCard({
    message: aMessage({ kind: 'digest', connectionId: null, outageId: null }),
    digest: aDigest(),
    now: UNTIL,
  }),
  'somebody who left': aCard({
    message: aMessage({ kind: 'warning', outageId: null }),
    outage: null,
    connection: aConnection(),
    warning: {
      messageId: 'msg_1',
      teamId: 'T0ACME',
      subject: 'leaver U0BENOKAFOR',
      since: at('09:00'),
      closedAt: null,
      version: 0,
      detail: {
        kind: 'leaver',
        userId: 'U0BENOKAFOR',
        person: 'Ben Okafor',
        connections: [
          {
            id: 'con_2',
            name: 'hubspot',
            accountName: 'Acme Web',
            provider: 'HubSpot',
            isOwner: true,
            isDeputy: false,
            loggedIn: false,
          },
          { ...ACME, provider: 'Salesforce', isOwner: true, isDeputy: false, loggedIn: true },
        ],
        others: 0,
        ended: null,
      },
    },
  }),
  welcome: aCard({ message: aMessage({ kind: 'welcome', outageId: null }), connection: aConnection(), outage: null }),
}

const DETAILS: Rendered = connectionDetails(
  aListed({ connection: ADS }, { providerLabel: 'Google Ads' }),
  known({
    tags: {
      scan: anAdScan({
        parameters: 'utm_source=google&utm_medium=cpc&utm_campaign={campaignid}',
        taggingSince: at('08:00'),
        templates: [{ id: 'a', name: 'Account Acme EU', parameters: '', missing: [], trouble: null, isChosen: false }],
        overrides: [
          {
            level: 'campaign',
            id: '7',
            name: 'Spring sale',
            parameters: 'utm_source=mine',
            url: 'https://ads.google.com/aw/campaigns',
            missing: ['utm_medium', 'utm_campaign'],
          },
        ],
      }),
      changes: [aTagChange({ at: at('08:00'), madeAt: at('08:00') })],
    },
  }),
  LOOK,
  at('12:12'),
)

const DIGEST_HERE: DigestRead = {
  kind: 'found',
  digest: { channelId: 'C0MARKETINGOPS', isOn: true, timeZone: 'Europe/Berlin' },
  isUsual: true,
  hasConnections: true,
  channelIds: ['C0MARKETINGOPS'],
  refusal: null,
}

const FORMS: Readonly<Record<string, RenderedForm>> = {
  'weekly digest of a channel': digestForm({
    channelId: 'C0MARKETINGOPS',
    isOn: true,
    timeZone: 'America/New_York',
    usualTimeZone: 'Europe/Berlin',
    version: 0,
  }),
  'auto-tagging': taggingForm({
    connection: ADS,
    scan: anAdScan({ isTagging: false, parameters: '', settingsAt: null, taggingSince: null }),
    label: 'Google Ads',
    kind: 'inherited',
    consequence: null,
    defaults: 'utm_source=google&utm_medium=cpc&utm_campaign={campaignid}',
    marketoMeasure: '_bt={creative}',
  }),
}

const CRM_SETTINGS = {
  mapping: null,
  usualCatchUp: 'auto' as const,
  isTagging: null,
  apiUrl: 'https://redkey.example/openapi.json',
}
const SALESFORCE = { name: 'salesforce', label: 'Salesforce', client: null }
const WINDOWS: Readonly<Record<string, RenderedForm>> = {
  'settings of a CRM': settingsForm({ connection: aConnection(), label: 'Salesforce', ...CRM_SETTINGS }),
  'settings of an ad platform': settingsForm({ connection: ADS, label: 'Google Ads', ...CRM_SETTINGS, isTagging: true }),
  'Connect was pressed': connectOpenedWindow('Salesforce', LOOK),
  'remove with a backlog': removeForm({
    connection: aConnection(),
    label: 'Salesforce',
    waiting: 1284,
    rejected: 3,
    exportUrl: 'https://redkey.example/export/ticket',
  }),
}

const LISTED = [aRedListed(), aListed({ connection: ADS }, { providerLabel: 'Google Ads' })]
const HOMES: Readonly<Record<string, RenderedHome>> = {
  'one is red': homeView(
    pageOf(
      LISTED.map(({ overview }) => overview),
      0,
      at('12:12'),
    ),
    LISTED,
    LOOK,
    at('12:12'),
    [
      { channelId: 'C0MARKETINGOPS', isOn: true, timeZone: 'Europe/Berlin' },
      { channelId: 'C0GENERAL', isOn: false, timeZone: 'America/New_York' },
    ],
  ),
  'nothing is connected yet': homeView(pageOf([], 0, at('12:12')), [], LOOK, at('12:12')),
}

const PAGES: Readonly<Record<string, Page>> = {
  'Redkey is running': homePage(),
  'connect an account': connectAskPage({
    kind: 'ask',
    userName: 'Ana Ruiz',
    providerLabel: 'Salesforce',
    confirms: true,
    logins: [],
  } as Parameters<typeof connectAskPage>[0]),
  'authorized again': outcomePage(
    {
      kind: 'reauthorized',
      account: 'Acme Inc',
      environment: 'production',
      name: 'salesforce',
      username: 'ana@acme.example',
      isCrm: true,
      isConfirmed: true,
      missed: 1284,
      isHeld: false,
      isKnown: false,
      cardLink: 'https://acme.slack.com/archives/C1/p1',
    },
    WORDS,
  ),
  'another account': outcomePage({ kind: 'wrong_account', came: 'Acme UAT', username: 'ana@acme.example' }, WORDS),
  'already authorized': alreadyAuthorizedPage(
    { kind: 'already_authorized', connection: aConnection(), outage: aReauthorizedOutage() } as Parameters<
      typeof alreadyAuthorizedPage
    >[0],
    at('12:30'),
    'Salesforce',
  ),
  'link expired': noLoginPage({ kind: 'expired' }, 'reauthorize', WORDS),
}

export const EXHIBITS: readonly Exhibit[] = [
  ...Object.entries(CARDS).map(([name, facts]) => ({ kind: 'message' as const, name, shown: renderCard(facts, LOOK) })),
  { kind: 'message', name: 'details of an ad platform', shown: DETAILS },
  { kind: 'message', name: 'help', shown: help(LOOK) },
  { kind: 'message', name: 'Connect was pressed', shown: connectOpened(SALESFORCE, LOOK) },
  { kind: 'message', name: 'when the weekly digest comes', shown: digestReply(DIGEST_HERE, LOOK) },
  ...Object.entries({ ...FORMS, ...WINDOWS }).map(([name, shown]) => ({ kind: 'form' as const, name, shown })),
  ...Object.entries(HOMES).map(([name, shown]) => ({ kind: 'home' as const, name, shown })),
  ...Object.entries(PAGES).map(([name, page]) => ({ kind: 'page' as const, name, html: drawPage(page) })),
]
