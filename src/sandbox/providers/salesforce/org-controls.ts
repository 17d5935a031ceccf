import { button, type LiveControl, type LiveGroup, toggle } from '../panel.ts'
import type { Org } from './org.ts'

const TOUCHPOINTS = 'bizible2__Bizible_Touchpoint__c'
const TOUCHPOINT_OBJECTS = [TOUCHPOINTS, 'bizible2__Bizible_Attribution_Touchpoint__c', 'Redkey_Touchpoint__c']
const HIDDEN_FIELD = 'bizible2__Keyword_Text__c'

/** What the side panel can do to one org. */
export function orgGroups(org: Org): readonly LiveGroup[] {
  const kind = org.isSandbox ? 'a sandbox org for tests' : 'the production org'
  return [
    { title: `${org.name}: login`, note: `Ends or refuses logins to ${kind}.`, controls: loginControls(org) },
    { title: `${org.name}: service`, note: 'Outages and limits: no login mends them.', controls: serviceControls(org) },
    { title: `${org.name}: touchpoints`, note: 'What happens to those that Redkey pushes.', controls: recordControls(org) },
  ]
}

/** What breaks the login of the connection. */
function loginControls(org: Org): LiveControl[] {
  const loggedIn = () => org.grants().find((grant) => !grant.deadBecause)?.username ?? org.users[0]?.username ?? ''
  const user = () => org.user(loggedIn())
  const inactive = () => org.users.find((one) => !one.isActive)
  return [
    button('revoke', "Revoke Redkey's access", 'danger', () => {
      const usernames = org.revokeGrant()
      if (usernames.length === 0) return `${org.name}: nobody had given Redkey access, so nothing was revoked.`
      return `${org.name}: the grant of ${usernames.join(' and ')} was revoked.`
    }),
    button('password', "Change the user's password", 'danger', () => {
      const { username } = user()
      org.changePassword(username)
      return `${org.name}: the password of ${username} was changed, so Redkey has to log in again.`
    }),
    toggle(
      'deactivate',
      'Deactivate the user',
      'danger',
      () => inactive() !== undefined,
      () => {
        const { username } = inactive() ?? user()
        const isActive = !org.user(username).isActive
        org.setUserActive(username, isActive)
        return `${org.name}: ${username} was ${isActive ? 'activated again' : 'deactivated'}.`
      },
    ),
    button('expire', 'End the session', 'normal', () => {
      const ended = org.expireAccessTokens()
      return ended === 0
        ? `${org.name}: there was no open session.`
        : `${org.name}: the session ended; Redkey can open a new one by itself.`
    }),
    toggle(
      'block',
      'Admin blocks the app',
      'danger',
      () => org.switches.appAccess === 'blocked',
      () => {
        const isBlocked = org.switches.appAccess !== 'blocked'
        org.setAppAccess(isBlocked ? 'blocked' : 'allowed')
        return `${org.name}: an administrator ${isBlocked ? 'blocked Redkey' : 'allowed Redkey again'}.`
      },
    ),
    toggle(
      'approval',
      'Only installed apps may log in',
      'normal',
      () => org.switches.appAccess === 'not_installed',
      () => {
        const isOn = org.switches.appAccess !== 'not_installed'
        org.setAppAccess(isOn ? 'not_installed' : 'allowed')
        return isOn
          ? `${org.name}: new logins are refused until an administrator installs Redkey.`
          : `${org.name}: Redkey may be logged in to again.`
      },
    ),
    toggle(
      'ip',
      'Only the office network may log in',
      'normal',
      () => org.switches.ipRestricted,
      () => {
        org.setIpRestricted(!org.switches.ipRestricted)
        return org.switches.ipRestricted
          ? `${org.name}: logins are only allowed from the office network now.`
          : `${org.name}: logins are allowed from everywhere again.`
      },
    ),
  ]
}

/** What breaks the service. */
function serviceControls(org: Org): LiveControl[] {
  const { switches, apiUsage: usage } = org
  return [
    toggle(
      'down',
      'Take the CRM down',
      'danger',
      () => switches.down,
      () => {
        switches.down = !switches.down
        return `${org.name}: Salesforce is ${switches.down ? 'down' : 'up again'}.`
      },
    ),
    toggle(
      'error',
      'Answer with server errors',
      'normal',
      () => switches.serverError,
      () => {
        switches.serverError = !switches.serverError
        return `${org.name}: every call is answered ${switches.serverError ? 'with an error' : 'normally again'}.`
      },
    ),
    toggle(
      'limit',
      'Use up the daily API limit',
      'normal',
      () => switches.rateLimited,
      () => {
        switches.rateLimited = !switches.rateLimited
        return `${org.name}: the daily API limit is ${switches.rateLimited ? 'used up' : 'free again'}.`
      },
    ),
    toggle(
      'budget',
      'Use 80 % of the API limit',
      'normal',
      () => usage.used >= usage.limit * 0.8,
      () => {
        usage.used = usage.used >= usage.limit * 0.8 ? 0 : Math.ceil(usage.limit * 0.8)
        return `${org.name}: ${usage.used} of ${usage.limit} calls of the day are used.`
      },
    ),
    toggle(
      'api',
      'Switch the API off',
      'normal',
      () => switches.apiDisabled,
      () => {
        switches.apiDisabled = !switches.apiDisabled
        return `${org.name}: the API is switched ${switches.apiDisabled ? 'off' : 'on again'}.`
      },
    ),
    toggle(
      'slow',
      'Make it slow',
      'normal',
      () => switches.latencyMs >= 2_000,
      () => {
        switches.latencyMs = switches.latencyMs >= 2_000 ? 0 : 2_000
        return switches.latencyMs > 0
          ? `${org.name}: every answer takes two seconds now.`
          : `${org.name}: answers come at once again.`
      },
    ),
  ]
}

/** What happens to records. */
function recordControls(org: Org): LiveControl[] {
  const access = () => org.table(TOUCHPOINTS)?.access
  return [
    toggle(
      'reject',
      'Refuse every tenth touchpoint',
      'normal',
      () => org.rowFaults.isRejecting,
      () => {
        const isOn = !org.rowFaults.isRejecting
        org.rejectRecords(isOn ? { every: 10, code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' } : null)
        return isOn
          ? `${org.name}: a validation rule refuses every tenth touchpoint.`
          : `${org.name}: the validation rule is gone.`
      },
    ),
    button('lock', 'Lock the next 20 touchpoints', 'normal', () => {
      org.lockRows({ rows: 20, times: 2 })
      return `${org.name}: somebody else is working on the next 20 touchpoints; each takes a third try.`
    }),
    toggle(
      'field',
      'Hide the field Keyword Text',
      'normal',
      () => org.table(TOUCHPOINTS)?.isHidden(HIDDEN_FIELD) ?? false,
      () => {
        const isHidden = !org.table(TOUCHPOINTS)?.isHidden(HIDDEN_FIELD)
        if (isHidden) org.hideField(TOUCHPOINTS, HIDDEN_FIELD)
        else org.showField(TOUCHPOINTS, HIDDEN_FIELD)
        return `${org.name}: the login ${isHidden ? 'no longer sees' : 'sees'} the field Keyword Text of Buyer Touchpoints.`
      },
    ),
    toggle(
      'rights',
      'Take away the right to write touchpoints',
      'danger',
      () => access() === 'read_only',
      () => {
        const next = access() === 'read_only' ? 'full' : 'read_only'
        for (const object of TOUCHPOINT_OBJECTS) org.setObjectAccess(object, next)
        return `${org.name}: the login may ${next === 'full' ? 'write touchpoints again' : 'only read touchpoints'}.`
      },
    ),
    toggle(
      'bulk',
      'Switch the Bulk API off',
      'normal',
      () => org.bulk.switches.off,
      () => {
        org.bulk.switches.off = !org.bulk.switches.off
        return `${org.name}: large backlogs ${org.bulk.switches.off ? 'go by ordinary requests' : 'may go in bulk again'}.`
      },
    ),
    button('bulk-fail', 'Fail the next bulk job half way', 'normal', () => {
      org.bulk.switches.failAfter = 5_000
      return `${org.name}: the next bulk job fails after 5,000 touchpoints.`
    }),
    button('drop', 'Store the next batch, lose the answer', 'normal', () => {
      org.dropAnswers(1, 'after_commit')
      return `${org.name}: the next batch will be stored, but the line drops before the answer.`
    }),
  ]
}
