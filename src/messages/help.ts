import { header, type Rendered, section } from './blocks.ts'
import type { Look } from './look.ts'

const COMMANDS: readonly (readonly [typed: string, does: string])[] = [
  ['', 'all connections, those that need somebody first'],
  ['&lt;name&gt;', 'everything about one connection'],
  ['add [provider]', 'connect a new account'],
  ['reauthorize &lt;name&gt;', 'log in again'],
  ['check [name]', 'test now, one or all'],
  ['rejects &lt;name&gt;', 'what the CRM refused: why, and try it again'],
  ['history &lt;name&gt;', 'who did what with it, and when'],
  ['invite &lt;name&gt; [off]', 'a link for somebody outside the workspace, to log in once; or withdraw it'],
  ['settings &lt;name&gt;', 'what Redkey does with an ad platform: URL parameters for new ads'],
  ['help', 'this list'],
]

const CHANNEL: (typeof COMMANDS)[number] = ['settings channel #channel', 'where cards and reports of this workspace go']

/** `hasOwnChannel`: the workspace chooses where its cards go. */
export function help(look: Look, hasOwnChannel = false): Rendered {
  const lines = [...COMMANDS.slice(0, -1), ...(hasOwnChannel ? [CHANNEL] : []), ...COMMANDS.slice(-1)].map(
    ([typed, does]) => `\`${`${look.command} ${typed}`.trim()}\`  ${does}`,
  )
  return {
    text: `What I can do: ${lines.join('; ')}.`,
    blocks: [
      header('What Redkey can do'),
      section(...lines),
      section(
        `When a connection needs authorization I post a card with a red key ${look.redKey}. Its *Reauthorize* button opens the login; afterwards I push what was missed and report the numbers.`,
      ),
    ],
  }
}
