/** `file:data/redkey.db` is relative to the working directory; `file:///data/redkey.db` is not. Undefined: not SQLite's. */
export function sqlitePath(databaseUrl: string): string | undefined {
  if (databaseUrl === ':memory:') return databaseUrl
  const path = databaseUrl.startsWith('file:') ? databaseUrl.slice('file:'.length).replace(/^\/\/(?=\/)/, '') : ''
  return path === '' ? undefined : path
}
