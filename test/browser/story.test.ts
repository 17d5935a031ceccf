import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { startSandboxProcess } from '../support/sandbox-process.ts'

test.skipIf(CHROMIUM === undefined)(
  'somebody who never read a word lives the whole story in a browser',
  { timeout: 120_000 },
  async () => {
    await using sandbox = await startSandboxProcess()
    const browser = await openBrowser()
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
      const page = await context.newPage()
      const troubles: string[] = []
      page.on('pageerror', (error) => troubles.push(error.message))
      await page.goto(sandbox.page)
      await page.getByText('Salesforce needs authorization').waitFor()
      await page.getByText('12 are waiting').waitFor()
      expect(await page.getByText('Only visible to you').count()).toBe(0)

      const [login] = await Promise.all([
        context.waitForEvent('page'),
        page
          .getByRole('button', { name: 'Reauthorize' })
          .or(page.getByRole('link', { name: 'Reauthorize' }))
          .first()
          .click(),
      ])
      await login.getByRole('button', { name: 'Log In' }).click()
      await login.getByRole('button', { name: /allow/i }).click()
      await login.getByRole('heading', { name: 'Salesforce is authorized again' }).waitFor()
      expect(login.url()).toMatch(/\/done\/[\w-]+$/)
      await login.getByRole('link', { name: 'Show the card in Slack' }).click()
      const card = login.locator('#feed .is-linked', { hasText: 'Acme Inc' })
      await card.waitFor()
      // The feed may be drawn anew in between.
      const isInSight = async () => {
        const box = await card.boundingBox()
        return box !== null && box.y + box.height > 100 && box.y < 800
      }
      await expect.poll(isInSight).toBe(true)
      await login.close()

      await page
        .getByText('All 12 missed touchpoints accounted for: 12 pushed, 0 superseded, 0 rejected')
        .first()
        .waitFor({ timeout: 30_000 })
      await expect.poll(() => page.getByText('Salesforce needs authorization').count()).toBe(0)

      await type(page, '/connections')
      await page.getByText('6 connections, none needs authorization.').waitFor()
      await page.getByText('Send 100', { exact: true }).click()
      await page.getByText(/took in 100 touchpoints/).waitFor()
      await type(page, '/connections lisst')
      await page.getByText('Did you mean').first().waitFor()
      await page.getByRole('button', { name: "Break Salesforce's logins" }).click()
      await page
        .getByText(/Salesforce(: 2 connections)? needs? authorization/)
        .first()
        .waitFor({ timeout: 30_000 })
      expect(troubles).toEqual([])
    } finally {
      await browser.close()
    }
  },
)

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox').first().fill(text)
  await page.keyboard.press('Enter')
}
