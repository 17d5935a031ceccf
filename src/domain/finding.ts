/** What `doctor` found out about one thing. */
export interface Finding {
  readonly about: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly says: string
  /** What to do about it. */
  readonly next: string | null
}

export function fine(about: string, says: string): Finding {
  return { about, state: 'ok', says, next: null }
}

export function warning(about: string, says: string, next: string): Finding {
  return { about, state: 'warning', says, next }
}

export function problem(about: string, says: string, next: string): Finding {
  return { about, state: 'problem', says, next }
}
