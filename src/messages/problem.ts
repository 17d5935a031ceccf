import { context, type Rendered, section } from './blocks.ts'

/** Something broke on our side. `referenceId` finds it in the log; `what` and `next` are our own words. */
export function problem(what: string, next: string, referenceId: string): Rendered {
  return {
    text: `${what} ${next} (reference ${referenceId})`,
    blocks: [section(`:warning: ${what}\n${next}`), context(`Reference for whoever runs Redkey: \`${referenceId}\``)],
  }
}

/** A button, view or shortcut of an older version, or one that has nothing left to do. */
export function nothingToDo(command: string): Rendered {
  const text = `This button has nothing left to do. \`${command}\` shows how things are now.`
  return { text, blocks: [section(text)] }
}
