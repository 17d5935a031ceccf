const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * The 18-character form of a 15-character Salesforce id: each block of five gives one letter, from which of its
 * characters are capitals. https://help.salesforce.com/s/articleView?id=000383751 (read 2026-11).
 */
export function withChecksum(id15: string): string {
  let id = id15
  for (let block = 0; block < 3; block++) {
    let capitals = 0
    for (let place = 0; place < 5; place++) {
      const code = id15.charCodeAt(block * 5 + place)
      if (code >= 65 && code <= 90) capitals |= 1 << place
    }
    id += SUFFIX[capitals]
  }
  return id
}

/** The `number`-th record id (from 1) with a key prefix such as `a0B`, on the pod that all fakes live on. */
export function recordId(keyPrefix: string, number: number): string {
  let rest = number
  let tail = ''
  for (let place = 0; place < 9; place++) {
    tail = DIGITS[rest % 62] + tail
    rest = Math.floor(rest / 62)
  }
  return withChecksum(`${keyPrefix}5g0${tail}`)
}

/** Whether a text has the form of an id of one of these objects; the checksum of an 18-character id is compared. */
export function looksLikeId(text: string, keyPrefixes: readonly string[]): boolean {
  if (!/^[0-9a-zA-Z]{15}([0-9A-Z]{3})?$/.test(text)) return false
  if (text.length === 18 && withChecksum(text.slice(0, 15)) !== text) return false
  return keyPrefixes.length === 0 || keyPrefixes.includes(text.slice(0, 3))
}
