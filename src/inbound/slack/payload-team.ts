/**
 * The workspace whose app a payload is for: the one whose bot wrote the message or view, where there is one, since `team` may be the
 * clicker's own in a shared channel. Undefined: it names none, such as one of an app that a whole organization installed.
 */
export function payloadTeam(body: object): string | undefined {
  const of = (...path: string[]) => textAt(body, path)
  switch (of('type')) {
    case 'event_callback':
      return of('authorizations', '0', 'team_id') ?? of('team_id')
    case 'block_actions':
      return of('view', 'app_installed_team_id') ?? of('message', 'team') ?? of('team', 'id') ?? of('user', 'team_id')
    case 'view_submission':
    case 'view_closed':
      return of('view', 'app_installed_team_id') ?? of('view', 'team_id') ?? of('team', 'id')
    default:
      return of('team_id') ?? of('team', 'id')
  }
}

function textAt(body: object, path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    body,
  )
  return typeof found === 'string' ? found : undefined
}
