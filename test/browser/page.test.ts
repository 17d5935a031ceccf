import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { PanelGroup } from '../../src/sandbox/slack/panel.ts'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { aClient, aWorkspace } from '../sandbox/slack/a-workspace.ts'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'

const DESKTOP = { width: 1280, height: 860 }
const PHONE = { width: 390, height: 800 }

describe.skipIf(CHROMIUM === undefined)('the page of the sandbox', { timeout: 60_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  }, 30_000)
  afterAll(() => browser?.close())

  async function aPage(viewport: typeof DESKTOP) {
    let isDown = false
    const group = (section: string, title: string): PanelGroup => ({
      section,
      title,
      note: `About ${title}.`,
      controls: [{ id: `${section} ${title}`, label: `Break ${title}`, kind: 'toggle', on: isDown, isChanged: isDown }],
    })
    const slack = await aWorkspace({
      guide: ['Press *Reauthorize*'],
      panel: {
        groups: () => [group('CRM', 'logins'), group('CRM', 'service'), group('Ads', 'costs'), group('Ads', 'reports')],
        async run() {
          isDown = !isDown
          return 'It is broken.'
        },
      },
    })
    onTestFinished(slack.close)
    const context = await browser.newContext({ viewport })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    const troubles: string[] = []
    page.on('pageerror', ({ message }) => troubles.push(message))
    onTestFinished(() => expect(troubles).toEqual([]))
    await page.goto(slack.url)
    return { slack, page, client: aClient(slack) }
  }

  const fold = (page: Page, title: string) => page.locator('#panel summary', { hasText: title })
  const control = (page: Page, label: string) => page.locator('#panel').getByRole('switch', { name: label })

  test('what is open in the panel stays open: after a press, a click elsewhere, and on other pages', async () => {
    const { page } = await aPage(DESKTOP)
    await fold(page, 'CRM').click()
    await fold(page, 'service').click()
    await control(page, 'Break service').click()
    await page.getByText('It is broken.').waitFor()
    await page.locator('.panel-count').first().waitFor()
    await page.locator('#feed').click()
    expect(await control(page, 'Break service').isVisible()).toBe(true)
    for (const place of ['general', 'Redkey']) {
      await page.locator('#sidebar').getByRole('link', { name: place }).click()
      await page.waitForURL((url) => url.search !== '')
      await control(page, 'Break service').waitFor()
      expect(await control(page, 'Break logins').isVisible()).toBe(false)
      expect(await control(page, 'Break costs').isVisible()).toBe(false)
    }
    await fold(page, 'Ads').click()
    await fold(page, 'costs').click()
    await control(page, 'Break costs').waitFor()
    expect(await control(page, 'Break service').isVisible()).toBe(false)
  })

  test('what to try first is closed for good by whoever has read it, and comes back when asked for', async () => {
    const { page } = await aPage(DESKTOP)
    const guide = page.getByRole('complementary', { name: 'What to try first' })
    await guide.getByText('Press Reauthorize').waitFor()
    await page.getByRole('button', { name: 'Close what to try first' }).click()
    await guide.waitFor({ state: 'hidden' })
    await page.locator('#sidebar').getByRole('link', { name: 'general' }).click()
    await page.getByText('# general').first().waitFor()
    await guide.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'What to try first', exact: true }).click()
    await guide.waitFor()
  })

  const tall = (text: string) => [text, ...Array.from({ length: 12 }, (_, line) => `Line ${line}`)].join('\n')

  test.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('a link to a message shows it in a long channel, also when everything changes meanwhile, on a %s', async (_, size) => {
    const { page, client, slack } = await aPage(size)
    const sent: string[] = []
    for (let place = 1; place <= 20; place += 1) {
      const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: tall(`Card number ${place}.`) })
      sent.push(ts as string)
    }
    const ts = sent[10] ?? ''
    await page.goto('about:blank')
    await page.route(
      '**/page/parts*',
      async (route) => {
        for (const [place, one] of sent.entries())
          await client.chat.update({ channel: MARKETING_OPS, ts: one, text: tall(`Card number ${place + 1} has changed.`) })
        await route.continue()
      },
      { times: 1 },
    )
    await page.goto(`${slack.url}/archives/${MARKETING_OPS}/p${ts.replace('.', '')}`)
    const marked = page.locator('#feed .is-linked')
    await marked.getByText('Card number 11 has changed.').waitFor()
    expect(await isSeen(page, '#feed .is-linked', '#feed')).toBe(true)
    await client.chat.postMessage({ channel: MARKETING_OPS, text: 'Something new.' })
    await page.getByText('Something new.').waitFor({ state: 'attached' })
    expect(await isSeen(page, '#feed .is-linked', '#feed')).toBe(true)
    const reply = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'A reminder', thread_ts: ts })
    await page.goto(`${slack.url}/archives/${MARKETING_OPS}/p${(reply.ts as string).replace('.', '')}`)
    await page.locator('#thread .is-linked').getByText('A reminder').waitFor()
    expect(await isSeen(page, '#thread .is-linked', '#thread')).toBe(true)
  })

  test('on a phone nothing is wider than the screen, and the panel goes away by a tap beside it', async () => {
    const { page } = await aPage(PHONE)
    const width = () => page.evaluate('document.documentElement.scrollWidth')
    expect(await width()).toBe(PHONE.width)
    await page.getByRole('button', { name: 'Break things' }).click()
    await fold(page, 'CRM').click()
    expect(await width()).toBe(PHONE.width)
    await page.mouse.click(20, 400)
    await fold(page, 'CRM').waitFor({ state: 'hidden' })
  })
})

/** Whether the element lies wholly in what its scrolling container shows. */
async function isSeen(page: Page, element: string, container: string): Promise<boolean> {
  const [one, around] = [await page.locator(element).boundingBox(), await page.locator(container).boundingBox()]
  return one !== null && around !== null && one.y >= around.y && one.y + one.height <= around.y + around.height
}
