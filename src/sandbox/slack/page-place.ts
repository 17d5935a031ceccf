import { findMessage } from './conversation.ts'
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

/** The id of a message's element; in the thread pane it is another, since a message may be shown on both sides. */
export function messageAnchor(ts: string, inThread: boolean): string {
  return `${inThread ? 'reply' : 'message'}-${ts.replace('.', '-')}`
}

/** Where `/archives/<channel>/p<ts>`, as links to messages are, leads: the message itself; a reply is shown in its thread. */
export function linkedPlace(world: World, pathname: string): string {
  const [, , channel = '', digits = ''] = pathname.split('/')
  const message = findMessage(world, channel, digits.replace(/^p(\d+)(\d{6})$/, '$1.$2'))
  const query = new URLSearchParams({ at: channel })
  if (message === undefined) return `/?${query.toString()}`
  const thread = message.broadcast ? null : message.threadTs
  if (thread !== null) query.set('thread', thread)
  return `/?${query.toString()}#${messageAnchor(message.ts, thread !== null)}`
}

/** `# marketing-ops`, or the app for what it sends to one person. */
export function placeName(world: World, at: string): string {
  return at.startsWith('D') ? world.identity.appName : `# ${world.channels.get(at)?.name ?? ''}`
}
