import { isCrm } from '../crm.ts'
import type { Deps } from '../deps.ts'
import { liftWhenRoomy } from '../outbox/keep-budget.ts'
import { missingRight } from '../outbox/missing-right.ts'
import type { Asked, Provider, Tokens } from '../provider.ts'
import { accountOf, type Connection, type Observation } from './connection.ts'

export type ProbeDeps = Pick<Deps, 'store' | 'grants' | 'clock' | 'log' | 'meters' | 'newId'>

/** Asks the provider for one account, and records nothing. */
export async function probeAccount(deps: ProbeDeps, connection: Connection): Promise<Observation> {
  const answer = await deps.grants.ask(connection, (tokens, provider) => proveAgain(deps, connection, tokens, provider))
  if (answer.kind === 'ok') await liftWhenRoomy(deps, connection)
  const seen: Observation = answer.kind === 'ok' ? { kind: 'proof' } : answer
  deps.log.info('check.done', { connectionId: connection.id, provider: connection.provider, verdict: seen.kind })
  return seen
}

/** What a push was refused for is proved by nothing less than the right to push. */
async function proveAgain(
  deps: Pick<Deps, 'store' | 'clock' | 'meters' | 'newId'>,
  connection: Connection,
  tokens: Tokens,
  provider: Provider,
): Promise<Asked<unknown>> {
  const { status, cause } = connection.health
  const probed = await deps.meters.of(connection).watch(() => provider.probe(tokens, accountOf(connection)))
  const isHeld = status === 'permission_required' && cause === 'role_missing' && isCrm(provider)
  return probed.kind === 'ok' && isHeld ? missingRight(deps, connection, tokens, provider) : probed
}
