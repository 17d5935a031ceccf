/** A gate that calls pass: open unless it is held. */
export interface Gate {
  readonly isHeld: boolean
  /** Resolves when nobody holds it. */
  pass(): Promise<void>
  /** Holds it until the returned function is called. */
  hold(): () => void
}

export function gate(): Gate {
  const holds = new Set<Promise<void>>()
  return {
    get isHeld() {
      return holds.size > 0
    },
    async pass() {
      while (holds.size > 0) await Promise.all(holds)
    },
    hold() {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      holds.add(held)
      return () => {
        holds.delete(held)
        release()
      }
    },
  }
}
