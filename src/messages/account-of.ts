import type { CatchUp } from '../domain/connections/outage.ts'
import { count, plural } from './words.ts'

/** "All 1,284 missed touchpoints accounted for: 1,279 pushed, 2 superseded, 3 rejected". Says so when the sum is not right. */
export function accountOf(catchUp: Pick<CatchUp, 'expected' | 'pushed' | 'superseded' | 'rejected'>): string {
  if (catchUp.expected === 0) return 'No touchpoint was missed.'
  const parts = `${count(catchUp.pushed)} pushed, ${count(catchUp.superseded)} superseded, ${count(catchUp.rejected)} rejected`
  const open = catchUp.expected - catchUp.pushed - catchUp.superseded - catchUp.rejected
  if (open !== 0)
    return `${count(Math.abs(open))} of ${plural(catchUp.expected, 'missed touchpoint')} not accounted for: ${parts}.`
  return `${all(catchUp.expected)} accounted for: ${parts}.`
}

function all(n: number): string {
  return n === 1 ? 'The one missed touchpoint' : `All ${count(n)} missed touchpoints`
}
