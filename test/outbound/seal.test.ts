import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SealBinding, Sealed } from '../../src/domain/access/secrets.ts'
import type { Tokens } from '../../src/domain/provider.ts'
import { AppError } from '../../src/errors.ts'
import { grantSealer } from '../../src/outbound/seal.ts'

const OLD = Buffer.alloc(32, 1)
const NEW = Buffer.alloc(32, 2)

const BINDING: SealBinding = { grantId: 'g1', clientId: 'client', tokenOrigin: 'https://login.salesforce.com' }

const TOKENS: Tokens = {
  accessToken: '00D!AQ.access',
  refreshToken: '5Aep861.refresh',
  apiOrigin: 'https://acme.my.salesforce.com',
  identityUrl: null,
  scopes: ['api', 'refresh_token'],
  accessExpiresAt: new Date('2026-11-20T10:00:00.123Z'),
  refreshExpiresAt: null,
}

const anyBinding = fc.record({ grantId: fc.string(), clientId: fc.string(), tokenOrigin: fc.string() })
const anyDate = fc.option(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T00:00:00Z') }))
const anyTokens: fc.Arbitrary<Tokens> = fc.record({
  accessToken: fc.string({ unit: 'binary' }),
  refreshToken: fc.option(fc.string()),
  apiOrigin: fc.webUrl(),
  identityUrl: fc.option(fc.webUrl()),
  scopes: fc.array(fc.string()),
  accessExpiresAt: anyDate,
  refreshExpiresAt: anyDate,
})

describe('a sealed grant', () => {
  test('comes back as it was, dates included', async () => {
    const sealer = grantSealer([NEW])
    await fc.assert(
      fc.asyncProperty(anyTokens, anyBinding, async (tokens, binding) => {
        expect(await sealer.open(await sealer.seal(tokens, binding), binding)).toEqual(tokens)
      }),
    )
  })

  test('says nothing of what is in it, and never the same twice', async () => {
    const sealer = grantSealer([NEW])
    const [one, two] = [await sealer.seal(TOKENS, BINDING), await sealer.seal(TOKENS, BINDING)]
    expect(one).not.toBe(two)
    for (const part of [TOKENS.accessToken, 'login.salesforce', 'g1"', Buffer.from(BINDING.tokenOrigin).toString('base64url')]) {
      expect(one).not.toContain(part)
    }
  })

  test('opens for no other binding, however its parts are cut', async () => {
    const sealer = grantSealer([NEW])
    await fc.assert(
      fc.asyncProperty(anyBinding, anyBinding, async (sealedFor, other) => {
        fc.pre(JSON.stringify(sealedFor) !== JSON.stringify(other))
        await refused(sealer.open(await sealer.seal(TOKENS, sealedFor), other))
      }),
    )
    const sealed = await sealer.seal(TOKENS, { grantId: 'a', clientId: 'b:c', tokenOrigin: 'd' })
    await refused(sealer.open(sealed, { grantId: 'a', clientId: 'b', tokenOrigin: 'c:d' }))
  })

  test('is refused when any one character was changed', async () => {
    const sealer = grantSealer([NEW])
    const sealed = await sealer.seal(TOKENS, BINDING)
    for (let at = 0; at < sealed.length; at++) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`
      await refused(sealer.open(changed as Sealed, BINDING))
    }
  })

  test('is refused when it brings its own binding along', async () => {
    const sealer = grantSealer([NEW])
    const jwe = JSON.parse(await sealer.seal(TOKENS, BINDING))
    const aad = Buffer.from(`grant:${JSON.stringify([BINDING.grantId, BINDING.clientId, BINDING.tokenOrigin])}`).toString(
      'base64url',
    )
    await refused(sealer.open(JSON.stringify({ ...jwe, aad }) as Sealed, { ...BINDING, grantId: 'g2' }))
  })

  test.each(['', '{}', 'null', '[]', '"x"', 'not json', '{"protected":"","iv":"","ciphertext":"","tag":""}'])(
    'is told from %j',
    async (text) => {
      await refused(grantSealer([NEW]).open(text as Sealed, BINDING))
    },
  )
})

describe('the keys', () => {
  test('the first seals, all open', async () => {
    const sealedByOld = await grantSealer([OLD]).seal(TOKENS, BINDING)
    const rotated = grantSealer([NEW, OLD])
    expect(await rotated.open(sealedByOld, BINDING)).toEqual(TOKENS)
    const sealedByNew = await rotated.seal(TOKENS, BINDING)
    expect(await grantSealer([NEW]).open(sealedByNew, BINDING)).toEqual(TOKENS)
    await refused(grantSealer([OLD]).open(sealedByNew, BINDING))
  })

  test('an unknown key is refused with advice and without a secret', async () => {
    const sealed = await grantSealer([OLD]).seal(TOKENS, BINDING)
    const error = await refused(grantSealer([NEW]).open(sealed, BINDING))
    expect(error.next).toContain('REDKEY_KEYS')
    expect(`${error.message} ${error.next} ${error.cause}`).not.toMatch(/access|refresh\b|salesforce/)
  })

  test('tell which grants still wait for the newest key', async () => {
    const sealedByOld = await grantSealer([OLD]).seal(TOKENS, BINDING)
    const rotated = grantSealer([NEW, OLD])
    expect(rotated.isOutdated(sealedByOld)).toBe(true)
    expect(rotated.isOutdated(await rotated.seal(TOKENS, BINDING))).toBe(false)
  })

  test.each([[[]], [[Buffer.alloc(16)]], [[NEW, Buffer.alloc(33)]]])(
    'that are no 32-byte keys are refused at the start',
    (keys) => {
      expect(() => grantSealer(keys)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    },
  )
})

async function refused(opening: Promise<unknown>): Promise<AppError> {
  const error = await opening.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ code: 'SEAL_BROKEN' })
  return error as AppError
}
