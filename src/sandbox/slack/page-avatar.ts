import { type Html, html } from './page-html.ts'

const COLOURS = ['#1264a3', '#007a5a', '#8f3f71', '#b45309', '#4a4ec7', '#0b7285', '#a61e4d', '#5c7c1f']

/** A square with initials, in a colour that stays the person's own. */
export function avatar(id: string, name: string): Html {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()
  const sum = [...id].reduce((total, letter) => (total * 30 + (letter.codePointAt(0) ?? 0)) % 9973, 7)
  return html`<span class="avatar" style="background:${COLOURS[sum % COLOURS.length]}" aria-hidden="true">${initials}</span>`
}

/** The app's: a red key on a dark ground. */
export function botAvatar(): Html {
  return html`<span class="avatar avatar-app" aria-hidden="true"><svg viewBox="0 0 36 36"><path fill="#ff5a5f" d="M22.5 7a6.5 6.5 0 0 0-6.2 8.5L7 24.8V29h4.2v-2.6h2.6v-2.6h2.6l2.1-2.1a6.5 6.5 0 1 0 4-14.7Zm1.6 7.2a1.9 1.9 0 1 1 0-3.8 1.9 1.9 0 0 1 0 3.8Z"/></svg></span>`
}
