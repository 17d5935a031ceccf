import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ERROR_CODES } from '../../src/errors.ts'
import { PROBLEMS } from '../../src/inbound/web/problem.ts'

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const readme = read('README.md')

const codes = readme.slice(readme.indexOf('### Error codes'), readme.indexOf('## How it is built'))

test('lists every error code, and no other', () => {
  const listed = [...codes.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code)
  expect(listed.sort()).toEqual([...ERROR_CODES].sort())
})

test('lists every problem code of the API with its status, and no other', () => {
  const rows = [...codes.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \| (\d{3}) \|/gm)]
  const listed = rows.flatMap(([, names = '', status]) =>
    [...names.matchAll(/`([a-z_]+)`/g)].map(([, code]) => `${status} ${code}`),
  )
  expect(listed.sort()).toEqual(
    Object.entries(PROBLEMS)
      .map(([code, [status]]) => `${status} ${code}`)
      .sort(),
  )
})

test('shows pictures that are there', () => {
  const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path ?? '')
  expect(pictures.length).toBeGreaterThan(0)
  for (const path of pictures) expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).toBe(true)
})

test('every setting that the configuration reads stands in .env.example', () => {
  const source = read('src/config/config.ts') + read('src/config/providers.ts')
  const named = [...source.matchAll(/(?:read|url)\('([A-Z][A-Z_]+)'|env\['([A-Z_]+)'\]/g)].map(
    ([, read, env]) => read ?? env ?? '',
  )
  const clients = [...source.matchAll(/(?:client|entra)\('([A-Z_]+)'\)/g)].map(([, prefix]) => prefix ?? '')
  const entra = [...source.matchAll(/entra\('([A-Z_]+)'\)/g)].map(([, prefix]) => `${prefix}_CLIENT_SECRET_EXPIRES`)
  const ofClients = clients.flatMap((prefix) => [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`])
  const settings = [...named.filter((name) => name !== 'NODE_ENV'), ...ofClients, ...entra]
  const example = read('.env.example')
  for (const name of new Set(settings)) expect(example, name).toContain(`${name}=`)
})

test('says nothing of commands that package.json does not have', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? '')
  for (const name of named) expect(scripts, name).toHaveProperty(name)
})
