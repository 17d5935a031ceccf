import type { Resealing } from '../../domain/access/reseal-grants.ts'

export function printResealing({ resealed, current, broken, busy }: Resealing): string {
  const lines = [
    `${resealed} stored ${resealed === 1 ? 'login' : 'logins'} sealed anew with the first key of REDKEY_KEYS, ${current} had it already.`,
    ...broken.map(
      (id) => `✗ ${id}: no key of REDKEY_KEYS opens it. Put the key that sealed it back (last), or reauthorize its connection.`,
    ),
    ...busy.map((id) => `! ${id} changed meanwhile: run this again.`),
    broken.length + busy.length === 0
      ? 'The older keys open no login any more. Links in Slack that they signed end when you remove them.'
      : 'Keep the older keys for now.',
  ]
  return `${lines.join('\n')}\n`
}

export function exitCodeOfResealing({ broken, busy }: Resealing): number {
  return broken.length + busy.length > 0 ? 1 : 0
}
