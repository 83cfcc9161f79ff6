// A scene is one browser test: a node and a browser of its own, pictures when it fails,
// and a node that must end with exit code 0 and no goroutine left.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openBrowser, openPerson } from './browser.mjs'
import { openFirefox } from './firefox.mjs'
import { Salon } from './salon.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Where pictures of failed pages go. */
export const pictures = join(root, 'build', 'e2e')

/** The picture in the README. */
export const portrait = join(root, 'docs', 'img', 'meeting.png')

/**
 * Runs play with a stage: salon, person(size) and personInFirefox(size) giving a page, pages so far. With apart, everybody has
 * a browser of their own: pages of one browser share its camera, which may give no more frames to any of them when
 * they all stop and start it in the same moment.
 * The bound on the whole scene is generous: it is there so that nothing hangs for ever.
 */
export function scene(name, { minutes = 4, settings = {}, flags = [], apart = false }, play) {
  test(name, { timeout: minutes * 60_000 }, async () => {
    const salon = await Salon.start(settings, flags)
    const stage = { salon, pages: [] }
    const browsers = []
    let chromium
    const browser = async () => {
      if (apart || !chromium) browsers.push((chromium = await openBrowser()))
      return chromium
    }
    try {
      stage.person = async (size) => {
        const page = await openPerson(await browser(), salon.url, size)
        stage.pages.push(page)
        return page
      }
      stage.personInFirefox = async (size) => {
        const page = await openFirefox(salon.url, size)
        browsers.push(page)
        stage.pages.push(page)
        return page
      }
      await play(stage)
      for (const page of stage.pages) assert.deepEqual(page.refused ?? [], [], 'refused by the page’s own policy')
      for (const one of browsers) await one.close()
      assert.equal(await salon.stop(), 0, `exit code of the node\n${salon.log()}`)
    } catch (err) {
      await photograph(name, stage.pages)
      throw err
    } finally {
      for (const one of browsers) await one.close()
      await salon.discard()
    }
  })
}

async function photograph(name, pages) {
  await mkdir(pictures, { recursive: true })
  const file = name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)
  await Promise.all(
    pages.map((page, i) => page.screenshot({ path: join(pictures, `${file}-${i + 1}.png`), timeout: 10_000 }).catch(() => undefined)),
  )
}
