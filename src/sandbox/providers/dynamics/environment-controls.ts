import { button, type LiveControl, type LiveGroup, toggle } from '../panel.ts'
import type { Environment } from './environment.ts'

const TOUCHPOINTS = 'bizible2_bizible_touchpoint'
const KEY = 'bizible2_uniqueid'
const COLUMN = 'bizible2_keyword_text'

/** What the side panel can do to one environment. */
export function environmentGroups(environment: Environment): readonly LiveGroup[] {
  const { name, isSandbox } = environment
  const kind = isSandbox ? 'a sandbox environment for tests' : 'the production environment'
  return [
    { title: `${name}: user`, note: `Shuts the user out of ${kind}.`, controls: userControls(environment) },
    { title: `${name}: service`, note: 'Outages, limits and closed doors.', controls: serviceControls(environment) },
    { title: `${name}: touchpoints`, note: 'What happens to those that Redkey pushes.', controls: recordControls(environment) },
  ]
}

function userControls({ name, users }: Environment): LiveControl[] {
  const [user] = users
  if (!user) return []
  const stateToggle = (id: string, label: string, state: typeof user.state, said: string) =>
    toggle(
      id,
      label,
      'danger',
      () => user.state === state,
      () => {
        user.state = user.state === state ? 'enabled' : state
        return `${name}: ${user.username} ${user.state === state ? said : 'may work in it again'}.`
      },
    )
  return [
    stateToggle('disable', 'Disable the user', 'disabled', 'was disabled in this environment'),
    stateToggle('remove', 'Remove the user', 'removed', 'was removed from this environment'),
    stateToggle('role', 'Take the security roles away', 'without_role', 'has no security role any more'),
    stateToggle('license', 'Take the license away', 'unlicensed', 'has no license any more'),
  ]
}

const CLOSED = [
  ['admin-mode', 'Let only admins in', 'adminMode', 'only admins get in'],
  ['disabled', 'Switch the environment off', 'disabled', 'the environment is switched off'],
  ['block', 'Admin blocks the app', 'appBlocked', 'an admin blocked Redkey'],
  ['network', 'Let only the office network in', 'ipBlocked', 'only the office network gets in'],
] as const

function serviceControls({ name, switches }: Environment): LiveControl[] {
  return [
    toggle(
      'down',
      'Take the CRM down',
      'danger',
      () => switches.down,
      () => {
        switches.down = !switches.down
        return `${name}: Dynamics 365 is ${switches.down ? 'down' : 'up again'}.`
      },
    ),
    toggle(
      'error',
      'Answer with server errors',
      'normal',
      () => switches.serverError,
      () => {
        switches.serverError = !switches.serverError
        return `${name}: every call is answered ${switches.serverError ? 'with an error' : 'normally again'}.`
      },
    ),
    ...(['requests', 'time', 'concurrent'] as const).map((limit) =>
      toggle(
        `limit-${limit}`,
        { requests: 'Too many requests', time: 'Too much work at once', concurrent: 'Too many requests at once' }[limit],
        'normal',
        () => switches.limited === limit,
        () => {
          switches.limited = switches.limited === limit ? null : limit
          return `${name}: ${switches.limited === null ? 'calls are taken again' : 'no calls are taken for a while'}.`
        },
      ),
    ),
    ...CLOSED.map(([id, label, closed, said]) =>
      toggle(
        id,
        label,
        'danger',
        () => switches.closed === closed,
        () => {
          switches.closed = switches.closed === closed ? null : closed
          return `${name}: ${switches.closed === null ? 'Redkey gets in again' : said}.`
        },
      ),
    ),
    toggle(
      'claims',
      'Want a login in person',
      'danger',
      () => switches.wantsClaims,
      () => {
        switches.wantsClaims = !switches.wantsClaims
        return `${name}: ${switches.wantsClaims ? 'the user has to log in in person before anything goes on' : 'logins count again'}.`
      },
    ),
    toggle(
      'slow',
      'Make it slow',
      'normal',
      () => switches.latencyMs >= 2_000,
      () => {
        switches.latencyMs = switches.latencyMs >= 2_000 ? 0 : 2_000
        return `${name}: answers ${switches.latencyMs > 0 ? 'take two seconds now' : 'come at once again'}.`
      },
    ),
  ]
}

function recordControls(environment: Environment): LiveControl[] {
  const { name, faults } = environment
  const touchpoints = () => environment.tables().find(({ seed }) => seed.name === TOUCHPOINTS)
  const hasKey = () => touchpoints()?.keys.get(KEY) === 'Active'
  return [
    toggle(
      'reject',
      'Refuse every tenth touchpoint',
      'normal',
      () => faults.isRejecting,
      () => {
        const isOn = !faults.isRejecting
        environment.rejectRecords(isOn ? { every: 10 } : null)
        return isOn ? `${name}: a plug-in refuses every tenth touchpoint.` : `${name}: the plug-in is gone.`
      },
    ),
    button('lock', 'Lock the next 20 touchpoints', 'normal', () => {
      environment.lockRows({ rows: 20, times: 2 })
      return `${name}: somebody else is working on the next 20 touchpoints; each takes a third try.`
    }),
    toggle(
      'key',
      'Take the alternate key away',
      'danger',
      () => !hasKey(),
      () => {
        environment.setKey(TOUCHPOINTS, KEY, hasKey() ? null : 'Active')
        return `${name}: Buyer Touchpoints ${hasKey() ? 'have their alternate key again' : 'have no alternate key any more'}.`
      },
    ),
    toggle(
      'column',
      'Take the column Keyword Text away',
      'normal',
      () => touchpoints()?.missing.has(COLUMN) ?? false,
      () => {
        const isGone = touchpoints()?.missing.has(COLUMN) ?? false
        if (isGone) environment.restoreColumn(TOUCHPOINTS, COLUMN)
        else environment.removeColumn(TOUCHPOINTS, COLUMN)
        return `${name}: Buyer Touchpoints ${isGone ? 'have the column Keyword Text again' : 'lost the column Keyword Text'}.`
      },
    ),
    toggle(
      'secure',
      'Secure the column Keyword Text',
      'normal',
      () => touchpoints()?.secured.has(COLUMN) ?? false,
      () => {
        const isSecured = !touchpoints()?.secured.has(COLUMN)
        environment.secureColumn(TOUCHPOINTS, COLUMN, isSecured)
        return `${name}: Keyword Text ${isSecured ? 'may be written by few people only' : 'may be written by everybody again'}.`
      },
    ),
    toggle(
      'full',
      'Use up the storage',
      'danger',
      () => environment.switches.full,
      () => {
        environment.switches.full = !environment.switches.full
        return `${name}: the storage is ${environment.switches.full ? 'used up' : 'free again'}.`
      },
    ),
    toggle(
      'rights',
      'Take away the right to make touchpoints',
      'danger',
      () => !environment.holds('Create', TOUCHPOINTS),
      () => {
        const isHeld = environment.holds('Create', TOUCHPOINTS)
        for (const type of ['Create', 'Write'] as const) environment.setPrivilege(TOUCHPOINTS, type, !isHeld)
        return `${name}: the user may ${isHeld ? 'only read touchpoints' : 'write touchpoints again'}.`
      },
    ),
    button('drop', 'Store the next batch, lose the answer', 'normal', () => {
      environment.dropAnswers(1, 'after_commit')
      return `${name}: the next batch will be stored, but the line drops before the answer.`
    }),
  ]
}
