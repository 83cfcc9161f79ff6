// Captions of one's own words.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { until } from './browser.mjs'
import { api, enter, quickConference } from './club.mjs'
import { giveEars, say, takeEars } from './hearing.mjs'
import { pictures, scene } from './stage.mjs'

const capture = 'capture=320x180@5'

const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) })

const texts = (page) => page.getByTestId('note-text').allInnerTexts()

scene('captions are off until turned on, and then everybody reads them', {}, async ({ person, pages, salon }) => {
  const [speaker, reader] = [await person(), await person()]
  await giveEars(speaker)
  await takeEars(reader)
  const conference = await quickConference(pages)
  for (const page of pages) await enter(page, conference, capture)
  for (const page of pages) await page.getByTestId('notes-open').click()
  await reader.getByTestId('note-input').waitFor()
  assert.equal(await reader.getByTestId('captions-switch').count(), 0, 'offered where there is no recognition')
  assert.equal(await speaker.getByTestId('captions-on').count(), 0, 'on from the beginning')
  assert.equal(await speaker.evaluate(() => window.__ears.run), undefined, 'listens from the beginning')

  const wait = { pages, salon, within: 20_000 }
  await speaker.getByTestId('captions-switch').click({ force: true })
  await speaker.getByTestId('captions-on').waitFor()
  await say(speaker, '아직 다 말하지', false)
  await speaker.getByTestId('captions-interim').getByText('아직 다 말하지').waitFor()
  await say(speaker, '아직 다 말하지 않았어요.')
  await until('the other reads the caption', () => reader.getByTestId('caption-line').allInnerTexts(), (all) => all.some((t) => t.includes('아직 다 말하지 않았어요.')), wait)
  await picture(reader, 'captions-reader')
  await say(speaker, '두 번째 문장입니다.')
  await say(speaker, '그리고 세 번째 문장은 아직', false)
  await picture(speaker, 'captions-speaker')
  for (const page of pages)
    await until('both are notes', () => texts(page), (all) => all.length === 2, wait)
  const { items } = await api(reader, 'GET', `/conferences/${conference}/notes`)
  assert.deepEqual(items.map((n) => [n.source, n.speaker.nickname, n.text]), [
    ['caption', 'reader-1', '아직 다 말하지 않았어요.'],
    ['caption', 'reader-1', '두 번째 문장입니다.'],
  ])

  // With the microphone off nothing is heard; with captions off neither.
  await speaker.getByTestId('mic-toggle').click()
  await until('nobody listens', () => speaker.evaluate(() => window.__ears.run === undefined), Boolean, wait)
  await speaker.getByTestId('mic-toggle').click()
  await until('it listens again', () => speaker.evaluate(() => window.__ears.run !== undefined), Boolean, wait)
  await speaker.getByTestId('captions-off').click()
  await speaker.getByTestId('captions-on').waitFor({ state: 'detached' })
  await until('nobody listens', () => speaker.evaluate(() => window.__ears.run === undefined), Boolean, wait)

  // A browser that refuses the microphone says so, and captions are off.
  await speaker.evaluate(() => (window.__ears.refuse = 'not-allowed'))
  await speaker.getByTestId('captions-switch').click({ force: true })
  await speaker.getByTestId('captions-failure').waitFor()
  assert.equal(await speaker.getByTestId('captions-switch').isChecked(), false)
})
