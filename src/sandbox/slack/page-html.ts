/** HTML that is already safe to put into a page. Made by `html` only. */
export interface Html {
  readonly html: string
}

/** For markup that comes from a renderer which escapes by itself. */
export function trusted(markup: string): Html {
  return { html: markup }
}

export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[]

/** A template whose every value is escaped, unless it is Html itself. Lists are joined; null, undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlPart[]): Html {
  return { html: strings.reduce((all, text, index) => all + text + (index < values.length ? show(values[index]) : ''), '') }
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function show(value: HtmlPart): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  if ('html' in value) return value.html
  return value.map(show).join('')
}
