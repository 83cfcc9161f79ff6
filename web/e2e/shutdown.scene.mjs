// SIGTERM in the middle of a meeting: clients hear of it, nothing is lost, and they are back with the next start.
import assert from 'node:assert/strict'
import { stats, until } from './browser.mjs'
import { api, enter, quickConference } from './club.mjs'
import { scene } from './stage.mjs'

scene('a node ends during a meeting and starts again', { minutes: 5, apart: true }, async ({ salon, person, pages }) => {
  await person()
  await person()
  const conference = await quickConference(pages)
  for (const page of pages) await enter(page, conference, 'capture=320x180@10')
  const moving = async (page) => (await stats(page)).video.some((v) => v.frames > 10)
  for (const page of pages) await until('both see each other', () => moving(page), Boolean, { pages, salon, within: 90_000 })
  await api(pages[0], 'POST', `/conferences/${conference}/notes`, { text: 'before the end' })
  for (const page of pages)
    await page.evaluate(() => {
      const { room } = window.__salon
      window.__told = []
      for (const event of ['reconnecting', 'signalReconnecting', 'disconnected']) room.on(event, () => window.__told.push(event))
    })

  const address = new URL(salon.url).host.replace('localhost', '127.0.0.1')
  assert.equal(await salon.stop(), 0, `exit code\n${salon.log()}`)
  // A client that was told at once needs no ping to time out, which takes 15 s.
  for (const page of pages) await until('the client was told', () => page.evaluate(() => window.__told), (t) => t.length > 0, { pages, within: 10_000 })

  await salon.restart({ HTTP_LISTEN: address })
  const notes = await api(pages[1], 'GET', `/conferences/${conference}/notes`)
  assert.deepEqual(notes.items.map((n) => n.text), ['before the end'])
  for (const page of pages)
    await until('the client is back', () => page.evaluate(() => window.__salon.room.state), (s) => s === 'connected', { pages, salon, within: 90_000 })
  for (const page of pages) await until('both see each other again', () => moving(page), Boolean, { pages, salon, within: 90_000 })
})
