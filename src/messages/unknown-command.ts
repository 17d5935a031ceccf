import { type Rendered, section } from './blocks.ts'
import type { Look } from './look.ts'
import { code } from './mrkdwn.ts'

/** Neither a command nor a connection's name. `nearest` is what was probably meant, as it is to be typed. */
export function unknownCommand(typed: string, nearest: string | null, look: Look): Rendered {
  const suggestion = nearest === null ? '' : ` Did you mean \`${look.command} ${nearest}\`?`
  const text = `I don't know ${code(typed)}: it is no command and no connection.${suggestion} \`${look.command} help\` lists what I can do.`
  return { text, blocks: [section(text)] }
}

/** A command that needs a connection got a name that is none, or no name (`typed` is ''). `action` is the command, '' for details. */
export function unknownConnection(typed: string, nearest: string | null, action: string, look: Look): Rendered {
  const command = [look.command, action].filter(Boolean).join(' ')
  const suggestion = nearest === null ? '' : ` Did you mean \`${command} ${nearest}\`?`
  const mistake =
    typed === '' ? `Please say which connection: \`${command} &lt;name&gt;\`.` : `There is no connection ${code(typed)}.`
  const text = `${mistake}${suggestion} \`${look.command}\` lists all of them.`
  return { text, blocks: [section(text)] }
}
