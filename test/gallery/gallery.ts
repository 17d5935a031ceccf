// Draws everything that people see of Redkey into PNG files, wide and as on a phone: npm run gallery
import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { viewOf } from '../../src/messages/form.ts'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { aClient, anApp, aWorkspace } from '../sandbox/slack/a-workspace.ts'
import { openBrowser } from '../support/chromium.ts'
import { EXHIBITS, type Exhibit } from './exhibits.ts'

const FOLDER = new URL('../../data/gallery/', import.meta.url)
const SIZES = { wide: { width: 900, height: 900 }, phone: { width: 390, height: 844 } } as const

mkdirSync(FOLDER, { recursive: true })
await using slack = await aWorkspace()
const client = aClient(slack)
const app = anApp(slack)
// A window can be opened only for somebody who has just asked for something.
app.command(/.*/, async ({ ack, command, client: asked }) => {
  await ack()
  const form = EXHIBITS.find((exhibit) => exhibit.kind === 'form' && exhibit.name === command.text)
  if (form?.kind === 'form') await asked.views.open({ trigger_id: command.trigger_id, view: viewOf(form.shown) })
})
await app.start()
const browser = await openBrowser()
try {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const context = await browser.newContext({ viewport, deviceScaleFactor: 2 })
    const page = await context.newPage()
    for (const exhibit of EXHIBITS) await draw(page, exhibit, size)
    await context.close()
  }
} finally {
  await browser.close()
  await app.stop()
}
process.stdout.write(`${EXHIBITS.length} exhibits, each in two sizes, are in ${FOLDER.pathname}\n`)

async function draw(page: Page, exhibit: Exhibit, size: string): Promise<void> {
  const path = new URL(`${exhibit.kind}-${exhibit.name.replace(/\W+/g, '-')}-${size}.png`, FOLDER).pathname
  switch (exhibit.kind) {
    case 'message': {
      const { text, blocks } = exhibit.shown
      const { ts } = await client.chat.postMessage({
        channel: MARKETING_OPS,
        text,
        blocks: structuredClone([...blocks]) as never,
      })
      await page.goto(`${slack.url}/?as=${ANA}&at=${MARKETING_OPS}`)
      await page.locator(`.msg[data-ts="${ts}"]`).screenshot({ path })
      return
    }
    case 'form':
      await page.goto(`${slack.url}/?as=${ANA}&at=${MARKETING_OPS}`)
      await slack.command(ANA, MARKETING_OPS, exhibit.name)
      await page.locator('.modal').waitFor()
      await page.screenshot({ path })
      await slack.closeView(ANA, true)
      return
    case 'home':
      await client.views.publish({ user_id: ANA, view: structuredClone(exhibit.shown) as never })
      await page.goto(`${slack.url}/?as=${ANA}&at=home`)
      await page.screenshot({ path, fullPage: true })
      return
    case 'page':
      await page.setContent(exhibit.html)
      await page.screenshot({ path, fullPage: true })
      return
    default:
      return exhibit satisfies never
  }
}
