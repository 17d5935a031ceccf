/* Sends what a person does, and fetches the parts again when the server says so. */
import { keepEnd, noteScroll, startAtEnd, toEnd } from './page-scroll.client.js'

const { as, at, thread, command } = document.body.dataset
const query = new URLSearchParams({ as, at, ...(thread ? { thread } : {}) })
const byId = (id) => document.getElementById(id)

async function act(request) {
  try {
    const response = await fetch('/page/act', { method: 'POST', body: JSON.stringify({ as, ...request }) })
    const outcome = await response.json()
    if (outcome.say) toast(outcome.say, outcome.isBad)
    return outcome
  } catch {
    toast('The simulated Slack does not answer. Is it still running?', true)
    return { isBad: true }
  }
}

function toast(text, isBad) {
  const note = document.createElement('div')
  note.className = isBad ? 'toast is-bad' : 'toast'
  note.textContent = text
  byId('toasts').append(note)
  setTimeout(() => note.remove(), innerWidth > 760 ? 7000 : 3500)
}

/* Parts */

const drawn = {}
let isFetching = false
let isStale = false

async function refresh() {
  if (isFetching) {
    isStale = true
    return
  }
  isFetching = true
  try {
    const parts = await (await fetch(`/page/parts?${query}`)).json()
    for (const [id, markup] of Object.entries(parts)) {
      const element = byId(id)
      if (!element || drawn[id] === markup) continue
      drawn[id] = markup
      patch(element, markup)
    }
  } catch {
    /* the event source reconnects and asks again */
  }
  isFetching = false
  if (isStale) {
    isStale = false
    await refresh()
  }
}

function patch(element, markup) {
  if (element.id === 'feed' || element.id === 'thread') return patchFeed(element, markup)
  if (element.id === 'modal') return patchModal(element, markup)
  if (element.id === 'panel') return patchPanel(element, markup)
  const isOpen = element.querySelector('details')?.open
  element.innerHTML = markup
  for (const details of element.querySelectorAll('details')) details.open = isOpen
}

function patchPanel(element, markup) {
  const pressed = document.activeElement?.dataset.panel
  rememberOpen(element)
  element.innerHTML = markup
  unfold(element)
  if (pressed) element.querySelector(`[data-panel="${CSS.escape(pressed)}"]`)?.focus({ preventScroll: true })
}

/* What is open in the panel stays so on every page. */
function unfold(panel) {
  const open = JSON.parse(localStorage.getItem('open') ?? '[]')
  for (const details of panel.querySelectorAll('details')) details.open = open.includes(details.dataset.name)
}

function rememberOpen(panel) {
  const open = [...panel.querySelectorAll('details[open]')].map((details) => details.dataset.name)
  localStorage.setItem('open', JSON.stringify(open))
}

document.addEventListener('toggle', ({ target }) => target.closest('#panel') && rememberOpen(byId('panel')), true)

/* Keeps what has not changed, so that an edit of one card does not disturb the others. */
function patchFeed(element, markup) {
  noteScroll(element)
  const next = document.createElement('div')
  next.innerHTML = markup
  markLinked(next)
  const old = new Map([...element.children].map((child) => [child.dataset.key, child]))
  const children = [...next.children].map((child) => {
    const same = old.get(child.dataset.key)
    return same && same.outerHTML === child.outerHTML ? same : child
  })
  const { scrollTop } = element
  element.replaceChildren(...children)
  element.scrollTop = scrollTop
  keepEnd(element)
}

/* The message that the page's address leads to. */
function markLinked(root) {
  const linked = root.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`)
  linked?.classList.add('is-linked')
  return linked
}

/* The same view again (a field error) keeps what has been typed. */
function patchModal(element, markup) {
  const before = element.querySelector('form')
  const typed = before ? readFields(before) : {}
  const { view, hash } = before?.dataset ?? {}
  element.innerHTML = markup
  const after = element.querySelector('form')
  if (!after) return
  if (after.dataset.view === view && after.dataset.hash === hash) writeFields(after, typed)
  if (!showError(after)) after.querySelector('[data-field]')?.focus()
}

/* The first field that is refused, whole with its label and what is wrong. */
function showError(form) {
  const wrong = form.querySelector('.has-error')
  wrong?.querySelector('input, select, textarea')?.focus({ preventScroll: true })
  wrong?.scrollIntoView({ block: 'center' })
  return wrong !== null
}

/* Fields */

function readField(field) {
  if (field.classList.contains('b-choices')) return [...field.querySelectorAll('input:checked')].map((input) => input.value)
  if (field.tagName === 'SELECT') return [...field.selectedOptions].map((option) => option.value).filter(Boolean)
  return field.value
}

function readFields(root) {
  return Object.fromEntries([...root.querySelectorAll('[data-field]')].map((field) => [field.dataset.field, readField(field)]))
}

function writeFields(root, values) {
  for (const field of root.querySelectorAll('[data-field]')) {
    const value = values[field.dataset.field]
    if (value === undefined) continue
    if (field.classList.contains('b-choices')) {
      for (const input of field.querySelectorAll('input')) input.checked = value.includes(input.value)
    } else if (field.tagName === 'SELECT') {
      for (const option of field.options) option.selected = value.includes(option.value)
    } else field.value = value
  }
}

/* Clicks */

function confirmed(element) {
  if (!element.dataset.confirm) return Promise.resolve(true)
  const words = JSON.parse(element.dataset.confirm)
  const dialog = byId('confirm')
  dialog.replaceChildren()
  const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text })
  const deny = make('button', 'b-button', words.deny)
  const agree = make('button', `b-button b-${words.style}`, words.confirm)
  const row = make('div', 'confirm-row', '')
  row.append(deny, agree)
  dialog.append(make('h2', '', words.title), make('p', '', words.text), row)
  dialog.showModal()
  return new Promise((resolve) => {
    deny.onclick = () => dialog.close('no')
    agree.onclick = () => dialog.close('yes')
    dialog.onclose = () => resolve(dialog.returnValue === 'yes')
    dialog.returnValue = 'no'
  })
}

async function click(element, actionId, selected) {
  if (!(await confirmed(element))) return refresh()
  const { url, block } = element.dataset
  if (url) window.open(url, '_blank', 'noopener')
  const place = element.closest('[data-target]')
  if (!place) return
  const { target, channel, ts } = place.dataset
  element.classList.add('is-busy')
  const form = target === 'message' ? undefined : readFields(place)
  const outcome = await act({ do: 'click', target, channel, ts, actionId, blockId: block, selected, form })
  element.classList.remove('is-busy')
  if (outcome.isBad) element.classList.add('is-failed')
}

document.addEventListener('click', (event) => {
  const { target } = event
  const button = target.closest('[data-act]')
  if (button) return click(button, button.dataset.act, button.dataset.selected ? [button.dataset.selected] : undefined)
  const control = target.closest('[data-panel]')
  if (control) return press(control)
  const doer = target.closest('[data-do]')
  if (doer) return act({ do: doer.dataset.do, ...doer.closest('[data-ts]')?.dataset })
  const toggle = target.closest('[data-toggle]')
  if (toggle) return flip(toggle.dataset.toggle)
  const hint = target.closest('[data-hint]')
  if (hint) return useHint(hint)
  if (target.classList.contains('modal-veil')) return act({ do: 'close-all' })
  if (!target.closest('.sidebar') && document.body.classList.contains('show-sidebar')) flip('sidebar')
  if (!target.closest('.panel') && innerWidth <= 1100 && document.body.classList.contains('show-panel')) flip('panel')
  for (const menu of document.querySelectorAll('details[open]:not(#panel *)')) if (!menu.contains(target)) menu.open = false
})

async function press(control) {
  control.disabled = true
  const { isBad } = await act({ do: 'panel', id: control.dataset.panel })
  control.disabled = false
  // Where the panel covers the feed, it makes room for the card that comes.
  const isCovering = innerWidth <= 1100 && document.body.classList.contains('show-panel')
  if (isCovering && !isBad && control.classList.contains('is-danger')) flip('panel')
}

/* On a wide screen the panel is there until it is flipped, and so is the guide everywhere. */
function flip(name) {
  const isFlipped = document.body.classList.toggle(`show-${name}`)
  if (name !== 'sidebar') localStorage.setItem(name, isFlipped ? 'flipped' : '')
}

document.addEventListener('change', (event) => {
  const field = event.target.closest('[data-change]')
  if (field) return click(field, field.dataset.change, [readField(field)].flat())
})

document.addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.target
  if (form.classList.contains('modal')) return submitModal(form)
  if (form.dataset.composer) return send(form)
})

async function submitModal(form) {
  const button = form.querySelector('[type=submit]')
  if (button) button.disabled = true
  form.querySelector('.modal-fail').textContent = ''
  const outcome = await act({ do: 'submit', form: readFields(form) })
  if (button) button.disabled = false
  if (outcome.isBad) form.querySelector('.modal-fail').textContent = 'We had some trouble connecting. Try again?'
  // What is refused for the same reason as before looks the same, so that nothing is drawn anew.
  await refresh()
  const shown = document.querySelector('#modal form')
  if (shown) showError(shown)
}

/* Composer */

function send(form) {
  const box = form.elements.text
  const text = box.value.trim()
  if (!text) return
  box.value = ''
  showHints(form)
  const inThread = form.dataset.composer === 'thread'
  toEnd(byId(inThread ? 'thread' : 'feed'))
  return act({ do: 'send', channel: at, text, ...(inThread ? { threadTs: thread } : {}) })
}

function showHints(form) {
  const list = form.querySelector('.hints')
  if (!list) return
  const typed = form.elements.text.value.toLowerCase()
  let count = 0
  for (const option of list.children) {
    const { hint } = option.dataset
    const isFit =
      typed.startsWith('/') && (hint.startsWith(typed) || (typed.startsWith(`${command} `) && hint.startsWith(typed.trim())))
    option.hidden = !isFit
    if (isFit) count += 1
  }
  list.hidden = count === 0
}

function useHint(option) {
  const form = option.closest('form')
  const box = form.elements.text
  const { hint } = option.dataset
  box.value = hint.replace(/\s*[[<].*$/, '') === hint ? hint : `${hint.replace(/\s*[[<].*$/, '')} `
  form.querySelector('.hints').hidden = true
  box.focus()
}

document.addEventListener('input', (event) => {
  const form = event.target.closest('[data-composer]')
  if (form) showHints(form)
})

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    if (document.querySelector('#modal form') && !byId('confirm').open) void act({ do: 'close-one' })
    for (const list of document.querySelectorAll('.hints')) list.hidden = true
    return
  }
  const form = event.target.closest?.('[data-composer]')
  if (!form || event.isComposing) return
  if (event.key === 'Tab' && !form.querySelector('.hints')?.hidden) {
    const first = form.querySelector('.hints :not([hidden])[data-hint]')
    if (first) {
      event.preventDefault()
      useHint(first)
    }
  }
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault()
    form.requestSubmit()
  }
})

/* Start */

if (localStorage.getItem('panel') === 'flipped' && innerWidth > 1100) document.body.classList.add('show-panel')
if (localStorage.getItem('guide') === 'flipped') document.body.classList.add('show-guide')
const panel = byId('panel')
if (panel) {
  unfold(panel)
  panel.scrollTop = sessionStorage.getItem('scrolled')
  addEventListener('pagehide', () => sessionStorage.setItem('scrolled', panel.scrollTop))
}
startAtEnd(markLinked(document))
const live = new EventSource('/page/live')
live.addEventListener('changed', refresh)
live.onopen = refresh
if (at === 'home') void act({ do: 'home' })
