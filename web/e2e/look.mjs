// Looking at a page as four kinds of people do: in Korean and English, on a phone and on a desk, by day and by night.
import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pictures } from './stage.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Both languages and both sizes, each with the two schemes between them. What axe finds does not depend on the language. */
export const views = [
  { name: 'ko-390', language: null, lang: 'ko', width: 390, height: 844, scheme: 'light', axe: true },
  { name: 'en-390', language: 'en', lang: 'en', width: 390, height: 844, scheme: 'dark' },
  { name: 'ko-1280', language: null, lang: 'ko', width: 1280, height: 800, scheme: 'dark', axe: true },
  { name: 'en-1280', language: 'en', lang: 'en', width: 1280, height: 800, scheme: 'light' },
]

/** A person who sees pages in that view. */
export async function seen(person, view) {
  const page = await person({ width: view.width, height: view.height, language: view.language })
  await page.emulateMedia({ colorScheme: view.scheme, reducedMotion: 'reduce' })
  page.view = view
  return page
}

/** Waits until the page is there: a heading, and nothing on its way. */
export async function settled(page) {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('.mantine-Loader-root') && document.fonts.status === 'loaded')
}

/** Runs all of it even where something is wrong, and fails with everything that was. */
export function tour() {
  const wrong = []
  return {
    async stop(visit) {
      await visit().catch((error) => wrong.push(error.message))
    },
    end() {
      assert.equal(wrong.length, 0, wrong.join('\n\n'))
    },
  }
}

/** Goes to another page inside the app, as a link does; far quicker than loading the app again. */
export async function step(page, path) {
  await page.evaluate((to) => {
    window.history.pushState(null, '', to)
    window.dispatchEvent(new PopStateEvent('popstate', { state: null }))
  }, path)
  await page.waitForFunction((to) => document.querySelector('main')?.dataset.page === to, path.split('?')[0])
}

/** Takes a picture, and finds that nothing sticks out and that axe has nothing serious to say, by day and by night. */
export async function look(page, name, { full = true } = {}) {
  await settled(page)
  const { view } = page
  const file = join(pictures, view.name, `${name}.png`)
  await mkdir(join(pictures, view.name), { recursive: true })
  await page.screenshot({ path: file, fullPage: full })
  const [lang, over] = await page.evaluate(() => [document.documentElement.lang, document.documentElement.scrollWidth - window.innerWidth])
  assert.equal(lang, view.lang, `language of ${name}`)
  assert.ok(over <= 0, `${name} is ${over} px wider than the window; see ${file}`)
  if (view.axe) await accessible(page, `${view.name} ${name}`)
}

/** Fails with what axe finds serious or critical. */
export async function accessible(page, name) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join('\n    ')}`)
  })
  assert.equal(found.length, 0, `axe on ${name}:\n  ${found.join('\n  ')}`)
}
