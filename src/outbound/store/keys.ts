/**
 * The key of a touchpoint's version: the connection's number in the high bits, its place in line in the low 34. So the order of
 * keys is the order of acceptance within a connection, one connection's keys are one range of the table, and both parts fit
 * a JavaScript number (2^53): 17 billion versions each for 524,287 connections.
 */
const PLACES = 2 ** 34

/** Below every key of the connection: the newest key of an empty backlog. */
export function zeroKey(connectionNo: number): number {
  return connectionNo * PLACES
}
