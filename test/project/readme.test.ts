import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROVIDER_NAMES, type ProviderName } from '../../src/domain/provider.ts'
import { ERROR_CODES } from '../../src/errors.ts'
import { PROBLEMS } from '../../src/inbound/web/problem.ts'
import { CM360_SCOPES } from '../../src/outbound/providers/cm360/cm360.ts'
import { SCOPES as DYNAMICS_SCOPES } from '../../src/outbound/providers/dynamics/scopes.ts'
import { IDENTITY_SCOPES } from '../../src/outbound/providers/google/google-login.ts'
import { GOOGLE_ADS_SCOPES } from '../../src/outbound/providers/google-ads/google-ads.ts'
import { SCOPES as HUBSPOT_SCOPES } from '../../src/outbound/providers/hubspot/scopes.ts'
import { LINKEDIN_SCOPES } from '../../src/outbound/providers/linkedin/linkedin.ts'
import { META_SCOPES } from '../../src/outbound/providers/meta/meta.ts'
import { MICROSOFT_ADS_SCOPES } from '../../src/outbound/providers/microsoft-ads/microsoft-ads.ts'
import { SALESFORCE_SCOPES } from '../../src/outbound/providers/salesforce/salesforce.ts'

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

const SCOPES: Readonly<Record<ProviderName, readonly string[]>> = {
  salesforce: SALESFORCE_SCOPES,
  dynamics: DYNAMICS_SCOPES,
  hubspot: [...HUBSPOT_SCOPES.required, ...HUBSPOT_SCOPES.optional],
  'google-ads': [...IDENTITY_SCOPES, ...GOOGLE_ADS_SCOPES.map(({ scope }) => scope)],
  'microsoft-ads': MICROSOFT_ADS_SCOPES,
  meta: [...META_SCOPES.required, ...META_SCOPES.optional],
  linkedin: LINKEDIN_SCOPES,
  cm360: [...IDENTITY_SCOPES, ...CM360_SCOPES.map(({ scope }) => scope)],
}

test.each(PROVIDER_NAMES)('says what to register for %s as the adapter asks for it', (name) => {
  const row = readme.split('\n').find((line) => line.startsWith('|') && line.includes(`\`/oauth/callback/${name}\``)) ?? ''
  const [, , , , scopes = ''] = row.split('|')
  expect([...scopes.matchAll(/`([^`]+)`/g)].map(([, scope]) => scope).sort()).toEqual([...SCOPES[name]].sort())
})
