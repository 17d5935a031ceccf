const isHome = document.body.dataset.at === 'home'

/* Which feeds show their end, and keep showing it whatever comes. Only scrolling up leaves it: a feed also grows without a word. */
const atEnd = {}
const scrolledTo = {}

export function noteScroll(element) {
  if (isHome) return
  const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 60
  if (isAtEnd || element.scrollTop < scrolledTo[element.id]) atEnd[element.id] = isAtEnd
  scrolledTo[element.id] = element.scrollTop
}

export function toEnd(element) {
  atEnd[element.id] = true
  element.scrollTop = element.scrollHeight
}

export function keepEnd(element) {
  noteScroll(element) // its event may still be on the way
  if (atEnd[element.id]) toEnd(element)
}

/* A picture that loads late makes its feed longer. */
document.addEventListener(
  'load',
  ({ target }) => {
    const feed = target.closest?.('.feed')
    if (feed) keepEnd(feed)
  },
  true,
)

/* At the end, or at the message that the page's address leads to. */
export function startAtEnd(linked) {
  if (isHome) return
  for (const element of document.querySelectorAll('#feed, #thread')) {
    toEnd(element)
    element.addEventListener('scroll', () => noteScroll(element))
  }
  linked?.scrollIntoView()
  const feed = linked?.closest('.feed')
  if (feed) {
    scrolledTo[feed.id] = feed.scrollHeight
    noteScroll(feed)
  }
}
