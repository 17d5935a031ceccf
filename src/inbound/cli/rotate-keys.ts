import type { Resealing } from '../../domain/access/reseal-grants.ts'

export function printResealing(logins: Resealing, clients: Resealing): string {
  const hasClients = clients.resealed + clients.current + clients.broken.length + clients.busy.length > 0
  const broken = [...logins.broken, ...clients.broken]
  const busy = [...logins.busy, ...clients.busy]
  const lines = [
    `${logins.resealed} stored ${logins.resealed === 1 ? 'login' : 'logins'} sealed anew with the first key of REDKEY_KEYS, ${logins.current} had it already.`,
    ...(hasClients
      ? [
          `${clients.resealed} client ${clients.resealed === 1 ? 'secret' : 'secrets'} sealed anew, ${clients.current} had it already.`,
        ]
      : []),
    ...logins.broken.map(
      (id) => `✗ ${id}: no key of REDKEY_KEYS opens it. Put the key that sealed it back (last), or reauthorize its connection.`,
    ),
    ...clients.broken.map(
      (name) =>
        `✗ ${name}: no key of REDKEY_KEYS opens its secret. Put the key that sealed it back (last), or add the client again.`,
    ),
    ...busy.map((id) => `! ${id} changed meanwhile: run this again.`),
    broken.length + busy.length === 0
      ? 'The older keys open no login any more. Links in Slack that they signed end when you remove them.'
      : 'Keep the older keys for now.',
  ]
  return `${lines.join('\n')}\n`
}

export function exitCodeOfResealing(...done: readonly Resealing[]): number {
  return done.some(({ broken, busy }) => broken.length + busy.length > 0) ? 1 : 0
}
