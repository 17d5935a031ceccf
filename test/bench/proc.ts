import { readFileSync, writeFileSync } from 'node:fs'

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (2026-11): in clock ticks, of which Linux has 100 a second on x64 and arm64. */
const TICK_MS = 10

/** Processor time of a process so far, its threads included. */
export function cpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ') // the name before it may have spaces
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Most memory that it ever had resident, or since {@link forgetPeak}. */
export function peakMb(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** 5 sets the peak to what is resident now. https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html (2026-11) */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
