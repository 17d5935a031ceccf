import { readFileSync } from 'node:fs'

export interface MemoryWatch extends Disposable {
  /** Most resident megabytes since the last time this was asked. */
  peakMb(): number
}

const EVERY_MS = 50

/** Undefined where `/proc` tells nothing about processes. */
export function watchMemory(pid: number): MemoryWatch | undefined {
  const residentMb = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  try {
    residentMb()
  } catch {
    return undefined
  }
  let peak = 0
  const look = () => {
    peak = Math.max(peak, residentMb())
  }
  const timer = setInterval(look, EVERY_MS)
  return {
    peakMb() {
      look()
      const told = Math.round(peak)
      peak = 0
      return told
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
