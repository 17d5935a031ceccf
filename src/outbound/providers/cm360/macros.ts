/**
 * What Campaign Manager 360 fills in in click-through URLs: `%e…!`, `%g`, `%k`, `%m`, `%n`, `%s` and `%p<key>=!;`
 * (support.google.com/campaignmanager/table/6096962, read 2026-11-29). The names after `%e` are those that Google's own creatives
 * replace in the URLs of their exits.
 */
const MACRO = /%(?:e(?:adv|aid|buy|cid|env|excid|expid|kid|pid|rid|rv|sid)!|[gkmns](?![a-z])|p[\w.-]+=!;)/y
const ESCAPES = /(?:%[0-9a-f]{2})+/iy
const LOOKS_LIKE_ONE = /%+[\w:.=;-]*[!%]*/y
/** Of other platforms and tools. */
const FOREIGN = /\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{[^{}]*\}|\[[A-Za-z_]+\]/g

export function unknownMacros(parameters: string): readonly string[] {
  const found: string[] = []
  for (let at = parameters.indexOf('%'); at !== -1; at = parameters.indexOf('%', at)) {
    const known = matchAt(MACRO, parameters, at) ?? escapesAt(parameters, at)
    const text = known ?? matchAt(LOOKS_LIKE_ONE, parameters, at) ?? '%'
    if (known === null && text.length > 1) found.push(text)
    at += text.length
  }
  return [...new Set([...found, ...(parameters.match(FOREIGN) ?? [])])]
}

/** `%eb` is also how a byte is escaped: it counts as such only where text comes of it. */
function escapesAt(text: string, at: number): string | null {
  const escapes = matchAt(ESCAPES, text, at)
  try {
    return escapes === null || decodeURIComponent(escapes) === '' ? null : escapes
  } catch {
    return null
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}
