import { parseArgs } from 'node:util'
import type { Connection } from '../../domain/connections/connection.ts'
import type { Mapping, SetupStep } from '../../domain/crm.ts'
import { applySetup, findConnection, type Planned, planSetup, type SetUp } from '../../domain/outbox/setup-crm.ts'
import type { Verdict } from '../../domain/provider.ts'
import { askYes, type Terminal } from './ask.ts'
import { sayWhich } from './workspace-option.ts'

type SetupDeps = Parameters<typeof applySetup>[0]

export const CRM_USAGE = `npm run redkey -- crm setup <connection> [--yes] [--workspace <team id>]

Shows what the CRM lacks for pushing. With --yes, or a typed yes, it is made; nothing that is there is changed.
`

/** Null: it can't be understood. */
export function readCrmCommand(
  args: readonly string[],
): { readonly name: string; readonly isYes: boolean; readonly workspace: string | null } | null {
  try {
    const options = { yes: { type: 'boolean' }, workspace: { type: 'string' } } as const
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [verb, name, ...more] = positionals
    if (verb !== 'setup' || name === undefined || more.length > 0) return null
    return { name, isYes: values.yes === true, workspace: values.workspace ?? null }
  } catch {
    return null // an option that is not known
  }
}

/** 0: all is there or was made; 2: something is missing and nobody said yes; 1: it can't be done now. */
export async function setUpCrm(
  deps: SetupDeps,
  name: string,
  isYes: boolean,
  terminal: Terminal,
  workspace: string | null = null,
): Promise<number> {
  const say = (text: string) => void terminal.output.write(`${text}\n`)
  const found = await findConnection(deps, name, workspace)
  if (found.kind !== 'found') {
    const nearest = found.kind === 'unknown' && found.nearest !== null ? ` Is ${found.nearest} meant?` : ''
    say(found.kind === 'several' ? sayWhich(name, found.teamIds) : `There is no connection ${name}.${nearest}`)
    return 1
  }
  const plan = await planSetup(deps, found.connection)
  if (plan.kind !== 'plan') return sayWhyNot(plan, say)
  say(`${accountOf(plan.connection)}:\n${plan.steps.map(stepLine).join('\n')}\n`)
  if (plan.steps.some(({ state }) => state === 'different')) {
    say('Redkey changes nothing that is there: change it as told above, then run this again.')
    return 1
  }
  if (plan.steps.some(({ state }) => state === 'missing') && !(isYes || (await confirmed(terminal)))) {
    say('Nothing was changed. To make it: --yes')
    return 2
  }
  return sayOutcome(await applySetup(deps, plan, (step) => say(`… ${step.says}`)), say)
}

function confirmed(terminal: Terminal): Promise<boolean> {
  return askYes('Make what is missing? Type yes: ', terminal)
}

function accountOf({ name, accountName, environment }: Connection): string {
  return `${name}: ${accountName} (${environment})`
}

const SIGN = { there: '✓', missing: '+', different: '✗' } as const

function stepLine({ says, state, differs }: SetupStep): string {
  return `${SIGN[state]} ${says}${state === 'missing' ? ', is missing' : ''}${differs === null ? '' : `\n    → ${differs}`}`
}

function sayWhyNot(planned: Exclude<Planned, { kind: 'plan' }>, say: (text: string) => void): number {
  switch (planned.kind) {
    case 'not_needed':
      say(
        `${accountOf(planned.connection)} has the objects that touchpoints go to: ${targets(planned.mapping)}. Nothing to set up.`,
      )
      return 0
    case 'no_setup':
      say(`${planned.connection.name} is ${planned.label}, in which Redkey sets nothing up.`)
      return 1
    case 'refused':
      say(why(planned.verdict))
      return 1
  }
}

function sayOutcome(outcome: SetUp, say: (text: string) => void): number {
  switch (outcome.kind) {
    case 'done':
      say(
        outcome.isHandMade
          ? `All is there. The mapping was set by hand and stays: touchpoints go to ${targets(outcome.mapping)}.`
          : `All is there. Touchpoints go to ${targets(outcome.mapping)}. What waits is pushed after the next check (/connections check).`,
      )
      return 0
    case 'failed':
      say(
        `Stopped at: ${outcome.step.says}. ${why(outcome.verdict)} What was made before stays; the same command goes on from there.`,
      )
      return 1
    case 'incomplete':
      say(`Made, but the CRM does not show it all yet:\n${outcome.steps.map(stepLine).join('\n')}\nRun this again in a minute.`)
      return 1
    case 'refused':
      say(why(outcome.verdict))
      return 1
  }
}

function targets({ touchpoints, attribution }: Mapping): string {
  return attribution === null ? touchpoints.object : `${touchpoints.object}, those with an opportunity to ${attribution.object}`
}

function why({ kind, explanation }: Verdict): string {
  return kind === 'authorization_required' ? `${explanation} Reauthorize the connection in Slack first.` : explanation
}
