import { type Refusal, whyNotChangeWorkspace } from '../access/rights.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import { defaultChannel } from '../workspaces/default-channel.ts'
import { type DigestSetting, digestSetting } from './digest-setting.ts'

type ReadDeps = Pick<Deps, 'store' | 'settings'>

/** A channel with connections, and when its digest comes. */
export interface ListedDigest extends Pick<DigestSetting, 'isOn' | 'timeZone'> {
  readonly channelId: string
}

export type DigestRead =
  | {
      readonly kind: 'found'
      readonly digest: ListedDigest
      /** Nobody has set it: it goes by the settings of Redkey. */
      readonly isUsual: boolean
      /** Whether cards come to the channel; without, there is nothing to tell there. */
      readonly hasConnections: boolean
      /** Channels of the workspace to which they come. */
      readonly channelIds: readonly string[]
      /** Why this person may not change it; null: may. */
      readonly refusal: Refusal | 'not_admin' | 'unknown_person' | null
    }
  /** A direct message to which no cards go. */
  | { readonly kind: 'no_channel'; readonly channelIds: readonly string[] }

/** The weekly digest of the channel where somebody asks. `person` null: Slack can't tell who it is. */
export async function readDigest(
  deps: ReadDeps,
  teamId: string,
  person: Person | null,
  askedIn: string | null,
): Promise<DigestRead> {
  const { store, settings } = deps
  const installed = await store.installations.find(teamId)
  const channelIds = await channelsOf(deps, teamId)
  const direct = installed?.channelId === null && installed.installedBy === person?.id ? installed.installedBy : null
  const isPlace = askedIn !== null && (!isDirectMessage(askedIn) || channelIds.includes(askedIn))
  const channelId = isPlace ? askedIn : direct
  if (channelId === null) return { kind: 'no_channel', channelIds }
  const found = await store.digestSettings.find(teamId, channelId)
  const { isOn, timeZone } = digestSetting(found, settings)
  const refusal = person && whyNotChangeWorkspace(person, teamId, installed?.installedBy ?? null, settings)
  return {
    kind: 'found',
    digest: { channelId, isOn, timeZone },
    isUsual: found === undefined,
    hasConnections: channelIds.includes(channelId),
    channelIds,
    refusal: person === null ? 'unknown_person' : refusal,
  }
}

/** Of every channel of a workspace to which cards come, the default channel first. */
export async function listDigests(deps: ReadDeps, teamId: string): Promise<ListedDigest[]> {
  const { store, settings } = deps
  const known = new Map((await store.digestSettings.all(teamId)).map((one) => [one.channelId, one]))
  return (await channelsOf(deps, teamId)).map((channelId) => {
    const { isOn, timeZone } = digestSetting(known.get(channelId), settings)
    return { channelId, isOn, timeZone }
  })
}

async function channelsOf(deps: ReadDeps, teamId: string): Promise<string[]> {
  const places = await deps.store.digests.places(teamId)
  const own = places.flatMap(({ channelId }) => channelId ?? []).sort()
  const usual = places.some(({ channelId }) => channelId === null) ? [await defaultChannel(deps, teamId)] : []
  return [...new Set([...usual, ...own])]
}

/** Where the person who installed the app asks, cards come by their user id, and commands by that of the conversation. */
function isDirectMessage(channelId: string): boolean {
  return channelId.startsWith('D')
}
