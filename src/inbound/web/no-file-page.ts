import { type Html, html } from './html.ts'
import type { Page } from './layout.ts'
import { backToSlack, forgedLinkPage } from './page-texts.ts'

interface FileWords {
  /** How to get a new link. */
  readonly again: Html
  /** What went with its connection. */
  readonly gone: string
  readonly isFor: string
  /** Whom to ask instead. */
  readonly ask?: string
}

/** A link that opens no file. */
export function noFilePage(
  why: 'expired' | 'gone' | 'not_allowed' | 'forged',
  { again, gone, isFor, ask = 'somebody who is' }: FileWords,
): Page {
  switch (why) {
    case 'expired':
      return { status: 410, look: 'plain', title: 'This link has expired', body: [html`<p>It worked for an hour. ${again}</p>`] }
    case 'gone':
      return {
        status: 410,
        look: 'plain',
        title: 'This connection was removed',
        body: [html`<p>And with it ${gone}.</p>`, backToSlack()],
      }
    case 'not_allowed':
      return {
        status: 403,
        look: 'bad',
        title: `This file is for ${isFor}`,
        body: [html`<p>The person whom this link was made for is none any more. Ask ${ask}.</p>`],
      }
    case 'forged':
      return forgedLinkPage()
    default:
      return why satisfies never
  }
}
