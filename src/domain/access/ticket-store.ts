export interface TicketStore {
  /** True for the first caller, false for every later one. */
  useOnce(id: string, at: Date, expiresAt: Date): Promise<boolean>
  forgetExpired(now: Date): Promise<number>
}
