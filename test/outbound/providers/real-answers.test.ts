import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readersOf } from '../../../src/outbound/providers/answer-readers.ts'
import { classify } from '../../../src/outbound/providers/classify.ts'

/** Answers that real providers gave, with the verdict that people gave them. They are not ours to publish, so a path names them. */
const errorsPath = process.env.REDKEY_PROVIDER_ERRORS
const answersPath = process.env.REDKEY_PROVIDER_ANSWERS
const NOW = new Date('2026-11-23T12:00:00Z')

/** PROVIDERS.md has finer words; DESIGN.md §3 says what they are here. */
const DESIGN_WORDS: Readonly<Record<string, string>> = {
  AUTH_REQUIRED: 'authorization_required',
  SCOPE_MISSING: 'authorization_required',
  AUTH_REFRESH: 'refresh',
  ACCESS_LOST: 'permission',
  ADMIN_BLOCKED: 'permission',
  CLIENT_MISCONFIGURED: 'misconfigured',
  VERSION_SUNSET: 'misconfigured',
  OK: 'ok',
  RATE_LIMITED: 'rate_limited',
  TRANSIENT: 'transient',
  RECORD_RETRY: 'transient',
  RECORD_PERMANENT: 'rejected',
}

/** What the reference says of these is not what we make of them. */
const OVERRULED: readonly (readonly [RegExp, string])[] = [
  // DESIGN.md §3: somebody else must log in for a user who was deactivated.
  [/inactive_user|AADSTS50057/, 'authorization_required'],
  // And a right that the login lacks is no matter of logging in.
  [/missing prvWrite privilege/, 'permission'],
  // Meta says the same of a person who lost the account; a red card on that guess would be a false alarm.
  [/Ad account owner has NOT grant/, 'permission'],
  // Of two answers of LinkedIn that are alike this one is written from memory, the one that was really given says otherwise.
  [/65600/, 'authorization_required'],
]

/** The reference has names of its own for whoever issues tokens, and for some APIs. */
const REFERENCE_NAMES: Readonly<Record<string, string>> = {
  google: 'google-ads',
  google_ads: 'google-ads',
  entra: 'dynamics',
  dataverse: 'dynamics',
  ms_ads: 'microsoft-ads',
}

type Row = Readonly<Record<string, unknown>>

describe.runIf(errorsPath !== undefined && existsSync(errorsPath))('answers that were really given', () => {
  test.each(rows(errorsPath, 'provider').map((row) => [String(row.id), row] as const))(
    '%s is read as people labelled it',
    (_id, row) => {
      expect(classify(row, NOW).verdict).toBe(row.label)
    },
  )
})

describe.runIf(answersPath !== undefined && existsSync(answersPath))('answers of the reference', () => {
  test.each(rows(answersPath, 'p').map((row) => [JSON.stringify(row.body), row] as const))('%s', (_body, row) => {
    const where = row.stage === 'code' || row.stage === 'refresh' ? 'token' : 'api'
    const { verdict } = classify({ provider: row.p, where, status: row.status, body: row.body }, NOW)
    const overruled = OVERRULED.find(([said]) => said.test(JSON.stringify(row.body)))
    expect(verdict).toBe(overruled?.[1] ?? DESIGN_WORDS[String(row.verdict)])
  })
})

function rows(path: string | undefined, provider: string): Record<string, unknown>[] {
  if (path === undefined || !existsSync(path)) return []
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines
    .map((line) => JSON.parse(line) as Row)
    .map((row) => ({ ...row, [provider]: REFERENCE_NAMES[String(row[provider])] ?? row[provider] }))
    .filter((row) => readersOf(String(row[provider])) !== undefined)
}
