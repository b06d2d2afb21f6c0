import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { openPage, startBrowser } from '../browser.ts'
import { addLine, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'

let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  shop = await startTogether()
})
afterAll(() => shop?.stop())

describe('the page of GraphiQL', () => {
  const get = (headers: Record<string, string> = {}) => fetch(`${shop.url}/graphiql`, { headers })

  test('given a browser, when it asks twice, then the page comes compressed, and the second time not at all', async () => {
    const first = await get()
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
    })
    expect(Number(first.headers.get('content-length'))).toBeLessThan(4_000_000)
    expect((await first.text()).length).toBeGreaterThan(6_000_000)
    const second = await get({ 'if-none-match': first.headers.get('etag') ?? '' })
    expect([second.status, await second.text()]).toEqual([304, ''])
  })

  test.each(['identity', 'gzip;q=0', 'br'])(
    'given a client that takes %s only, then the page comes as it is',
    async (coding) => {
      const response = await get({ 'accept-encoding': coding })
      expect(response.headers.get('content-encoding')).toBeNull()
      const text = await response.text()
      expect(text).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/)
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
      for (const credential of [lanternHouse.email, lanternHouse.password]) expect(text).toContain(credential)
    },
  )
})

const chromium = inject('chromium')
const notice = chromium ? '' : ' (left out: this machine has no Chromium)'

describe.skipIf(!chromium)(`GraphiQL in a browser without internet${notice}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  const openTab = async (page: Page, title: string): Promise<void> => {
    const tab = page.locator('.graphiql-tab', { has: page.locator(`button[title=${title}]`) })
    // While the editor is still drawing, a click may be lost.
    await expect
      .poll(
        async () => {
          await tab.locator('.graphiql-tab-button').click()
          return tab.getAttribute('aria-selected')
        },
        { timeout: 15_000 },
      )
      .toBe('true')
    await page.locator('.graphiql-query-editor .view-line', { hasText: title }).first().waitFor()
  }

  const answer = (page: Page, text: string) => page.locator('.result-window', { hasText: text })

  /**
   * Runs the document of the open tab. GraphiQL reads it a moment after it is drawn: until then it asks for the tab before. While something
   * runs, a click would stop it.
   */
  const run = (page: Page, expected: string): Promise<void> =>
    expect
      .poll(
        async () => {
          const button = page.locator('.graphiql-execute-button[aria-label^=Execute]')
          if ((await button.count()) > 0) await button.click()
          const shown = answer(page, expected).waitFor({ timeout: 1_000 })
          return shown.then(
            () => 'shown',
            () => 'not yet',
          )
        },
        { timeout: 30_000 },
      )
      .toBe('shown')

  test('given the page, when the first example is run and a live cart is opened, then the answer and the pushed event are on screen, and nothing was asked of anybody else', {
    timeout: 60_000,
  }, async () => {
    const { page, origins, faults } = await openPage(browser)
    await page.goto(`${shop.url}/graphiql`)
    await page.locator('.graphiql-execute-button').waitFor()
    expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual([
      'Browse',
      'ContinueAsGuest',
      'AddToCart',
      'LiveCart',
      'PlaceOrder',
      'LiveOrder',
    ])
    await run(page, 'Lantern House')

    await page.click('#guest')
    await expect.poll(() => page.inputValue('#token'), { timeout: 20_000 }).toMatch(/^eyJ/)
    await openTab(page, 'LiveCart')
    await run(page, 'SNAPSHOT')
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, await page.inputValue('#token'), variant!.id, 2)
    // The window shows the last message only, which may already be news of a price that the seed has set.
    await answer(page, variant!.sku).waitFor()
    if (inject('pictures')) await page.screenshot({ path: join(import.meta.dirname, '../../docs/graphiql.png') })

    await openTab(page, 'AddToCart')
    await run(page, 'addCartLine')
    expect([...origins]).toEqual([new URL(shop.url).host])
    expect(faults).toEqual([])
    await page.close()
  })

  test('given a token, when somebody signs in by an operation, then the box has the new one; and when it is forgotten, then nobody is signed in', {
    timeout: 60_000,
  }, async () => {
    const { page, faults } = await openPage(browser)
    await page.goto(`${shop.url}/graphiql`)
    await openTab(page, 'ContinueAsGuest')
    // Before GraphiQL has found both operations of the tab, the button has no menu and runs the first.
    await page.click('.graphiql-execute-button[aria-haspopup=menu]')
    await page.getByRole('menuitem', { name: 'SignIn' }).click()
    await expect.poll(() => page.inputValue('#token')).toMatch(/^eyJ/)
    await answer(page, 'SELLER').waitFor()
    await page.click('#forget')
    expect(await page.inputValue('#token')).toBe('')
    await openTab(page, 'AddToCart')
    await run(page, 'UNAUTHORIZED_FIELD_OR_TYPE')
    expect(faults.filter((fault) => !/status of 40[01]/.test(fault))).toEqual([])
    await page.close()
  })
})
