import { plain } from '../../messages/mrkdwn.ts'

/** HTML that is safe to send: made by {@link html} only. */
export interface Html {
  readonly html: string
}

type Value = string | number | Html | readonly Html[]

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Every value is escaped, unless it is HTML already. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.map((part, index) => part + text(values[index])).join('') }
}

function text(value: Value | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number')
    return String(value).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '')
  return 'html' in value ? value.html : value.map((one) => one.html).join('')
}

/** Text from outside: cleaned of what is not seen, cut, and kept from turning the direction of what follows. */
export function outside(from: string, cap?: number): Html {
  return html`<bdi>${plain(from, cap)}</bdi>`
}

/** The same, standing out. */
export function strong(from: string, cap?: number): Html {
  return html`<strong>${outside(from, cap)}</strong>`
}
