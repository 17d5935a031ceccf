import { type ChoiceRead, type Chosen, MOST_CHOSEN, type OfferedAccount } from '../../domain/access/choose-accounts.ts'
import type { Further } from '../../domain/access/offer-accounts.ts'
import { plain } from '../../messages/mrkdwn.ts'
import { count, plural } from '../../messages/words.ts'
import { type Html, html, outside, strong } from './html.ts'
import type { Page } from './layout.ts'
import { backToSlack, type Words } from './page-texts.ts'

/** From so many on they can be searched. */
const SEARCHED_FROM = 10

/** What somebody has done on the page so far. */
export interface Picking {
  /** Ids of the ticked accounts; null: nothing was touched yet. */
  readonly ticked: ReadonlySet<string> | null
  readonly search: string
  readonly problem: Exclude<Chosen, { kind: 'connected' | 'connected_several' | 'choice_gone' }> | null
}

/**
 * The accounts that a login reaches, by checkbox. Searching asks the server, so it all works without script; what is ticked stays
 * on the page whatever is searched for.
 */
export function choosePage(choice: ChoiceRead, { ticked, search, problem }: Picking, { provider }: Words): Page {
  const { accounts, username } = choice
  const free = accounts.filter(({ isFree }) => isFree)
  const isTicked = (one: OfferedAccount) => (ticked === null ? isObvious(one, free) : ticked.has(one.account.id))
  const wanted = plain(search).toLowerCase()
  const shown = accounts.filter((one) => (one.isFree && isTicked(one)) || matches(one, wanted)).sort(byTurn)
  const found = shown.filter((one) => matches(one, wanted)).length
  return {
    status: problem === null ? 200 : 400,
    look: 'ask',
    title: `Which accounts of ${provider}?`,
    body: [
      html`<p>The login of ${strong(username)} reaches ${plural(accounts.length, 'account')}. Tick those that Redkey shall watch; the others can follow later without a new login.</p>`,
      ...(problem === null ? [] : [html`<p class="alert" role="alert">${problemWords(problem)}</p>`]),
    ],
    form: html`<form method="post">
${accounts.length < SEARCHED_FROM ? [] : searchBox(search)}
${wanted === '' ? [] : html`<p class="soft" role="status">${found === 0 ? 'None matches' : `${count(found)} of ${count(accounts.length)} match`}; what is ticked stays below.</p>`}
<ul class="accounts">${shown.map((one) => drawAccount(one, isTicked(one)))}</ul>
<div class="last"><button class="button" name="act" value="connect">Connect what is ticked</button></div>
</form>`,
  }
}

/** The only one that is left, or one that this login brings back. */
function isObvious({ connection, isFree }: OfferedAccount, free: readonly OfferedAccount[]): boolean {
  return isFree && (connection !== null || free.length === 1)
}

function matches({ account, connection }: OfferedAccount, wanted: string): boolean {
  const { name, id } = account
  return [plain(name), id, id.replaceAll('-', ''), connection?.name ?? ''].some((text) => text.toLowerCase().includes(wanted))
}

/** Those that can be ticked first, then by name. */
function byTurn(a: OfferedAccount, b: OfferedAccount): number {
  return (
    Number(b.isFree) - Number(a.isFree) ||
    a.account.name.localeCompare(b.account.name, 'en', { numeric: true }) ||
    (a.account.id < b.account.id ? -1 : 1)
  )
}

// In front of the other button, so that Enter searches.
function searchBox(search: string): Html {
  return html`<div class="search" role="search"><input type="search" name="q" value="${plain(search)}" placeholder="Name or number" aria-label="Search the accounts" maxlength="80" autocomplete="off"><button class="button quiet" name="act" value="search">Search</button></div>`
}

function drawAccount({ account, connection, isFree }: OfferedAccount, isTicked: boolean): Html {
  const { id, name, environment } = account
  const known =
    connection === null
      ? ''
      : isFree
        ? ` · connected as ${connection.name}, needs authorization`
        : ` · already connected as ${connection.name}`
  const words = html`<span><strong>${outside(name === '' ? id : name)}</strong><small>${outside(id)}${environment === 'sandbox' ? ' · test account' : ''}${known}</small></span>`
  if (!isFree) return html`<li><div class="taken">${words}</div></li>`
  const box = isTicked
    ? html`<input type="checkbox" name="account" value="${id}" checked>`
    : html`<input type="checkbox" name="account" value="${id}">`
  return html`<li><label>${box}${words}</label></li>`
}

function problemWords(problem: NonNullable<Picking['problem']>): Html {
  switch (problem.kind) {
    case 'none_chosen':
      return html`Nothing is ticked. Tick at least one account.`
    case 'too_many_chosen':
      return html`That is more than ${MOST_CHOSEN} at once. Connect some of them now and the others afterwards.`
    case 'none_read':
      return html`None of them can be read with this login: ${outside(problem.explanation, 300)} Nothing was connected.`
    case 'busy':
      return html`Somebody else is connecting accounts at this moment. Nothing new was connected; try once more.`
    default:
      return problem satisfies never
  }
}

/** The choice was made or is too old, or this is another browser. */
export function choiceGonePage({ command }: Words): Page {
  return {
    status: 410,
    look: 'plain',
    title: 'There is nothing to choose here any more',
    body: [
      html`<p>The accounts were connected, or nobody chose within 30 minutes, or this is not the browser that logged in.</p>`,
      html`<p><code>${command}</code> in Slack lists what is connected; <code>${command} add</code> starts again.</p>`,
    ],
  }
}

/** A stored login that has nothing to offer. */
export function nothingMorePage(why: Extract<Further, { kind: 'nothing_more' | 'refused' }>): Page {
  const next = { kind: 'post' as const, label: 'Log in as somebody else' }
  if (why.kind === 'refused') {
    return {
      status: 400,
      look: 'bad',
      title: "That login can't be used now",
      body: [
        html`<p>${outside(why.explanation, 300)}</p>`,
        why.again
          ? html`<p>This may pass by itself; go back and try again in a minute or two.</p>`
          : html`<p>Nothing was changed.</p>`,
      ],
      next,
    }
  }
  return {
    status: 200,
    look: 'plain',
    title: 'Everything it reaches is connected',
    body: [
      html`<p>The login of ${strong(why.username)} reaches ${plural(why.connected, 'account')}, and Redkey watches ${why.connected === 1 ? 'it' : 'all of them'} already.</p>`,
      backToSlack(),
    ],
    next,
  }
}
