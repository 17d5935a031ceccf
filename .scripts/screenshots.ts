// Takes the README's pictures from the running sandbox: npm run screenshots
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from 'playwright-core'
import { openBrowser } from '../test/support/chromium.ts'
import { startSandboxProcess } from '../test/support/sandbox-process.ts'

const picture = (name: string) => fileURLToPath(new URL(`../.readme/${name}.png`, import.meta.url))

await using sandbox = await startSandboxProcess()
const browser = await openBrowser()
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 820 }, deviceScaleFactor: 2 })
  const page = await context.newPage()
  await page.goto(sandbox.page)
  await page.getByText('12 are waiting').waitFor()
  await card(page, 'Salesforce needs authorization').screenshot({ path: picture('red-card') })

  const [login] = await Promise.all([
    context.waitForEvent('page'),
    card(page, 'Salesforce needs authorization').getByText('Reauthorize', { exact: true }).click(),
  ])
  await login.getByRole('button', { name: 'Log In' }).click()
  await login.getByRole('button', { name: /allow/i }).click()
  await login.getByText('You can go back to Slack').waitFor()
  await login.setViewportSize({ width: 390, height: 700 })
  await login.screenshot({ path: picture('authorized-again') })

  await card(page, 'All 12 missed touchpoints accounted for').waitFor()
  await page.mouse.move(0, 0)
  await card(page, 'Salesforce catch-up report').screenshot({ path: picture('report') })
  await page.getByRole('textbox').first().fill('/connections')
  await page.keyboard.press('Enter')
  await page.getByText('6 connections, none needs authorization.').waitFor()
  await page.screenshot({ path: picture('sandbox') })
} finally {
  await browser.close()
}

/** The newest message that holds the text. */
function card(page: Page, text: string): Locator {
  return page.locator('.msg', { hasText: text }).last()
}
