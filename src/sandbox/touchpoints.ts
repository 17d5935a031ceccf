import { randomUUID } from 'node:crypto'

/** Where the sandbox sends the touchpoints it makes: the app's own API, as any website would. */
export interface TouchpointApi {
  readonly url: string
  readonly token: string
}

export interface Sent {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: readonly { readonly code: string; readonly message: string }[]
}

/** Sends `count` new touchpoints for one connection, a thousand in a request. @throws when the API refuses. */
export async function sendTouchpoints(api: TouchpointApi, connection: string, count: number, now: Date): Promise<Sent> {
  let sent: Sent = { accepted: 0, duplicates: 0, rejected: [] }
  for (let from = 0; from < count; from += 1000) {
    const touchpoints = Array.from({ length: Math.min(1000, count - from) }, (_, index) =>
      makeTouchpoint(connection, from + index, now),
    )
    sent = added(sent, await post(api, touchpoints))
  }
  return sent
}

async function post(api: TouchpointApi, touchpoints: readonly object[]): Promise<Sent> {
  const response = await fetch(`${api.url}/v1/touchpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ touchpoints }),
  })
  const answer = (await response.json()) as Sent & { readonly detail?: string }
  if (response.status !== 202) throw new Error(answer.detail ?? `Redkey answered ${response.status}`)
  return answer
}

function added(a: Sent, b: Sent): Sent {
  return { accepted: a.accepted + b.accepted, duplicates: a.duplicates + b.duplicates, rejected: [...a.rejected, ...b.rejected] }
}

const VISITS = [
  {
    type: 'Web Visit',
    channel: 'Paid Search',
    channelPath: 'Paid Search.Brand',
    source: 'google',
    medium: 'cpc',
    campaignName: 'Brand',
    landingPage: 'https://acme.example/',
  },
  {
    type: 'Web Form',
    channel: 'Paid Social',
    channelPath: 'Paid Social.LinkedIn',
    source: 'linkedin',
    medium: 'paid-social',
    campaignName: 'ABM Q4',
    landingPage: 'https://acme.example/demo',
  },
  {
    type: 'Web Visit',
    channel: 'Organic Search',
    channelPath: 'Organic Search.Google',
    source: 'google',
    medium: 'organic',
    campaignName: null,
    landingPage: 'https://acme.example/pricing',
  },
  {
    type: 'Web Form',
    channel: 'Email',
    channelPath: 'Email.Newsletter',
    source: 'newsletter',
    medium: 'email',
    campaignName: 'November',
    landingPage: 'https://acme.example/guide',
  },
] as const
const POSITIONS = ['FT', 'LC', 'OC', 'PostLC'] as const

function makeTouchpoint(connection: string, index: number, now: Date) {
  return {
    id: `tp_${randomUUID().slice(0, 13)}`,
    connection,
    occurredAt: new Date(now.getTime() - index * 37_000).toISOString(),
    ...VISITS[index % VISITS.length],
    position: POSITIONS[index % POSITIONS.length],
    person: { email: `visitor${index}@customer.example` },
  }
}
