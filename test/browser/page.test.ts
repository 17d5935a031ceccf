import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { PanelGroup } from '../../src/sandbox/slack/panel.ts'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { aClient, anApp, aWorkspace } from '../sandbox/slack/a-workspace.ts'
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
      controls: [
        { id: `${section} ${title}`, label: `Break ${title}`, kind: 'toggle', tone: 'danger', on: isDown, isChanged: isDown },
      ],
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

  /** A channel that is longer than the screen, at its end. */
  async function aLongChannel() {
    const opened = await aPage(DESKTOP)
    for (let place = 1; place <= 12; place += 1)
      await opened.client.chat.postMessage({ channel: MARKETING_OPS, text: tall(`Card number ${place}.`) })
    await opened.page.getByText('Card number 12.').waitFor()
    return { ...opened, fromEnd: () => opened.page.evaluate(FROM_END) as Promise<number> }
  }
  const scrollUp = (page: Page) => page.evaluate("document.querySelector('#feed').scrollTop = 100")
  const send = async (page: Page, text: string) => {
    await page.getByRole('textbox').first().fill(text)
    await page.keyboard.press('Enter')
  }

  test.each(['Hello', '/connections list'])('whoever has scrolled up and sends %s sees the end', async (text) => {
    const { page, slack, fromEnd } = await aLongChannel()
    const app = anApp(slack)
    app.command('/connections', async ({ ack }) => ack('Hello from the app'))
    await app.start()
    onTestFinished(async () => void (await app.stop()))
    await scrollUp(page)
    await send(page, text)
    await page.locator('#feed').getByText('Hello').waitFor()
    await expect.poll(fromEnd).toBeLessThan(2)
  })

  test('whoever reads further up stays there when something new comes', async () => {
    const { page, client, fromEnd } = await aLongChannel()
    await scrollUp(page)
    await client.chat.postMessage({ channel: MARKETING_OPS, text: 'Something new.' })
    await page.getByText('Something new.').waitFor({ state: 'attached' })
    expect(await fromEnd()).toBeGreaterThan(1000)
  })

  test('a picture that loads late leaves the end in sight, and whoever reads further up where they are', async () => {
    const { page, client, fromEnd } = await aLongChannel()
    const pictures: (() => void)[] = []
    await page.route('**/late-*.svg', async (route) => {
      await new Promise<void>((resolve) => pictures.push(resolve))
      await route.fulfill({ contentType: 'image/svg+xml', body: PICTURE })
    })
    const show = async (name: string) => {
      const image = { type: 'image', image_url: `http://pictures.example/late-${name}.svg`, alt_text: name }
      const said = { type: 'section', text: { type: 'mrkdwn', text: `The end of ${name}.` } }
      await client.chat.postMessage({ channel: MARKETING_OPS, text: name, blocks: [image, said] })
      await page.getByText(`The end of ${name}.`).waitFor({ state: 'attached' })
      await expect.poll(() => pictures.length).toBe(1)
    }
    const load = async (name: string) => {
      pictures.pop()?.()
      const isLoaded = `document.querySelector('#feed img[alt="${name}"]').clientHeight > 200`
      await expect.poll(() => page.evaluate(isLoaded)).toBe(true)
    }
    await show('first')
    await load('first')
    await expect.poll(fromEnd).toBeLessThan(2)
    await show('second')
    await scrollUp(page)
    await load('second')
    expect(await fromEnd()).toBeGreaterThan(1000)
  })

  test.each(['checkboxes', 'static_select', 'plain_text_input'])(
    'a form that is refused shows the first error and stands in its field: %s',
    async (type) => {
      const { page, slack, client } = await aPage(PHONE)
      const app = anApp(slack)
      const words = (text: string) => ({ type: 'plain_text', text })
      const options = [{ text: words('Yes'), value: 'yes' }]
      const input = (id: string, element: object) => ({
        type: 'input',
        block_id: id,
        optional: true,
        label: words(id),
        element: { action_id: 'value', ...element },
      })
      const field = { type, ...(type === 'plain_text_input' ? {} : { options }) }
      const texts = (name: string) => Array.from({ length: 12 }, (_, n) => input(`${name}${n}`, { type: 'plain_text_input' }))
      const blocks = [...texts('before'), input('wrong', field), input('wrong_too', field), ...texts('after')]
      const view = { type: 'modal', callback_id: 'form', title: words('Form'), submit: words('Save'), blocks }
      app.command('/connections', async ({ ack, body }) => {
        await ack()
        await client.views.open({ trigger_id: body.trigger_id, view: view as never })
      })
      app.view('form', async ({ ack }) => ack({ response_action: 'errors', errors: { wrong: 'No.', wrong_too: 'No.' } }))
      await app.start()
      onTestFinished(async () => void (await app.stop()))
      await send(page, '/connections')
      await page.locator('.modal').waitFor()
      for (let times = 0; times < 2; times += 1) {
        await page.evaluate("document.querySelector('.modal-body').scrollTop = 0")
        await page.getByRole('button', { name: 'Save' }).click()
        await page.locator('.has-error').first().waitFor()
        await expect.poll(() => isSeen(page, '[data-input="wrong"]', '.modal-body')).toBe(true)
        expect(await page.evaluate('document.activeElement.closest("[data-input]")?.dataset.input')).toBe('wrong')
      }
    },
  )

  test('on a phone the panel makes room for what comes when something is broken, and what it says covers neither head nor composer', async () => {
    const { page } = await aPage(PHONE)
    await page.getByRole('button', { name: 'Break things' }).click()
    await fold(page, 'CRM').click()
    await fold(page, 'service').click()
    await control(page, 'Break service').click()
    await page.locator('.panel').waitFor({ state: 'hidden' })
    const [toast, composer] = [await page.locator('.toast').boundingBox(), await page.locator('.composer').boundingBox()]
    expect(toast?.y).toBeGreaterThan(PHONE.height / 2)
    expect((toast?.y ?? 0) + (toast?.height ?? 0)).toBeLessThanOrEqual(composer?.y ?? 0)
  })

  test('on a phone what to try first leaves the Home tab to what is there', async () => {
    const { page, slack } = await aPage(PHONE)
    const guide = page.getByRole('complementary', { name: 'What to try first' })
    await guide.waitFor()
    await page.goto(`${slack.url}/?at=home`)
    await page.getByText('Home', { exact: true }).waitFor()
    expect(await guide.isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'What to try first' }).isVisible()).toBe(false)
    await page.setViewportSize(DESKTOP)
    await guide.waitFor()
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

const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="teal"/></svg>'
const FROM_END =
  "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.querySelector('#feed'))"

/** Whether the element lies wholly in what its scrolling container shows. */
async function isSeen(page: Page, element: string, container: string): Promise<boolean> {
  const [one, around] = [await page.locator(element).boundingBox(), await page.locator(container).boundingBox()]
  return one !== null && around !== null && one.y >= around.y && one.y + one.height <= around.y + around.height
}
