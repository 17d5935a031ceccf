import type { Finding } from '../../domain/finding.ts'

const SIGN = { ok: '✓', warning: '!', problem: '✗' } as const

/** The findings for a terminal, problems last so that they are seen. */
export function printFindings(findings: readonly Finding[]): string {
  const order = { ok: 0, warning: 1, problem: 2 }
  const lines = [...findings]
    .sort((a, b) => order[a.state] - order[b.state])
    .map(({ about, state, says, next }) => `${SIGN[state]} ${about}: ${says}${next === null ? '' : `\n    → ${next}`}`)
  const problems = findings.filter((finding) => finding.state === 'problem').length
  const warnings = findings.filter((finding) => finding.state === 'warning').length
  const closing = problems > 0 ? `${problems} to mend.` : warnings > 0 ? 'Nothing to mend; see the notes.' : 'All is well.'
  return `${[...lines, '', closing].join('\n')}\n`
}

export function exitCodeOf(findings: readonly Finding[]): number {
  return findings.some((finding) => finding.state === 'problem') ? 1 : 0
}
