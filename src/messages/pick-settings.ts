import type { ConnectionOverview } from '../domain/connections/connection-store.ts'
import { PICK_SETTINGS_ACTION } from './action-ids.ts'
import { actions, context, option, type Rendered, section, select } from './blocks.ts'
import type { Look } from './look.ts'
import { plain } from './mrkdwn.ts'

/** A select has room for so many. */
const MOST = 100

/** `settings` without a name: which one? */
export function pickSettings(overviews: readonly ConnectionOverview[], look: Look): Rendered {
  if (overviews.length === 0) {
    const text = `There are no connections yet. Type \`${look.command} add\` to connect the first one.`
    return { text, blocks: [section(text)] }
  }
  const shown = overviews
    .slice(0, MOST)
    .map(({ connection: { id, name, accountName } }) => option(`${plain(name, 40)} · ${plain(accountName, 30)}`, id))
  const typed = `\`${look.command} settings &lt;name&gt;\``
  return {
    text: `Settings of which connection? ${typed} opens them, too.`,
    blocks: [
      section('*Settings of which connection?*'),
      actions(select('Choose a connection', PICK_SETTINGS_ACTION, shown)),
      ...(overviews.length > MOST ? [context(`These are the first ${MOST}. ${typed} opens those of any.`)] : []),
    ],
  }
}
