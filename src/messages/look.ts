/** What the operator chose about how messages look. */
export interface Look {
  /** Mrkdwn of the red key: `:red_circle::key:`, or the workspace's own emoji. */
  readonly redKey: string
  /** The slash command, `/connections`. */
  readonly command: string
}

/** `emoji` is the name of a workspace emoji (`redkey` or `:redkey:`), or null. */
export function lookOf(emoji: string | null, command: string): Look {
  const name = emoji?.replaceAll(':', '').trim() ?? ''
  return { redKey: name === '' ? ':red_circle: :key:' : `:${name}:`, command }
}
