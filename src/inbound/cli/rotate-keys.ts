import type { Resealing } from '../../domain/access/reseal-grants.ts'

export function printResealing(logins: Resealing, clients: Resealing, bots: Resealing): string {
  const all = [logins, clients, bots]
  const broken = all.flatMap((one) => one.broken)
  const busy = all.flatMap((one) => one.busy)
  const lines = [
    `${logins.resealed} stored ${logins.resealed === 1 ? 'login' : 'logins'} sealed anew with the first key of REDKEY_KEYS, ${logins.current} had it already.`,
    ...(isAny(clients)
      ? [
          `${clients.resealed} client ${clients.resealed === 1 ? 'secret' : 'secrets'} sealed anew, ${clients.current} had it already.`,
        ]
      : []),
    ...(isAny(bots)
      ? [`${bots.resealed} bot ${bots.resealed === 1 ? 'token' : 'tokens'} sealed anew, ${bots.current} had it already.`]
      : []),
    ...logins.broken.map(
      (id) => `✗ ${id}: no key of REDKEY_KEYS opens it. Put the key that sealed it back (last), or reauthorize its connection.`,
    ),
    ...clients.broken.map(
      (name) =>
        `✗ ${name}: no key of REDKEY_KEYS opens its secret. Put the key that sealed it back (last), or add the client again.`,
    ),
    ...bots.broken.map(
      (teamId) =>
        `✗ Slack workspace ${teamId}: no key of REDKEY_KEYS opens its bot token. Put the key that sealed it back (last), or install the app there again.`,
    ),
    ...busy.map((id) => `! ${id} changed meanwhile: run this again.`),
    broken.length + busy.length === 0
      ? 'The older keys open no login any more. Links in Slack that they signed end when you remove them.'
      : 'Keep the older keys for now.',
  ]
  return `${lines.join('\n')}\n`
}

function isAny({ resealed, current, broken, busy }: Resealing): boolean {
  return resealed + current + broken.length + busy.length > 0
}

export function exitCodeOfResealing(...done: readonly Resealing[]): number {
  return done.some(({ broken, busy }) => broken.length + busy.length > 0) ? 1 : 0
}
