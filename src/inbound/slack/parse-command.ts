import { nearestName } from '../../domain/nearest.ts'

/** What somebody typed after the command's name. */
export type TypedCommand =
  | { readonly kind: 'list' }
  | { readonly kind: 'help' }
  /** Of the channel where it is typed. */
  | { readonly kind: 'digest' }
  /** With the label of a client behind it, if one was named. */
  | { readonly kind: 'add'; readonly provider: string | null }
  | { readonly kind: 'reauthorize'; readonly name: string | null }
  | { readonly kind: 'check'; readonly name: string | null }
  | { readonly kind: 'rejects'; readonly name: string | null }
  | { readonly kind: 'pause'; readonly name: string | null }
  | { readonly kind: 'resume'; readonly name: string | null }
  | { readonly kind: 'rename'; readonly name: string | null; readonly to: string | null }
  | { readonly kind: 'remove'; readonly name: string | null }
  | { readonly kind: 'history'; readonly name: string | null }
  | { readonly kind: 'invite'; readonly name: string | null; readonly isOff: boolean }
  | { readonly kind: 'settings'; readonly name: string | null }
  /** `settings channel`: null: no channel that Slack knows was named. */
  | { readonly kind: 'channel'; readonly channelId: string | null }
  | { readonly kind: 'name'; readonly name: string }
  /** `nearest` is what was probably meant, as it is to be typed. */
  | { readonly kind: 'unknown'; readonly typed: string; readonly nearest: string | null }

/** No connection may be called like one of them: see `RESERVED_NAMES`. */
export const COMMAND_WORDS = [
  'list',
  'add',
  'reauthorize',
  'check',
  'rejects',
  'history',
  'pause',
  'resume',
  'rename',
  'remove',
  'settings',
  'digest',
  'invite',
  'help',
] as const

const ALIASES: Readonly<Record<string, (typeof COMMAND_WORDS)[number]>> = {
  '': 'list',
  '?': 'help',
  '-h': 'help',
  '--help': 'help',
  reauthorise: 'reauthorize',
  connect: 'add',
  digests: 'digest',
  delete: 'remove',
  disconnect: 'remove',
}

/** Case, smart quotes, odd spaces, a full stop at the end and Slack's own escapes don't matter. */
export function parseCommand(text: string): TypedCommand {
  const words = fold(text)
  const [first = '', second = null, ...more] = words
  const word = commandWord(first)
  if (word === null) return words.length === 1 ? { kind: 'name', name: first } : unknown(words)
  if (word === 'rename') return { kind: 'rename', name: second, to: more.length === 0 ? null : more.join(' ') }
  // Providers may be called as they are shown: "campaign manager 360 acme-eu".
  if (word === 'add' && second !== null && more.length < 4) return { kind: 'add', provider: [second, ...more].join(' ') }
  const [third, ...rest] = more
  if (word === 'settings' && second === 'channel' && third !== undefined && rest.length === 0)
    return { kind: 'channel', channelId: channelIn(text) }
  if (word === 'invite' && second !== null && third === 'off' && rest.length === 0)
    return { kind: 'invite', name: second, isOff: true }
  if (more.length > 0) return unknown(words)
  switch (word) {
    case 'list':
    case 'help':
    case 'digest':
      return { kind: word }
    case 'add':
      return { kind: word, provider: second }
    case 'reauthorize':
    case 'check':
    case 'rejects':
    case 'pause':
    case 'resume':
    case 'remove':
    case 'history':
    case 'settings':
      return { kind: word, name: second }
    case 'invite':
      return { kind: word, name: second, isOff: false }
    default:
      return word satisfies never
  }
}

/** `<#C1|general>` as Slack writes it, or an id as it is typed. */
function channelIn(text: string): string | null {
  const [, mentioned, typed] = /<#([CG][A-Z0-9]+)(?:\|[^>]*)?>|\b([CG][A-Z0-9]{8,})\s*$/.exec(text) ?? []
  return mentioned ?? typed ?? null
}

function commandWord(first: string): (typeof COMMAND_WORDS)[number] | null {
  if (Object.hasOwn(ALIASES, first)) return ALIASES[first] ?? null
  return COMMAND_WORDS.find((word) => word === first) ?? null
}

function unknown(words: readonly string[]): TypedCommand {
  const [first = '', second = ''] = words
  const nearest = nearestName(first, COMMAND_WORDS)
  const isAlone = nearest === 'list' || nearest === 'help' || nearest === 'digest'
  const rest = second === '' || isAlone ? '' : ` ${second}`
  return { kind: 'unknown', typed: words.join(' '), nearest: nearest === null ? null : nearest + rest }
}

/** Lower-case words; `<@U1|ben>` becomes `ben` (the command asks Slack to escape mentions), quotes go. */
function fold(text: string): string[] {
  const words = text
    .normalize('NFKC')
    .replace(/<[@#!]?([^|>]*)(?:\|([^>]*))?>/g, (_all, id: string, label: string | undefined) => label ?? id)
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/[“”„‟«»‘’‚‛"'`\p{Cf}]/gu, '')
    .toLowerCase()
    .split(/\s+/)
    .map(bare)
    .filter((word) => word !== '')
  const [first, ...rest] = words
  return first?.startsWith('/') ? rest : words // the command itself was pasted along
}

/** Without what people copy along with a name: brackets, bold or italic marks, a full stop. */
function bare(word: string): string {
  return /^\W+$/.test(word) ? word : word.replace(/^[<[(*_~]+|[>\])*_~.,;:!?…]+$/g, '')
}
