import type { Gap } from './gap.ts'

/** What we ask of the store for gaps. They are begun with the end of an outage, and filled by downloads and scans. */
export interface GapStore {
  ofOutage(outageId: string): Promise<Gap | undefined>
  unfinished(connectionId: string): Promise<Gap | undefined>
}
