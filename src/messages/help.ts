import { context, header, type Rendered, section } from './blocks.ts'
import type { Look } from './look.ts'

type Command = readonly [typed: string, does: string]

const LOOKING: readonly Command[] = [
  ['', 'all connections, those that need somebody first'],
  ['&lt;name&gt;', 'everything about one connection'],
  ['check [name]', 'test now, one or all'],
  ['rejects &lt;name&gt;', 'what the CRM refused: why, and try it again'],
  ['history &lt;name&gt;', 'who did what with it, and when'],
]

const CHANGING: readonly Command[] = [
  ['add [provider]', 'connect a new account'],
  ['reauthorize &lt;name&gt;', 'log in again'],
  ['invite &lt;name&gt; [off]', 'a link for somebody outside the workspace, to log in once; or withdraw it'],
  ['settings [name]', 'channel, owner, deputy, auto-tagging and more'],
  ['digest', 'the weekly digest of this channel: on or off, and its time zone'],
  ['pause &lt;name&gt;', 'leave it alone for a while; what comes in is kept'],
  ['resume &lt;name&gt;', 'go on'],
  ['rename &lt;name&gt; &lt;new name&gt;', 'call it something else'],
  ['remove &lt;name&gt;', 'take it away for good, after asking'],
]

const CHANNEL: Command = ['settings channel #channel', 'where cards and reports of this workspace go']

/** What can be typed. `hasOwnChannel`: the workspace chooses where its cards go. */
export function help(look: Look, hasOwnChannel = false): Rendered {
  const lines = (commands: readonly Command[]) =>
    commands.map(([typed, does]) => `\`${`${look.command} ${typed}`.trim()}\`  ${does}`)
  const changing = hasOwnChannel ? [...CHANGING, CHANNEL] : CHANGING
  return {
    text: `What I can do: ${[...lines(LOOKING), ...lines(changing)].join('; ')}.`,
    blocks: [
      header('What Redkey can do'),
      section('*Look*', ...lines(LOOKING)),
      section('*Change*', ...lines(changing)),
      section(
        `When a connection needs authorization I post a card with a red key ${look.redKey}. Its *Reauthorize* button opens the login; afterwards I push what was missed and report the numbers.`,
      ),
      context('Slack takes commands in channels and direct messages, not inside threads. Only you see the answers.'),
    ],
  }
}
