import { z } from 'zod'

/** One that is given twice, or too long to be ours or of whoever sends the browser back, is as if it were not there. */
export const parameter = z.string().min(1).max(4096).nullable().catch(null)
