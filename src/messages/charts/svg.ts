export type Attributes = Readonly<Record<string, string | number>>

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** `inside` is SVG. */
export function element(name: string, attributes: Attributes, ...inside: readonly string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escapeXml(value)}"`,
  )
  return `<${name}${written.join('')}>${inside.join('')}</${name}>`
}

export function rect(x: number, y: number, width: number, height: number, more: Attributes): string {
  return element('rect', { x, y, width, height, ...more })
}

export function line(from: readonly [x: number, y: number], to: readonly [x: number, y: number], more: Attributes): string {
  return element('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], ...more })
}

export function label(x: number, y: number, words: string, more: Attributes): string {
  return element('text', { x, y, ...more }, escapeXml(words))
}

/** About how wide words are in DejaVu Sans. */
export function widthOf(words: string, size: number): number {
  const widths = [...words].map((character) => (/[ijlftr .,]/.test(character) ? 0.34 : /[mwMW−]/.test(character) ? 0.85 : 0.63))
  return widths.reduce((sum, width) => sum + width, 0) * size
}

/** A picture with its own background and a quiet frame, since Slack's may be light or dark. */
export function picture(width: number, height: number, ...inside: readonly string[]): string {
  const frame = rect(0.5, 0.5, width - 1, height - 1, { rx: 8, fill: '#ffffff', stroke: '#d5d8dd' })
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    'font-family': 'DejaVu Sans',
  }
  return element('svg', attributes, frame, ...inside)
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}
