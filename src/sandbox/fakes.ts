import { type FakeDynamics, startFakeDynamics } from './providers/dynamics/fake-dynamics.ts'
import { type FakeEntra, startFakeEntra } from './providers/entra/fake-entra.ts'
import type { FakeProvider, FakeProviderOptions } from './providers/fake-provider.ts'
import { type FakeGoogle, startFakeGoogle } from './providers/google/fake-google.ts'
import { type FakeHubSpot, startFakeHubSpot } from './providers/hubspot/fake-hubspot.ts'
import { type FakeLinkedIn, startFakeLinkedIn } from './providers/linkedin/fake-linkedin.ts'
import { type FakeMeta, startFakeMeta } from './providers/meta/fake-meta.ts'
import { type FakeMicrosoftAds, startFakeMicrosoftAds } from './providers/microsoft-ads/fake-microsoft-ads.ts'
import { type FakeSalesforce, startFakeSalesforce } from './providers/salesforce/fake-salesforce.ts'

export interface FakesOptions extends Pick<FakeProviderOptions, 'clientSecret'> {
  readonly appUrl: string
  /** The fakes take this one and the next. 0: any free ones. */
  readonly port: number
  readonly now: () => Date
}

/** Every provider that the app knows. */
export interface Fakes {
  readonly salesforce: FakeSalesforce
  readonly dynamics: FakeDynamics
  readonly hubspot: FakeHubSpot
  readonly google: FakeGoogle
  /** The login host of everything of Microsoft. */
  readonly entra: FakeEntra
  readonly microsoftAds: FakeMicrosoftAds
  readonly meta: FakeMeta
  readonly linkedin: FakeLinkedIn
  /** In the order of the panel. */
  readonly all: readonly FakeProvider[]
  close(): Promise<void>
}

export async function startFakes({ appUrl, port, now, clientSecret }: FakesOptions): Promise<Fakes> {
  const at = (place: number) => (port === 0 ? 0 : port + place)
  /** `names`: of the providers that the app serves, as they stand in its callback addresses. */
  const options = (place: number, ...names: readonly [string, ...string[]]) => ({
    clientId: `redkey-${names[0]}`,
    clientSecret,
    redirectUris: names.map((name) => `${appUrl}/oauth/callback/${name}`),
    port: at(place),
    now,
  })
  const entra = await startFakeEntra({ port: at(3), now })
  const started = {
    salesforce: await startFakeSalesforce({ ...options(0, 'salesforce'), loginPort: at(0), orgPorts: [at(1), at(2)] }),
    dynamics: await startFakeDynamics({ ...options(9, 'dynamics'), entra, environmentPorts: [at(9), at(10)] }),
    hubspot: await startFakeHubSpot(options(4, 'hubspot')),
    google: await startFakeGoogle(options(5, 'google-ads', 'cm360')),
    microsoftAds: await startFakeMicrosoftAds({ ...options(6, 'microsoft-ads'), entra }),
    meta: await startFakeMeta(options(7, 'meta')),
    linkedin: await startFakeLinkedIn(options(8, 'linkedin')),
  }
  const all = [
    started.salesforce,
    started.dynamics,
    started.hubspot,
    started.google.googleAds,
    started.microsoftAds,
    started.meta,
    started.linkedin,
    started.google.cm360,
  ]
  return {
    ...started,
    entra,
    all,
    async close() {
      await Promise.all([...all, entra].map((fake) => fake.close()))
    },
  }
}
