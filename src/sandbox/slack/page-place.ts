import type { Person } from './people.ts'
import { isMember, type World } from './world.ts'

/** Where somebody is in the workspace: all of it stands in the page's address. */
export interface Place {
  /** User id of whoever looks. */
  readonly as: string
  /** A channel id, or `home` for the app's Home tab. */
  readonly at: string
  /** The open thread. */
  readonly thread: string | null
}

/** The address's place, made good where it names nobody or nothing. */
export function readPlace(world: World, query: URLSearchParams): { place: Place; person: Person } {
  const people = [...world.people.values()].filter(({ deleted }) => deleted !== true)
  const person = people.find(({ id }) => id === query.get('as')) ?? people[0]
  if (person === undefined) throw new Error('Everybody in the workspace is deactivated')
  const asked = world.channels.get(query.get('at') ?? '')
  const wanted = asked?.id.startsWith('D') === true && !isMember(world, asked, person.id) ? undefined : asked
  const [first] = visibleChannels(world, person)
  const at = query.get('at') === 'home' ? 'home' : (wanted ?? first)
  const id = typeof at === 'string' ? at : at?.id
  return { person, place: { as: person.id, at: id ?? 'home', thread: query.get('thread') } }
}

export function visibleChannels(world: World, person: Person) {
  return [...world.channels.values()].filter((channel) => !channel.id.startsWith('D') && isMember(world, channel, person.id))
}

export function placeLink(place: Place): string {
  const query = new URLSearchParams({ as: place.as, at: place.at })
  if (place.thread !== null) query.set('thread', place.thread)
  return `/?${query.toString()}`
}

/** `# marketing-ops`, or the app for what it sends to one person. */
export function placeName(world: World, at: string): string {
  return at.startsWith('D') ? world.identity.appName : `# ${world.channels.get(at)?.name ?? ''}`
}
