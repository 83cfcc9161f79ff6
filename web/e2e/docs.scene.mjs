// The page that shows the API: everything it needs comes from the node, and its policy refuses nothing of it.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pictures, scene } from './stage.mjs'

scene('the documentation of the API is a page of its own', {}, async ({ person, salon }) => {
  for (const [name, width, height, scheme] of [
    ['390', 390, 844, 'dark'],
    ['1280', 1280, 800, 'light'],
  ]) {
    const page = await person({ width, height })
    await page.emulateMedia({ colorScheme: scheme })
    await page.goto('/', { waitUntil: 'networkidle' })
    await page.locator('footer a[href="/api/docs"]').waitFor()
    const wrong = []
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
    page.on('pageerror', (error) => wrong.push(error.message))
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(salon.url) && !/^(blob|data):/.test(url)) wrong.push(`asked ${url}`)
    })
    await page.locator('footer a[href="/api/docs"]').click()
    await page.locator('h1', { hasText: 'salon club API' }).waitFor()
    await page.locator('h2', { hasText: 'Create a club' }).first().waitFor()
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0, 'the page is wider than the window')
    await mkdir(pictures, { recursive: true })
    await page.screenshot({ path: join(pictures, `api-docs-${name}.png`) })
    assert.deepEqual(wrong, [], `what went wrong at ${name} px`)
    await page.close()
  }
})
