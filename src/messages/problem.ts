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

/** The three seconds in which Slack opens a window are over. */
export function tooLate(): Rendered {
  const text = 'That took longer than Slack waits for a window. Please try again.'
  return { text, blocks: [section(`:hourglass: ${text}`)] }
}

/** The answer takes a while; it follows. */
export function oneMoment(): Rendered {
  const text = ':hourglass_flowing_sand: One moment, I am at it. The answer follows here.'
  return { text, blocks: [section(text)] }
}

export function connectionGone(): Rendered {
  const text = 'This connection does not exist any more.'
  return { text, blocks: [section(text)] }
}
